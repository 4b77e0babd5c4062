"""The operators' page: invite, roles, switching off, sessions, Telegram."""

from typing import Any

import reflex as rx

from vink_chat.components import button, choice, field
from vink_chat.pages.admin import parts
from vink_chat.pages.admin.frame import AdminFrame, frame
from vink_chat.pages.admin.guarded_form import guarded_form
from vink_chat.pages.admin.people_state import PeopleDesk, Person
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
                rx.el.input(type="hidden", name="invitation", value=PeopleDesk.invitation, read_only=True),
                # Empty again once somebody is invited, and the button keeps the focus.
                field(
                    t["name"],
                    "name",
                    auto_complete="off",
                    required=True,
                    key=PeopleDesk.invitation,
                    wrong=PeopleDesk.wrong["name"]["sentence"],
                ),
                choice(t["role"], "role", _roles()),
                # Level with the fields, whatever stands below them.
                button(t["invite_button"], look="brand", type="submit", classes="px-4 sm:mt-[1.6875rem] self-start"),
                of=PeopleDesk,
                guarded=False,
                on_submit=PeopleDesk.invite,
                class_name="flex flex-wrap max-sm:flex-col gap-3",
            ),
            _link_of(""),
        ),
        panel(
            t["everybody"],
            rx.cond(
                PeopleDesk.strangers > 1,
                rx.el.div(
                    parts.confirmed(
                        t["do_dismiss_all"], t["sure_dismiss_all"], PeopleDesk.dismiss_strangers, key="dismiss-all"
                    ),
                    class_name="flex flex-wrap",
                ),
            ),
            rx.el.ul(rx.foreach(PeopleDesk.people, _person), class_name="list-none m-0 p-0"),
        ),
        form_feedback(PeopleDesk),
    )


def _link_of(operator: Any) -> rx.Component:
    """The one-time link, beside what was pressed: on a phone it would be out of sight anywhere else."""
    here = (PeopleDesk.link.length() > 0) & (PeopleDesk.link["of"] == operator)
    return rx.cond(here, parts.secret_link(PeopleDesk.link["text"], PeopleDesk.link["hint"]))


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
                + rx.match(
                    person["status"],
                    ("active", "bg-(--raised) text-(--good)"),
                    ("disabled", "bg-(--raised) text-(--bad)"),
                    "bg-(--badge)",
                ).to(str),
            ),
            class_name="flex flex-wrap items-center gap-3",
        ),
        _actions(person),
        _link_of(person["id"]),
        rx.cond(PeopleDesk.opened == person["id"], _sessions()),
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
        return rx.cond(can.contains(what), pressed)

    def asked(what: str, act: Any, question: Any = None) -> rx.Component:
        sure = person["name"] + ". " + t[f"sure_{what}"] if question is None else question
        pressed = parts.confirmed(t[f"do_{what}"], sure, act, key=f"{what}-" + person["id"], what=name(what))
        return rx.cond(can.contains(what), pressed)

    return rx.el.div(
        may("confirm", PeopleDesk.confirm),
        may("invite", PeopleDesk.invite_again),
        may("sessions", PeopleDesk.show_sessions),
        may("telegram", PeopleDesk.telegram),
        may("enable", PeopleDesk.enable),
        asked("reset", PeopleDesk.reset_password(person["id"])),
        asked("promote", PeopleDesk.set_role(person["id"], "admin")),
        asked("demote", PeopleDesk.set_role(person["id"], "operator")),
        asked("untie", PeopleDesk.untie(person["id"])),
        asked("dismiss", PeopleDesk.dismiss(person["id"])),
        asked("disable", PeopleDesk.disable(person["id"]), person["sure_disable"]),
        class_name="flex flex-wrap items-start gap-2",
    )


def _sessions() -> rx.Component:
    return rx.el.div(
        rx.cond(PeopleDesk.sessions.length() == 0, rx.el.p(t["no_sessions"], class_name=parts.SMALL)),
        rx.el.ul(rx.foreach(PeopleDesk.sessions, _session), class_name="list-none m-0 p-0 flex flex-col gap-2"),
        class_name="rounded-xl bg-(--raised) p-3",
        custom_attrs={"data-sessions": ""},
    )


def _session(session: Session) -> rx.Component:
    return rx.el.li(
        rx.el.span(session["device"], class_name="text-sm flex-1 min-w-0 break-words"),
        rx.el.span(session["seen"], class_name="text-sm whitespace-nowrap"),
        button(t["end_session"], on_click=PeopleDesk.revoke(session["id"], PeopleDesk.opened), classes="px-3.5"),
        class_name="flex flex-wrap items-center gap-3",
    )
