"""The tables of operators: accounts, sessions, messengers and one-time links."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, ForeignKey, Index, false
from sqlmodel import Field, SQLModel

from vink_chat.kit.clock import now
from vink_chat.kit.columns import Choice, Moment


class Role(StrEnum):
    """What an account may do: answer visitors, or also administer the chat."""

    OPERATOR = "operator"
    ADMIN = "admin"


class AccountStatus(StrEnum):
    """Whether an account may be used: not yet, now, or no longer."""

    PENDING = "pending"
    ACTIVE = "active"
    DISABLED = "disabled"


class Presence(StrEnum):
    """Whether an operator takes conversations: на месте, отошёл, не на смене."""

    HERE = "here"
    AWAY = "away"
    OFF = "off"


class QueueSound(StrEnum):
    """When the desk rings for the queue: for a call and again until it is taken, for a call only, or never."""

    REPEATED = "repeated"
    ONCE = "once"
    OFF = "off"


class Purpose(StrEnum):
    """What a one-time link is for."""

    INVITE = "invite"
    RESET = "reset"
    FIRST_ADMIN = "first_admin"
    TELEGRAM = "telegram"


class Operator(SQLModel, table=True):
    """An account. Without a password it answers in Telegram only, or its invitation was not accepted yet.

    Attributes:
        login: As the operator types it; None until an invitation is accepted.
        telegram_username: The last known username of their Telegram account, without the @.
        login_key: The login in the form used for comparison: case and Unicode form do not matter.
        own_sound: Whether the desk rings for news in conversations they hold.
        muted_until: Until when the desk is silent, whatever the other settings.
        presence: What the operator chose; ``operators.on_shift`` says whether they can answer now.
        lost_at: When losing the last open desk set the presence to away; None once the operator chose again.
        answers_in_telegram: They chose their presence or took a conversation in Telegram, so they need no open desk.
    """

    __tablename__: str = "operator"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    login: str | None = Field(default=None, max_length=64)
    login_key: str | None = Field(default=None, max_length=200, unique=True)
    name: str = Field(max_length=80)
    role: Role = Field(default=Role.OPERATOR, sa_type=Choice(Role))  # pyright: ignore[reportArgumentType]
    password_hash: str | None = Field(default=None, max_length=255)
    status: AccountStatus = Field(default=AccountStatus.PENDING, sa_type=Choice(AccountStatus))  # pyright: ignore[reportArgumentType]
    presence: Presence = Field(default=Presence.OFF, sa_type=Choice(Presence))  # pyright: ignore[reportArgumentType]
    presence_at: datetime = Field(default_factory=now, sa_type=Moment)
    lost_at: datetime | None = Field(default=None, sa_type=Moment)
    answers_in_telegram: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    telegram_id: int | None = Field(default=None, sa_column=Column(BigInteger, unique=True, nullable=True))
    telegram_username: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    language: str = Field(default="ru", max_length=8)
    queue_sound: QueueSound = Field(default=QueueSound.REPEATED, sa_type=Choice(QueueSound))  # pyright: ignore[reportArgumentType]
    own_sound: bool = True
    muted_until: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class Session(SQLModel, table=True):
    """A signed-in browser. The token is in its cookie; only the hash is stored.

    Attributes:
        desk_seen_at: When a desk of this browser was last known to be open; None if none was since the last loss.
        desk_until: Until when that desk counts as open; the process that serves the tab extends it.
    """

    __tablename__: str = "operator_session"  # pyright: ignore[reportIncompatibleVariableOverride]
    __table_args__ = (Index("operator_session_by_operator", "operator_id", "created_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    operator_id: UUID = Field(sa_column=Column(ForeignKey("operator.id", ondelete="CASCADE"), nullable=False))
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    seen_at: datetime = Field(default_factory=now, sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    user_agent: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=64)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    desk_seen_at: datetime | None = Field(default=None, sa_type=Moment)
    desk_until: datetime | None = Field(default=None, sa_type=Moment)


class Messenger(SQLModel, table=True):
    """A messenger in which operators answer, and until when it counts as working."""

    __tablename__: str = "messenger"  # pyright: ignore[reportIncompatibleVariableOverride]

    name: str = Field(primary_key=True, max_length=32)
    works_until: datetime = Field(sa_type=Moment)


class OneTimeLink(SQLModel, table=True):
    """A link that works once and for a limited time.

    Attributes:
        operator_id: The account; None for the first administrator, whose account it creates.
        used_at: When it was used or replaced by a newer one.
    """

    __tablename__: str = "one_time_link"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    purpose: Purpose = Field(sa_type=Choice(Purpose))  # pyright: ignore[reportArgumentType]
    token_hash: str = Field(max_length=64, unique=True)
    operator_id: UUID | None = Field(
        default=None, sa_column=Column(ForeignKey("operator.id", ondelete="CASCADE"), nullable=True, index=True)
    )
    role: Role = Field(default=Role.OPERATOR, sa_type=Choice(Role))  # pyright: ignore[reportArgumentType]
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
