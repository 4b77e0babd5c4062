"""Views of accounts, sessions and links for other rooms: frozen, without hashes and tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from vink_chat.kit.errors import Forbidden
from vink_chat.operators.model import AccountStatus, OneTimeLink, Operator, Presence, Purpose, QueueSound, Role, Session


@dataclass(frozen=True, slots=True)
class Sounds:
    """When an operator's desk rings."""

    queue: QueueSound = QueueSound.REPEATED
    own: bool = True
    muted_until: datetime | None = None

    @classmethod
    def of(cls, row: Operator) -> Self:
        """Return the sound settings of an account."""
        return cls(row.queue_sound, row.own_sound, row.muted_until)


@dataclass(frozen=True, slots=True)
class OperatorView:
    """An account as colleagues and administrators see it.

    Attributes:
        login: Empty until an invitation is accepted.
        presence: What the operator chose.
        present: Whether they are on shift and can answer now.
        lost_at: When their last desk was lost, if that set their presence to away.
        can_sign_in: Whether it has a login and a password (it may still be disabled).
    """

    id: UUID
    login: str
    name: str
    role: Role
    status: AccountStatus
    presence: Presence
    presence_at: datetime
    present: bool
    lost_at: datetime | None
    telegram_id: int | None
    can_sign_in: bool
    language: str
    created_at: datetime
    sounds: Sounds
    telegram_username: str = ""

    @classmethod
    def of(cls, row: Operator, *, present: bool) -> Self:
        """Return the view of a row."""
        return cls(
            id=row.id,
            login=row.login or "",
            name=row.name,
            role=row.role,
            status=row.status,
            presence=row.presence,
            presence_at=row.presence_at,
            present=present,
            lost_at=row.lost_at,
            telegram_id=row.telegram_id,
            can_sign_in=row.password_hash is not None,
            language=row.language,
            created_at=row.created_at,
            sounds=Sounds.of(row),
            telegram_username=row.telegram_username,
        )

    @property
    def shown_presence(self) -> Presence:
        """The presence that others see: an operator who cannot answer is shown as away."""
        return Presence.AWAY if self.presence is Presence.HERE and not self.present else self.presence


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The operator behind a request, according to the session.

    Attributes:
        id: The operator's id.
        presence: What the operator chose.
        lost_at: When losing the last desk set their presence to away, if it did.
        touch_due: Whether the session's «last seen» is more than a minute old (see ``sessions.touch``).
    """

    id: UUID
    session_id: UUID
    name: str
    role: Role
    presence: Presence
    language: str
    lost_at: datetime | None = None
    touch_due: bool = False

    @property
    def is_admin(self) -> bool:
        """Whether they may administer the chat."""
        return self.role is Role.ADMIN

    def require_admin(self) -> None:
        """Refuse anybody but an administrator.

        Raises:
            Forbidden: They are not an administrator.
        """
        if not self.is_admin:
            raise Forbidden


@dataclass(frozen=True, slots=True)
class SessionView:
    """A signed-in browser as its owner and administrators see it."""

    id: UUID
    operator_id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str

    @classmethod
    def of(cls, row: Session) -> Self:
        """Return the view of a row."""
        return cls(row.id, row.operator_id, row.created_at, row.seen_at, row.expires_at, row.user_agent, row.address)


@dataclass(frozen=True, slots=True)
class LinkView:
    """What a one-time link will do, for the page it opens.

    Attributes:
        name: The invited person's name, empty for the first administrator.
        login: The login whose password is reset, otherwise empty.
    """

    purpose: Purpose
    role: Role
    name: str
    login: str
    expires_at: datetime

    @classmethod
    def of(cls, row: OneTimeLink, operator: Operator | None) -> Self:
        """Return the view of a row."""
        name, login = (operator.name, operator.login or "") if operator else ("", "")
        return cls(row.purpose, operator.role if operator else row.role, name, login, row.expires_at)
