"""Forms that keep a draft until they are submitted, and cards with the submitted values: contacts, a comment."""

from typing import Any, Final

import reflex as rx

from vink_chat.components import button, field
from vink_chat.pages.visitor.composer import consent
from vink_chat.pages.visitor.state import VisitorChat, WrongContact

_LIBRARY: Final = "$/vink_chat/pages/visitor/kept_form.jsx"


class KeptForm(rx.Component):
    """The form with its React part (``kept_form.jsx``): it keeps a draft until it is submitted.

    Attributes:
        subject: What it asks for, and about what; drafts are stored under this name.
        loaded: Whether the thread is rendered.
        acknowledged_intro: Number of the host page's last identification of its user that the server has acknowledged.
        refused: The field that was refused last.
        no_validate: Whether the server alone validates the fields.
        on_leave: Called on submit with the field values and ``number``, which is ``acknowledged_intro``.
    """

    library = _LIBRARY
    tag = "KeptForm"
    subject: rx.Var[str]
    loaded: rx.Var[bool]
    acknowledged_intro: rx.Var[str]
    refused: rx.Var[WrongContact]
    no_validate: rx.Var[bool]
    on_leave: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, Any])]


class LeftCard(rx.Component):
    """The submitted values; the draft of its form is dropped.

    Attributes:
        subject: As of the form; also the other two.
    """

    library = _LIBRARY
    tag = "LeftCard"
    subject: rx.Var[str]
    loaded: rx.Var[bool]
    acknowledged_intro: rx.Var[str]


def kept_form(*children: Any, subject: Any, **props: Any) -> rx.Component:
    """A form for ``subject``; ``on_leave`` is the State's event handler."""
    return KeptForm.create(
        *children,
        subject=subject,
        loaded=VisitorChat.loaded,
        acknowledged_intro=VisitorChat.acknowledged_intro,
        refused=VisitorChat.wrong_contact,
        **props,
    )


def left_card(label: Any, value: Any, *, name: str, subject: Any, change: Any) -> rx.Component:
    """Show submitted values with a button to change them; ``name`` is in the contract of names (docs/interface.md)."""
    return LeftCard.create(
        rx.el.p(label, " ", rx.el.b(value), class_name="m-0 flex-1 min-w-40 wrap-anywhere whitespace-pre-wrap"),
        button(VisitorChat.t["change"], on_click=change, classes="px-4"),
        subject=subject,
        loaded=VisitorChat.loaded,
        acknowledged_intro=VisitorChat.acknowledged_intro,
        class_name="flex flex-wrap items-center gap-2 rounded-2xl border border-(--line) px-4 py-2",
        custom_attrs={f"data-{name}": ""},
    )


t = VisitorChat.t


def contacts() -> rx.Component:
    """The contact form while nobody can answer; a submitted contact is shown with a button to change it."""
    has_contact = VisitorChat.contact["shown"] != ""
    folded = button(t["leave"], on_click=VisitorChat.open_contacts, classes="px-4 self-start")
    is_dismissed = VisitorChat.dismissed_form == VisitorChat.form
    return rx.cond(
        VisitorChat.form != "",
        rx.cond(
            VisitorChat.contact_form == "open",
            _contact_form(),
            rx.cond(has_contact, _contact_card(), rx.cond(is_dismissed, folded, _contact_form())),
        ),
    )


def _contact_card() -> rx.Component:
    return left_card(
        t["answer_to"],
        VisitorChat.contact["shown"],
        name="contact",
        subject="contact",
        change=VisitorChat.open_contacts,
    )


def _contact_form() -> rx.Component:
    contact = VisitorChat.contact
    has_contact = contact["shown"] != ""
    return kept_form(
        rx.el.h2(t["contacts"], class_name="text-base font-semibold m-0"),
        rx.el.p(t["either"], class_name="m-0 text-sm text-(--soft)"),
        field(t["name"], "name", auto_complete="name", default_value=contact["name"]),
        _contact_field("phone", type="tel", auto_complete="tel", placeholder="+7"),
        _contact_field("email", type="email", auto_complete="email"),
        rx.el.div(
            button(rx.cond(has_contact, t["save"], t["leave"]), look="brand", type="submit"),
            button(rx.cond(has_contact, t["cancel"], t["not_now"]), look="quiet", on_click=VisitorChat.close_contacts),
            class_name="flex flex-wrap gap-2",
        ),
        consent(),
        # Remount for a new wait: it may belong to another visitor, who must not see the typed values.
        key=VisitorChat.form,
        subject="contact",
        no_validate=True,
        on_leave=VisitorChat.leave_contacts,
        class_name="flex flex-col gap-3 rounded-2xl border border-(--line) p-4",
        custom_attrs={"data-contacts": contact["shown"]},
    )


def _contact_field(name: str, **props: Any) -> rx.Component:
    wrong = rx.cond(VisitorChat.wrong_contact["field"] == name, VisitorChat.wrong_contact["text"], "")
    return field(t[name], name, default_value=VisitorChat.contact[name], wrong=wrong, **props)
