"""The accounts: invited, let in, switched off; and the links that are shown once."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, TypedDict
from urllib.parse import urlsplit
from uuid import UUID

import reflex as rx

from vink_chat import channels, config, handover, operators
from vink_chat.conversations import queue
from vink_chat.kit import db
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus, Presence, Role
from vink_chat.pages.admin.guarded_form import RefusedFields
from vink_chat.pages.admin.words import words
from vink_chat.pages.shared.formats import when
from vink_chat.pages.staff.sessions import Session, session_view
from vink_chat.pages.staff.signed_in import parse_id


@dataclass(frozen=True, slots=True)
class Office:
    """What every account is shown by.

    Attributes:
        language: The reader's.
        has_bot: Whether operators can answer from Telegram.
        asking: The administrator who looks.
    """

    language: str
    has_bot: bool
    asking: UUID


class Person(TypedDict):
    """One account.

    Attributes:
        about: Login, presence, Telegram, in one line.
        can: What may be done with it, words with spaces between: ``reset invite confirm telegram``.
        sure_disable: What is asked before it is switched off.
        warning: What to look at before letting it in; empty for most.
    """

    id: str
    name: str
    about: str
    role_word: str
    status: str
    status_word: str
    can: str
    sure_disable: str
    warning: str


def person(view: operators.OperatorView, office: Office, held: int, *, namesake: bool = False) -> Person:
    """Show an account that holds so many conversations; a namesake waits under the name of somebody who works."""
    t = words(office.language)
    return Person(
        id=str(view.id),
        name=view.name,
        about=_about(view, office.language),
        role_word=t[f"role_{view.role.value}"],
        status=view.status.value,
        status_word=t[f"status_{view.status.value}"],
        can=" ".join(name for name, allowed in _allowed(view, office).items() if allowed),
        sure_disable=_sure_disable(view, held, office.language),
        warning=say("Так уже зовут работающего оператора.", office.language) if namesake else "",
    )


def _about(view: operators.OperatorView, language: str) -> str:
    t = words(language)
    presence = _presence(view, t, language)
    telegram = " ".join([t["in_telegram"], f"@{view.telegram_username}" if view.telegram_username else ""]).strip()
    if view.status is not AccountStatus.PENDING or view.telegram_id is None:
        parts = [view.login or t["no_login"], presence, telegram if view.telegram_id else ""]
    else:
        asked = say("заявка от {moment}", language, moment=when(view.created_at, language))
        parts = [f"{telegram} ({view.telegram_id})", asked]
    return " · ".join(part for part in parts if part)


def _presence(view: operators.OperatorView, t: dict[str, str], language: str) -> str:
    if view.lost_at:
        return f"{t['lost']} {when(view.lost_at, language)}"
    if view.presence is Presence.HERE and not view.present:
        return t["unreachable"]
    return {Presence.HERE: t["here"], Presence.AWAY: t["away"], Presence.OFF: t["off"]}[view.presence]


def _sure_disable(view: operators.OperatorView, held: int, language: str) -> str:
    if held:
        return say(
            "Отключить: {name}? Сеансы завершатся сразу, в очередь вернутся разговоры: {count}.",
            language,
            name=view.name,
            count=held,
        )
    return say("Отключить: {name}? Сеансы завершатся сразу.", language, name=view.name)


def _allowed(view: operators.OperatorView, office: Office) -> dict[str, bool]:
    active, pending = view.status is AccountStatus.ACTIVE, view.status is AccountStatus.PENDING
    other, bot = view.id != office.asking, office.has_bot
    return {
        "promote": other and view.role is Role.OPERATOR,
        "demote": other and view.role is Role.ADMIN,
        "disable": other and active,
        "enable": view.status is AccountStatus.DISABLED,
        "reset": active and view.can_sign_in,
        "invite": not view.can_sign_in and view.status is not AccountStatus.DISABLED,
        "confirm": pending and view.telegram_id is not None,
        "dismiss": pending,
        "telegram": active and bot and view.telegram_id is None,
        "untie": view.telegram_id is not None,
        "sessions": active,
    }


def role_of(value: object) -> Role:
    """Return the role a browser names; the verb judges an unknown one.

    Raises:
        InvalidRole: There is no such role.
    """
    try:
        return Role(value)
    except ValueError:
        raise operators.InvalidRole from None


class PeopleState(RefusedFields, rx.State):
    """Everybody who answers.

    Attributes:
        link: A one-time link, what to do with it, and whose it is, until the next press: ``text``, ``hint`` and ``of``
            (empty for somebody invited just now).
        invitation: The form's word for who is invited next: a second press sends the word of the first.
        opened: Whose sessions are listed.
        strangers: How many came from Telegram and wait to be let in.
    """

    people: list[Person] = []
    link: dict[str, str] = {}
    invitation: str = ""
    opened: str = ""
    strangers: int = 0
    sessions: list[Session] = []
    saved: str = ""

    @rx.event
    async def open(self):
        """List the accounts."""
        self.link, self.opened, self.sessions, self.saved, self.refusal, self.wrong = {}, "", [], "", "", {}
        try:
            asking = await self._admin()
        except VinkError as refusal:
            return self._refuse(refusal)
        await self._list(asking)
        return None

    @rx.event
    async def invite(self, form: dict[str, Any]):
        """Make an account that waits for its owner, and the link that opens it; of a double press, one."""

        async def make(tx: Transaction, _: UUID) -> str:
            token = await operators.invite(tx, str(form.get("name") or ""), role_of(form.get("role")))
            self.invitation = token_hex(8)
            return token

        try:
            await self._admin()
        except VinkError as refusal:
            return self._refuse(refusal)
        if str(form.get("invitation") or "") != self.invitation:
            return None
        return await self._linked(make, None)

    @rx.event
    async def invite_again(self, operator: str):
        """Make another link for an account nobody has opened."""
        return await self._linked(operators.invite_again, operator)

    @rx.event
    async def reset_password(self, operator: str):
        """Make a link by which an operator chooses a new password."""
        return await self._linked(operators.reset_link, operator)

    @rx.event
    async def telegram(self, operator: str):
        """Make the link that ties an account to Telegram, or the word to write while the bot's name is unknown."""
        return await self._linked(operators.telegram_link_token, operator, telegram=True)

    @rx.event
    async def set_role(self, operator: str, role: str):
        """Make somebody an administrator, or an operator again."""

        async def change(tx: Transaction, operator_id: UUID, *, by: UUID) -> None:
            await operators.set_role(tx, operator_id, role_of(role), by=by)

        return await self._changed(change, operator, names_asker=True)

    @rx.event
    async def disable(self, operator: str):
        """Switch an account off; its sessions end everywhere, and what it held waits for the others."""
        return await self._changed(handover.switch_off, operator, names_asker=True)

    @rx.event
    async def enable(self, operator: str):
        """Switch an account on again."""
        return await self._changed(operators.enable, operator)

    @rx.event
    async def confirm(self, operator: str):
        """Let in somebody who came from Telegram."""
        return await self._changed(operators.confirm, operator)

    @rx.event
    async def dismiss(self, operator: str):
        """Remove an account nobody has used."""
        return await self._changed(operators.dismiss, operator)

    @rx.event
    async def dismiss_strangers(self):
        """Turn everybody away who came from Telegram and waits."""

        async def dismiss(tx: Transaction, _: UUID) -> None:
            await operators.dismiss_strangers(tx)

        return await self._changed(dismiss, None)

    @rx.event
    async def untie(self, operator: str):
        """Untie an account from Telegram."""
        return await self._changed(handover.unlink_telegram, operator)

    @rx.event
    async def show_sessions(self, operator: str):
        """List where an operator is signed in."""
        try:
            await self._admin()
            await self._sessions(parse_id(operator))
        except VinkError as refusal:
            return self._refuse(refusal)
        return None

    @rx.event
    async def revoke(self, session: str, operator: str):
        """End one session of an operator."""

        async def end(tx: Transaction, operator_id: UUID) -> None:
            await operators.revoke(tx, parse_id(session), operator_id)

        return await self._changed(end, operator)

    async def _changed(
        self, verb: Callable[..., Awaitable[object]], operator: str | None, *, names_asker: bool = False
    ):
        self.saved, self.link, self.wrong = "", {}, {}
        try:
            asking = await self._admin()
            operator_id = asking.id if operator is None else parse_id(operator)
            async with db.transaction() as tx:
                await (verb(tx, operator_id, by=asking.id) if names_asker else verb(tx, operator_id))
        except VinkError as refusal:
            return self._refuse(refusal)
        self.saved, self.refusal = say("Сохранено", self._language()), ""
        if self.opened:
            await self._sessions(parse_id(self.opened))
        await self._list(asking)
        return None

    async def _linked(
        self, verb: Callable[[Transaction, UUID], Awaitable[str]], operator: str | None, *, telegram: bool = False
    ):
        self.saved, self.link, self.wrong = "", {}, {}
        try:
            asking = await self._admin()
            operator_id = asking.id if operator is None else parse_id(operator)
            async with db.transaction() as tx:
                token = await verb(tx, operator_id)
                to_bot = await channels.start_link(tx, token) if telegram else ""
        except VinkError as refusal:
            return self._refuse(refusal)
        here = config.current().public_url or "{0.scheme}://{0.netloc}".format(urlsplit(str(self.router.url)))
        text = (to_bot or f"/start {token}") if telegram else f"{here}/welcome?token={token}"
        hint = ("telegram_link_hint" if to_bot else "telegram_hint") if telegram else "link_hint"
        self.link = {"text": text, "hint": words(self._language())[hint], "of": str(operator or "")}
        self.refusal = ""
        await self._list(asking)
        return None

    async def _list(self, asking: operators.SignedIn) -> None:
        async with db.reading() as tx:
            found = await operators.operators(tx)
            held = Counter(one.operator_id for one in await queue.attended(tx))
        office = Office(self._language(), bool(config.current().telegram_token), asking.id)
        same = operators.namesakes(found)
        self.people = [person(view, office, held[view.id], namesake=view.id in same) for view in found]
        self.strangers = sum("confirm" in one["can"].split() for one in self.people)

    async def _sessions(self, operator_id: UUID) -> None:
        async with db.reading() as tx:
            found = await operators.sessions(tx, operator_id)
        self.opened = str(operator_id)
        self.sessions = [session_view(view, self._language()) for view in found]
