"""How the visitor can be reached when nobody answers now: asked for, shown, corrected."""

from typing import Any

import reflex as rx

from vink_chat.components import button, field
from vink_chat.pages.visitor.consent import consent
from vink_chat.pages.visitor.kept_form import kept_form, left_card
from vink_chat.pages.visitor.state import VisitorChat

t = VisitorChat.t


def contacts() -> rx.Component:
    """Asked for when nobody can answer now; what was left is shown, to be corrected."""
    known = VisitorChat.contact["shown"] != ""
    folded = button(t["leave"], on_click=VisitorChat.open_contacts, classes="px-4 self-start")
    put_away = VisitorChat.put_away == VisitorChat.form
    return rx.cond(
        VisitorChat.form != "",
        rx.cond(
            VisitorChat.contact_form == "open",
            _contact_form(),
            rx.cond(known, _contact_card(), rx.cond(put_away, folded, _contact_form())),
        ),
    )


def _contact_card() -> rx.Component:
    return left_card(t["answer_to"], VisitorChat.contact["shown"], subject="contact", change=VisitorChat.open_contacts)


def _contact_form() -> rx.Component:
    contact = VisitorChat.contact
    known = contact["shown"] != ""
    return kept_form(
        rx.el.h2(t["contacts"], class_name="text-base font-semibold m-0"),
        rx.el.p(t["either"], class_name="m-0 text-sm text-(--soft)"),
        field(t["name"], "name", auto_complete="name", default_value=contact["name"]),
        _contact_field("phone", type="tel", auto_complete="tel", placeholder="+7"),
        _contact_field("email", type="email", auto_complete="email"),
        rx.el.div(
            button(rx.cond(known, t["save"], t["leave"]), look="brand", type="submit"),
            button(rx.cond(known, t["cancel"], t["not_now"]), look="quiet", on_click=VisitorChat.close_contacts),
            class_name="flex flex-wrap gap-2",
        ),
        consent(),
        # Another wait may be another visitor's.
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
