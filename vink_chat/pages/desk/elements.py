"""The desk's React components: each class names the jsx file beside it."""

from typing import Any

import reflex as rx

from vink_chat.components import button, icon_button
from vink_chat.pages.desk.messages import DeskMessageView
from vink_chat.pages.desk.views import Described, NewsView


class CommandButton(rx.el.Button):
    """A button that sends a command to another component of the desk (``command_button.jsx``).

    Attributes:
        runs: The command it sends, with its ``subject``.
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
    """Announces waiting visitors and news in the operator's conversations by title, sound and notification.

    Its children are the news shown on the page; it has the attribute ``data-away`` while the tab is in the background.

    Attributes:
        open_id: The open conversation, whose messages are not news.
        waiting: How many wait for this operator.
        mine: How many conversations they hold; undefined until that is counted.
        newest: When the newest call came.
        queue_sound: When the queue makes a sound: off, once or repeated.
        muted_until: Until when the desk is muted, ISO 8601, or empty.
        call: The text of a notification about a waiting visitor.
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


def _seen(conversation_id: rx.Var[str], position: rx.Var[int]) -> tuple[rx.Var[str], rx.Var[int]]:
    return conversation_id, position


class DeskLog(rx.el.Div):
    """The scrolling log of a thread; each row in it has the id ``message-…``.

    Attributes:
        history: The conversation's messages; ``live`` are the newest ones.
        marked: The message it was opened at, or empty.
        down: The label of the button that scrolls to the end.
        on_seen: Called with the conversation and the position up to which it was read.
    """

    library = "$/vink_chat/pages/desk/desk_log.jsx"
    tag = "DeskLog"
    conversation_id: rx.Var[str]
    history: rx.Var[list[DeskMessageView]]
    live: rx.Var[list[DeskMessageView]]
    marked: rx.Var[str]
    down: rx.Var[str]
    on_seen: rx.EventHandler[_seen]


class CommandDialog(rx.el.Dialog):
    """A dialog that the command of its ``name`` opens, and that a press on any of its buttons or links closes.

    Attributes:
        subject: What it is about; it closes when that changes.
    """

    library = "$/vink_chat/pages/desk/dialogs.jsx"
    tag = "CommandDialog"
    name: rx.Var[str]
    subject: rx.Var[str]


def _transferred(
    conversation_id: rx.Var[str], form: rx.Var[dict[str, Any]]
) -> tuple[rx.Var[str], rx.Var[dict[str, Any]]]:
    return conversation_id, form


class TransferDialog(rx.el.Dialog):
    """Transfers the conversation that was open when the command ``transfer`` came.

    Attributes:
        visitor: Whose conversation it is.
        refused: Whether a refusal is shown; the form then keeps its text for the conversation.
        form_class: The CSS classes of the form.
        on_transfer: Called with the conversation and the form's fields.
    """

    library = "$/vink_chat/pages/desk/dialogs.jsx"
    tag = "TransferDialog"
    conversation_id: rx.Var[str]
    visitor: rx.Var[str]
    heading: rx.Var[str]
    refused: rx.Var[bool]
    form_class: rx.Var[str]
    on_transfer: rx.EventHandler[_transferred]


class Menu(rx.el.Details):
    """A menu that closes by Escape, by a press on one of its buttons, or by a press outside."""

    library = "$/vink_chat/pages/desk/folding.jsx"
    tag = "Menu"


class FoldingCard(rx.el.Details):
    """A card that folds by itself once: on a phone, and after the operator who holds the conversation has answered.

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
    """A column that covers the page in a narrow window between the commands ``show name`` and ``hide name``.

    It has the attribute ``data-shown`` while it does; its first button hides it.
    """

    library = "$/vink_chat/pages/desk/folding.jsx"
    tag = "OverlayColumn"
    name: rx.Var[str]


class SearchField(rx.el.Input):
    """Searches on Enter; clearing the field, by hand or by Escape, ends the search.

    Attributes:
        form_class: The CSS classes of the form around it, which holds the children too.
    """

    library = "$/vink_chat/pages/desk/search_field.jsx"
    tag = "SearchField"
    form_class: rx.Var[str]
    on_search: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def _described(
    conversation_id: rx.Var[str], name: rx.Var[str], text: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    return conversation_id, name, text


class CardInput(rx.el.Input):
    """A field of the visitor's card, saved on blur or Enter; text that is not saved yet is never lost.

    Attributes:
        saved: What the server has.
        described: The result of the last field that was saved.
        on_describe: Called with the conversation it was rendered for, the field's name and the text.
    """

    library = "$/vink_chat/pages/desk/card_input.jsx"
    tag = "CardInput"
    conversation_id: rx.Var[str]
    saved: rx.Var[str]
    described: rx.Var[Described]
    on_describe: rx.EventHandler[_described]


class Shortcuts(rx.Component):
    """The desk's keyboard shortcuts.

    Attributes:
        conversation_id: The open conversation, to which the acts apply.
        acts: The command of an act, by its key.
    """

    library = "$/vink_chat/pages/desk/shortcuts.jsx"
    tag = "Shortcuts"
    conversation_id: rx.Var[str]
    acts: rx.Var[dict[str, str]]


class RowList(rx.el.Ul):
    """A list of rows that the arrow keys move through; each row is a button whose value is a conversation's id."""

    library = "$/vink_chat/pages/desk/row_list.jsx"
    tag = "RowList"


class DeskHistory(rx.Component):
    """Makes each opened conversation a step of the browser's history.

    Attributes:
        open_id: The open conversation, or empty.
        on_go: Called with the conversation that the browser's Back or Forward leads to.
    """

    library = "$/vink_chat/pages/desk/desk_history.jsx"
    tag = "DeskHistory"
    open_id: rx.Var[str]
    on_go: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Waiting(rx.el.Span):
    """How long a visitor has waited, and how serious that is (``data-age``: new, long, late).

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
        left: How many seconds were left when it was first shown.
    """

    library = "$/vink_chat/pages/desk/ticking.jsx"
    tag = "Left"
    end: rx.Var[str]
    left: rx.Var[int]


# A wait is coloured after a minute, and again after five.
_AGES = "tabular-nums font-medium text-(--soft) data-[age=long]:text-(--warn) data-[age=late]:text-(--bad)"


def waiting(since: Any, units: Any, *, classes: str) -> rx.Component:
    """How long a visitor has waited; nothing if they do not wait."""
    return rx.cond(since != "", Waiting.create(since=since, units=units, class_name=f"{_AGES} {classes}"))


def seconds_left(end: Any, left: Any) -> rx.Component:
    """The seconds that are left; screen readers skip them."""
    return Left.create(end=end, left=left, class_name="tabular-nums", custom_attrs={"aria-hidden": "true"})
