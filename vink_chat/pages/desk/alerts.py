"""What tells an operator of news, wherever they look."""

import reflex as rx

from vink_chat.pages.desk.views import NewsView


class Alerts(rx.el.Div):
    """Tells by the title, by sound and by notifications of who waits and of news in the operator's own conversations.

    Its children are the news on the page; it has the attribute ``data-away`` while nobody looks at the tab.

    Attributes:
        open_id: The conversation that is open: what is read there is no news.
        waiting: How many wait for this operator.
        mine: How many conversations they hold; undefined until that is counted.
        newest: When the newest call came.
        queue_sound: When the queue sounds: off, once or repeated.
        muted_until: Until when the desk is silent, ISO 8601, or empty.
        call: What a notification says of somebody who waits.
    """

    library = "$/vink_chat/pages/desk/alerts.jsx"
    tag = "Alerts"
    open_id: rx.Var[str]
    waiting: rx.Var[int]
    mine: rx.Var[int]
    newest: rx.Var[str]
    news: rx.Var[list[NewsView]]
    presence: rx.Var[str]
    queue_sound: rx.Var[str]
    own_sound: rx.Var[bool]
    muted_until: rx.Var[str]
    call: rx.Var[str]
