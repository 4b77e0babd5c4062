"""What an administrator sees of the accounts: nothing of a hash or a token."""

from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from vink_chat import operators
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus, Presence, Role
from vink_chat.pages.admin.words import words
from vink_chat.pages.shared.formats import when


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
