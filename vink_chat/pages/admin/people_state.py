"""The accounts: invitations, confirmations, roles, disabling, sessions; and links shown once."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, TypedDict
from urllib.parse import urlsplit
from uuid import UUID

import reflex as rx

from vink_chat import channels, config, handover, operators
from vink_chat.conversations import attention
from vink_chat.kit import db
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus, Presence, Role
from vink_chat.pages.admin.guarded_form import RefusedFields
from vink_chat.pages.admin.words import words
from vink_chat.pages.shared.formats import when
from vink_chat.pages.staff.sessions import Session, session_view
from vink_chat.pages.staff.signed_in import parse_id, shows_refusals


@dataclass(frozen=True, slots=True)
class ViewContext:
    """What the views of accounts depend on.

    Attributes:
        language: The administrator's language.
        has_bot: Whether operators can answer from Telegram.
        viewer: The administrator who looks.
    """

    language: str
    has_bot: bool
    viewer: UUID


class Person(TypedDict):
    """One account.

    Attributes:
        about: Login, presence, Telegram, in one line.
        can: The allowed actions, separated by spaces: ``reset invite confirm telegram``.
        sure_disable: The question before it is disabled.
        warning: A warning before confirming it; usually empty.
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


def person(view: operators.OperatorView, context: ViewContext, held: int, *, namesake: bool = False) -> Person:
    """Return the view of an account that holds ``held`` conversations; a namesake shares an active operator's name."""
    t = words(context.language)
    return Person(
        id=str(view.id),
        name=view.name,
        about=_about(view, context.language),
        role_word=t[f"role_{view.role.value}"],
        status=view.status.value,
        status_word=t[f"status_{view.status.value}"],
        can=" ".join(name for name, allowed in _allowed(view, context).items() if allowed),
        sure_disable=_sure_disable(view, held, context.language),
        warning=say("Так уже зовут работающего оператора.", context.language) if namesake else "",
    )


def _about(view: operators.OperatorView, language: str) -> str:
    t = words(language)
    presence = _presence(view, t, language)
    telegram = " ".join([t["in_telegram"], f"@{view.telegram_username}" if view.telegram_username else ""]).strip()
    if view.status is not AccountStatus.PENDING or view.telegram_id is None:
        parts = [view.login or t["no_login"], presence, telegram if view.telegram_id else ""]
    else:
        requested = say("заявка от {moment}", language, moment=when(view.created_at, language))
        parts = [f"{telegram} ({view.telegram_id})", requested]
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


def _allowed(view: operators.OperatorView, context: ViewContext) -> dict[str, bool]:
    active, pending = view.status is AccountStatus.ACTIVE, view.status is AccountStatus.PENDING
    other, bot = view.id != context.viewer, context.has_bot
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
    """Return the role named by a browser.

    Raises:
        InvalidRole: There is no such role.
    """
    try:
        return Role(value)
    except ValueError:
        raise operators.InvalidRole from None


