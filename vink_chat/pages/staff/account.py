"""One's own account: the name, the sounds, the password, and where one is signed in."""

from typing import Any

import reflex as rx

from vink_chat import operators
from vink_chat.components import button, checkbox, choice, field
from vink_chat.components.vars import length
from vink_chat.kit import db
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.operators import QueueSound
from vink_chat.pages.shared.panels import form_feedback, panel
from vink_chat.pages.staff.sessions import Session, session_view
from vink_chat.pages.staff.signed_in import SignedIn, SignedOut, parse_id, shows_refusals
from vink_chat.pages.staff.words import account_words


class Account(SignedIn, rx.State):
    """What a signed-in operator may change about themselves.

    Attributes:
        changed: How often the password was changed, so that the form is cleared.
    """

    t: dict[str, str] = {}
    name: str = ""
    login: str = ""
    queue_sound: str = operators.QueueSound.REPEATED.value
    own_sound: bool = True
    sessions: list[Session] = []
    saved: str = ""
    changed: int = 0

    @rx.event
    @shows_refusals
    async def open(self):
        """Show the operator's account."""
        self.saved, self.refusal = "", ""
        await self._draw(await self._operator())

    @rx.event
    @shows_refusals
    async def rename(self, form: dict[str, Any]):
        """Change the name that visitors read above the answers."""
        asking = await self._operator()
        async with db.transaction() as tx:
            await operators.rename(tx, asking.id, _field(form, "name"))
        await self._done(asking)

    @rx.event
    @shows_refusals
    async def choose_sounds(self, form: dict[str, Any]):
        """Choose when the desk rings."""
        asking = await self._operator()
        async with db.transaction() as tx:
            await operators.set_sounds(tx, asking.id, _field(form, "queue"), own=bool(_field(form, "own")))
        await self._done(asking)

    @rx.event
    @shows_refusals
    async def change_password(self, form: dict[str, Any]):
        """Change the password; everywhere else the session ends."""
        asking = await self._operator()
        old, new = _field(form, "old"), _field(form, "new")
        await operators.change_password(db.transaction, asking, old, new)
        self.changed += 1
        await self._done(asking)

    @rx.event
    @shows_refusals
    async def revoke(self, session: str):
        """End one of one's own sessions."""
        asking = await self._operator()
        async with db.transaction() as tx:
            await operators.revoke(tx, parse_id(session), asking.id)
        await self._done(asking)

    @rx.event
    @shows_refusals
    async def revoke_others(self):
        """End every session of one's own but this one."""
        asking = await self._operator()
        async with db.transaction() as tx:
            await operators.revoke_all(tx, asking.id, but=asking.session_id)
        await self._done(asking)

    async def _done(self, asking: operators.SignedIn) -> None:
        await self._draw(asking)
        self.saved, self.refusal = say("Сохранено", self._language()), ""

    async def _draw(self, asking: operators.SignedIn) -> None:
        language = self._language()
        async with db.reading() as tx:
            known = await operators.operator(tx, asking.id)
            found = await operators.sessions(tx, asking.id)
        self.queue_sound, self.own_sound = known.sounds.queue.value, known.sounds.own
        self.t, self.name, self.login = account_words(language), known.name, known.login or ""
        self.sessions = [session_view(view, language, asking.session_id) for view in found]

    def _refuse(self, refusal: VinkError):
        """Show a refusal; if the operator is signed out, clear the page."""
        self.saved = ""
        if isinstance(refusal, SignedOut):
            self.reset()
        return super()._refuse(refusal)


def _field(form: object, name: str) -> str:
    value = form.get(name) if isinstance(form, dict) else ""
    return value if isinstance(value, str) else ""


t = Account.t


def account() -> rx.Component:
    """Name, sounds, password, sessions."""
    return rx.el.main(
        rx.cond(
            Account.name != "",
            rx.el.div(
                rx.el.a("← ", t["desk"], href="/desk", class_name="text-(--link) underline underline-offset-2"),
                rx.el.h1(t["account"], class_name="text-2xl font-semibold m-0"),
                _name(),
                _sounds(),
                rx.cond(Account.login != "", _password()),
                _sessions(),
                class_name="w-full max-w-2xl mx-auto flex flex-col gap-5",
            ),
        ),
        form_feedback(Account),
        class_name="min-h-dvh bg-(--ground) p-4 sm:py-8 pb-28",
    )


def _name() -> rx.Component:
    return panel(
        t["name"],
        rx.el.form(
            field(
                t["name"],
                "name",
                hint=t["name_hint"],
                default_value=Account.name,
                key=Account.name,
                auto_complete="name",
                required=True,
            ),
            rx.el.div(button(t["save"], look="brand", type="submit")),
            on_submit=Account.rename,
            class_name="flex flex-col gap-4",
        ),
    )


def _sounds() -> rx.Component:
    return panel(
        t["sounds"],
        rx.el.form(
            choice(
                t["queue_sound"],
                "queue",
                [rx.el.option(t[one.value], value=one.value) for one in QueueSound],
                default_value=Account.queue_sound,
                key="queue-" + Account.queue_sound,
            ),
            checkbox(
                t["own_sound"],
                "own",
                default_checked=Account.own_sound,
                key=rx.cond(Account.own_sound, "own-on", "own-off"),
            ),
            rx.el.div(button(t["save_sounds"], look="brand", type="submit")),
            on_submit=Account.choose_sounds,
            class_name="flex flex-col gap-4",
        ),
    )


def _password() -> rx.Component:
    return panel(
        t["password"],
        rx.el.form(
            # Password managers need the login.
            rx.el.input(type="text", value=Account.login, read_only=True, auto_complete="username", hidden=True),
            field(t["old"], "old", type="password", auto_complete="current-password", required=True),
            field(t["new"], "new", hint=t["new_hint"], type="password", auto_complete="new-password", required=True),
            rx.el.div(button(t["change"], look="brand", type="submit")),
            key=Account.changed,
            on_submit=Account.change_password,
            class_name="flex flex-col gap-4",
        ),
    )


def _sessions() -> rx.Component:
    return panel(
        t["sessions"],
        rx.el.ul(rx.foreach(Account.sessions, _session), class_name="list-none m-0 p-0 flex flex-col gap-2"),
        rx.cond(length(Account.sessions) > 1, rx.el.div(button(t["end_others"], on_click=Account.revoke_others))),
    )


def _session(session: Session) -> rx.Component:
    return rx.el.li(
        rx.el.span(session["device"], class_name="flex-1 min-w-40 break-words"),
        rx.el.span(session["seen"], class_name="text-sm text-(--soft) whitespace-nowrap"),
        rx.cond(
            session["here"],
            rx.el.span(t["here"], class_name="text-sm px-3 py-1 rounded-full bg-(--badge)"),
            button(
                t["end"],
                on_click=Account.revoke(session["id"]),
                custom_attrs={"aria-label": t["end"] + ": " + session["device"]},
            ),
        ),
        class_name="flex flex-wrap items-center gap-3 min-h-11",
        custom_attrs={"data-session": session["id"]},
    )
