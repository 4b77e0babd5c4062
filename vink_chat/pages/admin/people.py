"""The operators' page: invite, roles, switching off, sessions, Telegram."""

from typing import Any

import reflex as rx

from vink_chat.components import button, choice, field
from vink_chat.components.vars import contains, length
from vink_chat.pages.admin import parts
from vink_chat.pages.admin.frame import AdminFrame, frame
from vink_chat.pages.admin.guarded_form import guarded_form
from vink_chat.pages.admin.people_state import PeopleState, Person
from vink_chat.pages.shared.panels import form_feedback, panel
from vink_chat.pages.staff.sessions import Session

t = AdminFrame.t


def people() -> rx.Component:
    """The page of the operators."""
    return frame(
        "operators",
        panel(
            t["invite"],
            guarded_form(
                rx.el.input(type="hidden", name="invitation", value=PeopleState.invitation, read_only=True),
                # Cleared after an invitation, while the button keeps the focus.
                field(
                    t["name"],
                    "name",
                    auto_complete="off",
                    required=True,
                    key=PeopleState.invitation,
                    wrong=PeopleState.wrong["name"]["sentence"],
                ),
                choice(t["role"], "role", _roles()),
                # Aligned with the fields, whatever is below them.
                button(t["invite_button"], look="brand", type="submit", classes="px-4 sm:mt-[1.6875rem] self-start"),
                state=PeopleState,
                guarded=False,
                on_submit=PeopleState.invite,
                class_name="flex flex-wrap max-sm:flex-col gap-3",
            ),
            _link_of(""),
        ),
        panel(
            t["everybody"],
            rx.cond(
                PeopleState.strangers > 1,
                rx.el.div(
                    parts.confirmed(
                        t["do_dismiss_all"], t["sure_dismiss_all"], PeopleState.dismiss_strangers, key="dismiss-all"
                    ),
                    class_name="flex flex-wrap",
                ),
            ),
            rx.el.ul(rx.foreach(PeopleState.people, _person), class_name="list-none m-0 p-0"),
        ),
        form_feedback(PeopleState),
    )


def _link_of(operator: Any) -> rx.Component:
    """The one-time link, next to the pressed button: on a phone it would be off screen anywhere else."""
    here = (length(PeopleState.link) > 0) & (PeopleState.link["of"] == operator)
    return rx.cond(here, parts.secret_link(PeopleState.link["text"], PeopleState.link["hint"]))


def _roles() -> list[rx.Component]:
    return [rx.el.option(t["role_operator"], value="operator"), rx.el.option(t["role_admin"], value="admin")]


def _person(person: Person) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.h3(person["name"], class_name="text-base font-semibold m-0"),
                rx.el.p(person["role_word"] + " · " + person["about"], class_name=parts.SMALL + " break-words"),
                rx.cond(
                    person["warning"] != "",
                    rx.el.p(person["warning"], class_name="m-0 text-sm font-medium text-(--bad)"),
                ),
                class_name="flex-1 min-w-48",
            ),
            rx.el.span(
                person["status_word"],
                class_name="text-sm px-3 py-1 rounded-full "
                + rx.cond(
                    person["status"] == "active",
                    "bg-(--raised) text-(--good)",
                    rx.cond(person["status"] == "disabled", "bg-(--raised) text-(--bad)", "bg-(--badge)"),
                ).to(str),
            ),
            class_name="flex flex-wrap items-center gap-3",
        ),
        _actions(person),
        _link_of(person["id"]),
        rx.cond(PeopleState.opened == person["id"], _sessions()),
        class_name="py-4 border-t border-(--line) flex flex-col gap-3",
        custom_attrs={"data-person": person["name"]},
    )


def _actions(person: Person) -> rx.Component:
    can = person["can"].split(" ")

    def name(what: str) -> Any:
        return t[f"do_{what}"] + ": " + person["name"]

    def may(what: str, act: Any) -> rx.Component:
        pressed = button(
            t[f"do_{what}"], on_click=act(person["id"]), classes="px-3.5", custom_attrs={"aria-label": name(what)}
        )
        return rx.cond(contains(can, what), pressed)

    def asked(what: str, act: Any, question: Any = None) -> rx.Component:
        sure = person["name"] + ". " + t[f"sure_{what}"] if question is None else question
        pressed = parts.confirmed(t[f"do_{what}"], sure, act, key=f"{what}-" + person["id"], what=name(what))
        return rx.cond(contains(can, what), pressed)

    return rx.el.div(
        may("confirm", PeopleState.confirm),
        may("invite", PeopleState.invite_again),
        may("sessions", PeopleState.show_sessions),
        may("telegram", PeopleState.telegram),
        may("enable", PeopleState.enable),
        asked("reset", PeopleState.reset_password(person["id"])),
        asked("promote", PeopleState.set_role(person["id"], "admin")),
        asked("demote", PeopleState.set_role(person["id"], "operator")),
        asked("untie", PeopleState.untie(person["id"])),
        asked("dismiss", PeopleState.dismiss(person["id"])),
        asked("disable", PeopleState.disable(person["id"]), person["sure_disable"]),
        class_name="flex flex-wrap items-start gap-2",
    )


def _sessions() -> rx.Component:
    return rx.el.div(
        rx.cond(length(PeopleState.sessions) == 0, rx.el.p(t["no_sessions"], class_name=parts.SMALL)),
        rx.el.ul(rx.foreach(PeopleState.sessions, _session), class_name="list-none m-0 p-0 flex flex-col gap-2"),
        class_name="rounded-xl bg-(--raised) p-3",
        custom_attrs={"data-sessions": ""},
    )


def _session(session: Session) -> rx.Component:
    return rx.el.li(
        rx.el.span(session["device"], class_name="text-sm flex-1 min-w-0 break-words"),
        rx.el.span(session["seen"], class_name="text-sm whitespace-nowrap"),
        button(t["end_session"], on_click=PeopleState.revoke(session["id"], PeopleState.opened), classes="px-3.5"),
        class_name="flex flex-wrap items-center gap-3",
    )
