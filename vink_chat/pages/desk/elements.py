"""The desk's React components: each class names the jsx file beside it."""

from typing import Any

import reflex as rx

from vink_chat.components import button, icon_button
from vink_chat.pages.desk.messages import DeskMessageView
from vink_chat.pages.desk.views import Described, NewsView


class CommandButton(rx.el.Button):
    """The button with its React part (``command_button.jsx``).

    Attributes:
        runs: The command it gives, with its ``subject``.
        pressed_by: The command that presses it.
    """

    library = "$/vink_chat/pages/desk/command_button.jsx"
    tag = "CommandButton"
    runs: rx.Var[str]
    subject: rx.Var[str]
    pressed_by: rx.Var[str]


def command_button(*children: Any, **props: Any) -> rx.Component:
    """A button with text."""
    return button(*children, element=CommandButton.create, **props)


def command_icon(child: rx.Component, label: Any, **props: Any) -> rx.Component:
    """A square button with an icon."""
    return icon_button(child, label, element=CommandButton.create, **props)


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


class CommandDialog(rx.el.Dialog):
    """A dialog that the command of its ``name`` opens; a form with the method «dialog» closes it."""

    library = "$/vink_chat/pages/desk/dialogs.jsx"
    tag = "CommandDialog"
    name: rx.Var[str]


class TransferDialog(rx.el.Dialog):
    """Hands on the conversation that was open when the command ``transfer`` came.

    Attributes:
        visitor: Whose conversation it is.
        refused: Whether a refusal is on the screen: what was written is then kept for its conversation.
        form_class: How the form looks.
        on_transfer: Called with the conversation and what the form holds.
    """

    library = "$/vink_chat/pages/desk/dialogs.jsx"
    tag = "TransferDialog"
    conversation_id: rx.Var[str]
    visitor: rx.Var[str]
    heading: rx.Var[str]
    refused: rx.Var[bool]
    form_class: rx.Var[str]
    on_transfer: rx.EventHandler[rx.event.passthrough_event_spec(str, dict[str, Any])]


class Menu(rx.el.Details):
    """A menu that goes by Escape, and by a press on a button of it or beside it."""

    library = "$/vink_chat/pages/desk/folding.jsx"
    tag = "Menu"


class FoldingCard(rx.el.Details):
    """A card that folds by itself once: on a phone, and for the operator of the conversation who has answered.

    Attributes:
        mine: Whether the conversation is this operator's.
        history: Its messages; ``live`` are those that came since.
    """

    library = "$/vink_chat/pages/desk/folding.jsx"
    tag = "FoldingCard"
    mine: rx.Var[bool]
    history: rx.Var[list[DeskMessageView]]
    live: rx.Var[list[DeskMessageView]]


class OverlayColumn(rx.el.Aside):
    """A column that lies over the page, on a narrow window, between the commands ``show name`` and ``hide name``.

    It has the attribute ``data-shown`` meanwhile; its first button hides it.
    """

    library = "$/vink_chat/pages/desk/folding.jsx"
    tag = "OverlayColumn"
    name: rx.Var[str]


class SearchField(rx.el.Input):
    """Looks for words by Enter; emptied, by hand or by Escape, it looks for none.

    Attributes:
        form_class: How the form around it looks, which holds the children too.
    """

    library = "$/vink_chat/pages/desk/search_field.jsx"
    tag = "SearchField"
    form_class: rx.Var[str]
    on_search: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class CardInput(rx.el.Input):
    """A field of the visitor's card, saved when it is left or by Enter; what is not saved is never lost.

    Attributes:
        saved: What the server has.
        described: What came of the last field that was sent.
        on_describe: Called with the conversation it was drawn with, the field's name and the text.
    """

    library = "$/vink_chat/pages/desk/card_input.jsx"
    tag = "CardInput"
    conversation_id: rx.Var[str]
    saved: rx.Var[str]
    described: rx.Var[Described]
    on_describe: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str)]


class Shortcuts(rx.Component):
    """The keys of the desk (``shortcuts.jsx``); they mean the open conversation."""

    library = "$/vink_chat/pages/desk/shortcuts.jsx"
    tag = "Shortcuts"
    conversation_id: rx.Var[str]


class RowList(rx.el.Ul):
    """A list of rows that the keys move through; each row is a button whose value is a conversation's id."""

    library = "$/vink_chat/pages/desk/row_list.jsx"
    tag = "RowList"


class DeskHistory(rx.Component):
    """Makes each opened conversation a step of the browser's history.

    Attributes:
        open_id: The conversation that is drawn as open, or empty.
        on_go: Called with the one that the browser's Back or Forward led to.
    """

    library = "$/vink_chat/pages/desk/desk_history.jsx"
    tag = "DeskHistory"
    open_id: rx.Var[str]
    on_go: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Waiting(rx.el.Span):
    """How long somebody waits, and how serious that is (``data-age``: new, long, late).

    Attributes:
        since: When the wait began, ISO 8601.
        units: The short names of a day, an hour and a minute.
    """

    library = "$/vink_chat/pages/desk/ticking.jsx"
    tag = "Waiting"
    since: rx.Var[str]
    units: rx.Var[str]


class Left(rx.el.Span):
    """How many seconds are left until something ends.

    Attributes:
        end: When it ends, by the server's clock.
        left: How many seconds were left when it was drawn first.
    """

    library = "$/vink_chat/pages/desk/ticking.jsx"
    tag = "Left"
    end: rx.Var[str]
    left: rx.Var[int]


# A wait grows serious: longer than a minute, then longer than five.
_AGES = "tabular-nums font-medium text-(--soft) data-[age=long]:text-(--warn) data-[age=late]:text-(--bad)"


def waiting(since: Any, units: Any, *, classes: str) -> rx.Component:
    """How long somebody waits, where they do."""
    return rx.cond(since != "", Waiting.create(since=since, units=units, class_name=f"{_AGES} {classes}"))


def seconds_left(end: Any, left: Any) -> rx.Component:
    """The seconds that are left; whoever listens is not told each of them."""
    return Left.create(end=end, left=left, class_name="tabular-nums", custom_attrs={"aria-hidden": "true"})
