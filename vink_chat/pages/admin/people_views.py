"""What an administrator sees of the accounts: nothing of a hash or a token."""

from typing import TypedDict

from vink_chat import operators
from vink_chat.operators import AccountStatus, Presence, Role


class Person(TypedDict):
    """One account.

    Attributes:
        about: Login, presence, Telegram, in one line.
        can: What may be done with it, words with spaces between: ``reset invite confirm telegram``.
    """

    id: str
    name: str
    about: str
    role: str
    status: str
    status_word: str
    can: str


def person(view: operators.OperatorView, t: dict[str, str], bot: bool) -> Person:  # noqa: FBT001  one fact of the settings
    """Show an account."""
    presence = {Presence.HERE: t["here"], Presence.AWAY: t["away"], Presence.OFF: t["off"]}[view.presence]
    about = [view.login or t["no_login"], presence, t["in_telegram"] if view.telegram_id else ""]
    return Person(
        id=str(view.id),
        name=view.name,
        about=" · ".join(part for part in about if part),
        role=view.role.value,
        status=view.status.value,
        status_word=t[f"status_{view.status.value}"],
        can=" ".join(name for name, allowed in _allowed(view, bot=bot).items() if allowed),
    )


def _allowed(view: operators.OperatorView, *, bot: bool) -> dict[str, bool]:
    active, pending = view.status is AccountStatus.ACTIVE, view.status is AccountStatus.PENDING
    return {
        "disable": active,
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
        WrongRole: There is no such role.
    """
    try:
        return Role(value)
    except ValueError:
        raise operators.WrongRole from None
