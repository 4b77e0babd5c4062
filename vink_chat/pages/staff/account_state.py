"""One's own account: the name, the password, and where one is signed in."""

from typing import Any

import reflex as rx

from vink_chat import operators
from vink_chat.kit import db
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.pages.staff.sessions import Session, session_view
from vink_chat.pages.staff.signed_in import SignedIn, SignedOut, an_id
from vink_chat.pages.staff.words import account_words


class Account(SignedIn, rx.State):
    """What somebody who is signed in may change about themselves.

    Attributes:
        changed: How often the password was changed: the form begins again.
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
    async def open(self):
        """Show the account of who is signed in."""
        self.saved, self.refusal = "", ""
        try:
            await self._draw(await self._operator())
        except VinkError as refusal:
            return self._turn_away(refusal)
        return None

    @rx.event
    async def rename(self, form: dict[str, Any]):
        """Take another name; visitors read it above the answers."""
        try:
            asking = await self._operator()
            async with db.transaction() as tx:
                await operators.rename(tx, asking.id, _field(form, "name"))
            return await self._done(asking)
        except VinkError as refusal:
            return self._turn_away(refusal)

    @rx.event
    async def choose_sounds(self, form: dict[str, Any]):
        """Choose when the desk rings."""
        try:
            asking = await self._operator()
            async with db.transaction() as tx:
                await operators.set_sounds(tx, asking.id, _field(form, "queue"), own=bool(_field(form, "own")))
            return await self._done(asking)
        except VinkError as refusal:
            return self._turn_away(refusal)

    @rx.event
    async def change_password(self, form: dict[str, Any]):
        """Change the password; everywhere else the session ends."""
        try:
            asking = await self._operator()
            old, new = _field(form, "old"), _field(form, "new")
            await operators.change_password(db.transaction, asking, old, new)
            self.changed += 1
            return await self._done(asking)
        except VinkError as refusal:
            return self._turn_away(refusal)

    @rx.event
    async def revoke(self, session: str):
        """End one of one's own sessions."""
        try:
            asking = await self._operator()
            async with db.transaction() as tx:
                await operators.revoke(tx, an_id(session), asking.id)
            return await self._done(asking)
        except VinkError as refusal:
            return self._turn_away(refusal)

    @rx.event
    async def revoke_others(self):
        """End every session of one's own but this one."""
        try:
            asking = await self._operator()
            async with db.transaction() as tx:
                await operators.revoke_all(tx, asking.id, but=asking.session_id)
            return await self._done(asking)
        except VinkError as refusal:
            return self._turn_away(refusal)

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

    def _turn_away(self, refusal: VinkError):
        self.saved = ""
        if isinstance(refusal, SignedOut):
            self.reset()
        return self._refuse(refusal)


def _field(form: object, name: str) -> str:
    value = form.get(name) if isinstance(form, dict) else ""
    return value if isinstance(value, str) else ""
