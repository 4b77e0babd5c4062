"""The thread of the desk: where it is scrolled to, and what was seen of it."""

import reflex as rx

from vink_chat.pages.desk.views import DeskMessageView


class DeskLog(rx.el.Div):
    """The log around the rows (``desk_log.jsx``), each of which has the id ``message-…``.

    Attributes:
        history: The messages, as ``live`` of the conversation.
        marked: The message it was opened at, or empty.
        down: Names the button that leads to the end.
        on_seen: Called with the conversation and the position up to which it was read.
    """

    library = "$/vink_chat/pages/desk/desk_log.jsx"
    tag = "DeskLog"
    conversation_id: rx.Var[str]
    history: rx.Var[list[DeskMessageView]]
    live: rx.Var[list[DeskMessageView]]
    marked: rx.Var[str]
    down: rx.Var[str]
    on_seen: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
