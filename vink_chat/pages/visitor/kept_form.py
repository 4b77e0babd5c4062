"""Forms a visitor may leave something in, and the cards that show what was left."""

from typing import Any, Final

import reflex as rx

from vink_chat.components import button
from vink_chat.pages.visitor.state import VisitorChat, WrongContact

_LIBRARY: Final = "$/vink_chat/pages/visitor/kept_form.jsx"


class KeptForm(rx.Component):
    """The form with its React part (``kept_form.jsx``): what is typed stays until it is left.

    Attributes:
        subject: What it asks for.
        loaded: Whether the thread is drawn.
        heard: The number of the introduction that counts.
        refused: Which field was refused last.
        on_leave: Takes the fields by name, and the number.
    """

    library = _LIBRARY
    tag = "KeptForm"
    subject: rx.Var[str]
    loaded: rx.Var[bool]
    heard: rx.Var[str]
    refused: rx.Var[WrongContact]
    no_validate: rx.Var[bool]
    on_leave: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, Any])]


class LeftCard(rx.Component):
    """What was left; with it, what was typed into the form is forgotten."""

    library = _LIBRARY
    tag = "LeftCard"
    subject: rx.Var[str]


def kept_form(*children: Any, subject: str, **props: Any) -> rx.Component:
    """A form for ``subject``; ``on_leave`` is the State's handler."""
    return KeptForm.create(
        *children,
        subject=subject,
        loaded=VisitorChat.loaded,
        heard=VisitorChat.heard,
        refused=VisitorChat.wrong_contact,
        **props,
    )


def left_card(label: Any, value: Any, *, subject: str, change: Any) -> rx.Component:
    """Show what the visitor has left, with a button to change it."""
    return LeftCard.create(
        rx.el.p(label, " ", rx.el.b(value), class_name="m-0 flex-1 min-w-40 wrap-anywhere whitespace-pre-wrap"),
        button(VisitorChat.t["change"], on_click=change, classes="px-4"),
        subject=subject,
        class_name="flex flex-wrap items-center gap-2 rounded-2xl border border-(--line) px-4 py-2",
        custom_attrs={f"data-{subject}": ""},
    )