class PeopleState(RefusedFields, rx.State):
    """All accounts.

    Attributes:
        link: A one-time link until the next action: ``text``, ``hint``, and ``of``, its operator (empty for a new one).
        invitation: A token of the invitation form; the second click of a double click sends a used token.
        opened: The operator whose sessions are listed.
        strangers: The number of applicants from Telegram waiting for confirmation.
    """

    people: list[Person] = []
    link: dict[str, str] = {}
    invitation: str = ""
    opened: str = ""
    strangers: int = 0
    sessions: list[Session] = []
    saved: str = ""

    @rx.event
    @shows_refusals
    async def open(self):
        """List the accounts."""
        self.link, self.opened, self.sessions, self.saved, self.refusal, self.wrong = {}, "", [], "", "", {}
        admin = await self._admin()
        await self._list(admin)

    @rx.event
    @shows_refusals
    async def invite(self, form: dict[str, Any]):
        """Create an invited account and its link; a double click creates one."""

        async def make(tx: Transaction, _: UUID) -> str:
            token = await operators.invite(tx, str(form.get("name") or ""), role_of(form.get("role")))
            self.invitation = token_hex(8)
            return token

        await self._admin()
        if str(form.get("invitation") or "") != self.invitation:
            return None
        return await self._linked(make, None)

    @rx.event
    async def invite_again(self, operator: str):
        """Create another link for an account that was never opened."""
        return await self._linked(operators.invite_again, operator)

    @rx.event
    async def reset_password(self, operator: str):
        """Create a link for choosing a new password."""
        return await self._linked(operators.reset_link, operator)

    @rx.event
    async def telegram(self, operator: str):
        """Create the link that connects an account to Telegram, or a command to send while the bot's name is unknown."""
        return await self._linked(operators.telegram_link_token, operator, telegram=True)

    @rx.event
    async def set_role(self, operator: str, role: str):
        """Make somebody an administrator, or an operator again."""

        async def change(tx: Transaction, operator_id: UUID, *, by: UUID) -> None:
            await operators.set_role(tx, operator_id, role_of(role), by=by)

        return await self._changed(change, operator, passes_admin=True)

    @rx.event
    async def disable(self, operator: str):
        """Disable an account: its sessions end, and its conversations return to the queue."""
        return await self._changed(handover.switch_off, operator, passes_admin=True)

    @rx.event
    async def enable(self, operator: str):
        """Enable an account again."""
        return await self._changed(operators.enable, operator)

    @rx.event
    async def confirm(self, operator: str):
        """Confirm an applicant from Telegram."""
        return await self._changed(operators.confirm, operator)

    @rx.event
    async def dismiss(self, operator: str):
        """Remove an account that was never used."""
        return await self._changed(operators.dismiss, operator)

    @rx.event
    async def dismiss_strangers(self):
        """Remove all unconfirmed applicants from Telegram."""

        async def dismiss(tx: Transaction, _: UUID) -> None:
            await operators.dismiss_strangers(tx)

        return await self._changed(dismiss, None)

    @rx.event
    async def untie(self, operator: str):
        """Disconnect an account from Telegram."""
        return await self._changed(handover.unlink_telegram, operator)

    @rx.event
    @shows_refusals
    async def show_sessions(self, operator: str):
        """List an operator's sessions."""
        await self._admin()
        await self._sessions(parse_id(operator))

    @rx.event
    async def revoke(self, session: str, operator: str):
        """End one session of an operator."""

        async def end(tx: Transaction, operator_id: UUID) -> None:
            await operators.revoke(tx, parse_id(session), operator_id)

        return await self._changed(end, operator)

    @shows_refusals
    async def _changed(
        self, verb: Callable[..., Awaitable[object]], operator: str | None, *, passes_admin: bool = False
    ):
        self.saved, self.link, self.wrong = "", {}, {}
        admin = await self._admin()
        operator_id = admin.id if operator is None else parse_id(operator)
        async with db.transaction() as tx:
            await (verb(tx, operator_id, by=admin.id) if passes_admin else verb(tx, operator_id))
        self.saved, self.refusal = say("Сохранено", self._language()), ""
        if self.opened:
            await self._sessions(parse_id(self.opened))
        await self._list(admin)

    @shows_refusals
    async def _linked(
        self, verb: Callable[[Transaction, UUID], Awaitable[str]], operator: str | None, *, telegram: bool = False
    ):
        self.saved, self.link, self.wrong = "", {}, {}
        admin = await self._admin()
        operator_id = admin.id if operator is None else parse_id(operator)
        async with db.transaction() as tx:
            token = await verb(tx, operator_id)
            to_bot = await channels.start_link(tx, token) if telegram else ""
        origin = config.current().public_url or "{0.scheme}://{0.netloc}".format(urlsplit(str(self.router.url)))
        text = (to_bot or f"/start {token}") if telegram else f"{origin}/welcome?token={token}"
        hint = ("telegram_link_hint" if to_bot else "telegram_hint") if telegram else "link_hint"
        self.link = {"text": text, "hint": words(self._language())[hint], "of": str(operator or "")}
        self.refusal = ""
        await self._list(admin)

    async def _list(self, admin: operators.SignedIn) -> None:
        async with db.reading() as tx:
            views = await operators.operators(tx)
            held = Counter(conversation.operator_id for conversation in await attention.attended(tx))
        context = ViewContext(self._language(), bool(config.current().telegram_token), admin.id)
        namesakes = operators.namesakes(views)
        self.people = [person(view, context, held[view.id], namesake=view.id in namesakes) for view in views]
        self.strangers = sum("confirm" in row["can"].split() for row in self.people)

    async def _sessions(self, operator_id: UUID) -> None:
        async with db.reading() as tx:
            views = await operators.sessions(tx, operator_id)
        self.opened = str(operator_id)
        self.sessions = [session_view(view, self._language()) for view in views]
