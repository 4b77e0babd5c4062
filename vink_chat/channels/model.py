"""The tables: the outbox, the messages and conversations in each Telegram chat, and the lease on the bot."""

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from vink_chat.kit.clock import now
from vink_chat.kit.columns import Choice, Moment

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""A time before any message."""


def _number(*constraints: ForeignKey, name: str | None = None, **options: Any) -> Column[int]:
    # SQLite generates row ids only for a column of type INTEGER.
    return Column(name, BigInteger().with_variant(Integer, "sqlite"), *constraints, **options)


class Kind(StrEnum):
    """The call of the Bot API that a row of the outbox needs."""

    TEXT = "text"
    EDIT = "edit"
    NAME = "name"
    KEYBOARD = "keyboard"
    DELETE = "delete"
    DOCUMENT = "document"
    REACTION = "reaction"


class Priority(IntEnum):
    """The order of calls in a chat; TIDY rows wait for all others."""

    DIALOGUE = 0
    CALL = 1
    TIDY = 2


class DeliveryStatus(StrEnum):
    """The state of a row of the outbox."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class LinkState(StrEnum):
    """Whether a chat is invited to a conversation, shows it, has finished it, or lost it with its group or topic.

    A lost one starts again there as soon as possible, with a transcript.
    """

    INVITED = "invited"
    OPEN = "open"
    OVER = "over"
    LOST = "lost"


class Receipt(StrEnum):
    """How far an operator's message got, which the bot shows as a reaction."""

    SENT = "sent"
    NOTE = "note"
    READ = "read"


REACTIONS: Final = {Receipt.SENT: "👌", Receipt.NOTE: "✍", Receipt.READ: "👀"}


class Outgoing(SQLModel, table=True):
    """A row of the outbox: one call to one chat. The rows of a conversation are sent in the order of their ids.

    Attributes:
        silent: Whether it arrives without a sound.
        priority: Its priority in its chat; TIDY rows wait for all others, out of order.
        link_id: The link of the conversation it belongs to; None for other texts of the bot.
        message_id: The message of a thread that it relays.
        unsure: How many attempts had an unknown outcome.
        reply_to: The id of the Telegram message it replies or reacts to.
        edits: The row whose Telegram message it changes.
        not_before: When it may be tried again.
        telegram_id: The id of its Telegram message, once it was sent.
    """

    __tablename__: str = "telegram_outgoing"  # pyright: ignore[reportIncompatibleVariableOverride]
    __table_args__ = (
        Index(
            "telegram_outgoing_pending",
            "chat_id",
            "id",
            sqlite_where=text("fate = 'pending'"),
            postgresql_where=text("fate = 'pending'"),
        ),
        Index("telegram_outgoing_sent", "sent_at"),
        Index("telegram_outgoing_by_number", "chat_id", "telegram_id"),
    )

    id: int | None = Field(default=None, sa_column=_number(primary_key=True, autoincrement=True))
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    link_id: int | None = Field(
        default=None,
        # Texts are erased with their conversation.
        sa_column=_number(ForeignKey("telegram_link.id", ondelete="CASCADE"), nullable=True, index=True),
    )
    kind: Kind = Field(default=Kind.TEXT, sa_type=Choice(Kind))  # pyright: ignore[reportArgumentType]
    text: str = ""
    markup: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    message_id: UUID | None = None
    reply_to: int | None = Field(default=None, sa_column=Column("answers", BigInteger, key="reply_to", nullable=True))
    silent: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    priority: int = Field(default=Priority.DIALOGUE, sa_column_kwargs={"server_default": "0"})
    edits: int | None = Field(default=None, sa_column=_number(nullable=True))
    status: DeliveryStatus = Field(
        default=DeliveryStatus.PENDING,
        sa_column=Column("fate", Choice(DeliveryStatus), key="status", nullable=False),
    )
    tries: int = 0
    unsure: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    fault: str = Field(default="", max_length=300)
    not_before: datetime | None = Field(default=None, sa_type=Moment)
    telegram_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)

    def fail(self, fault: str) -> None:
        """Mark it as failed, with Telegram's error, which is cut to fit its column."""
        self.status, self.fault = DeliveryStatus.FAILED, fault[:300]

    @property
    def is_unsent(self) -> bool:
        """Whether it is pending and was never attempted, so that it can still be changed in place."""
        return self.status is DeliveryStatus.PENDING and not self.tries


class Link(SQLModel, table=True):
    """One conversation in one chat: an operator's own chat, or a topic of the group.

    Attributes:
        operator_id: The operator whose own chat it is; None in the group.
        thread_id: The topic in the group, once created; None in an operator's own chat.
        relayed: The position of the last message that was queued.
        card_row_id: The row of the invitation or of the card, which is edited as the conversation moves.
        closed: Whether the topic was closed.
        card_due: Whether the topic is new and has no card yet.
        announced_alarm: The alarm last announced here, or already over when the chat was invited.
        name: The last name requested for the topic.
        rating: The rating last shown here.
        commented: Whether the comment on it was shown here.
        buttons_row_id: The row of the newest message with the buttons.
        touched_at: When its operator last wrote here or took it, or got it while the chat held no other conversation;
            LONG_AGO if they got it beside another.
        touched_number: The id of the newest Telegram message in the chat at that time.
        ended_at: When it last ended here.
        ending_row_id: The row that announces its end, with the cancel button.
    """

    __tablename__: str = "telegram_link"  # pyright: ignore[reportIncompatibleVariableOverride]
    __table_args__ = (
        UniqueConstraint("conversation_id", "chat_id"),
        Index("telegram_link_by_stand", "state", "chat_id"),
        Index("telegram_link_by_thread", "chat_id", "thread_id"),
    )

    id: int | None = Field(default=None, sa_column=_number(primary_key=True, autoincrement=True))
    conversation_id: UUID = Field(sa_column=Column(ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False))
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    operator_id: UUID | None = None
    topic: bool = False
    thread_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    state: LinkState = Field(
        default=LinkState.INVITED, sa_column=Column("stand", Choice(LinkState), key="state", nullable=False)
    )
    relayed: int = 0
    card_row_id: int | None = Field(default=None, sa_column=_number(name="head", key="card_row_id", nullable=True))
    closed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    card_due: bool = False
    announced_alarm: str = Field(
        default="", sa_column=Column("told", String(64), key="announced_alarm", nullable=False)
    )
    name: str = Field(default="", max_length=128)
    rating: int | None = None
    commented: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    buttons_row_id: int | None = Field(
        default=None, sa_column=_number(name="keyboard", key="buttons_row_id", nullable=True)
    )
    touched_at: datetime = Field(default=LONG_AGO, sa_type=Moment)
    touched_number: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    ending_row_id: int | None = Field(
        default=None, sa_column=_number(name="ending", key="ending_row_id", nullable=True)
    )


def saved_id(row: Outgoing | Link) -> int:
    """Return the id of a row that is stored."""
    assert row.id is not None  # noqa: S101  the caller read or stored it
    return row.id


class TelegramMessage(SQLModel, table=True):
    """Maps a Telegram message to the message of a thread that it shows, so that replies and edits find it.

    Attributes:
        receipt: The last receipt shown to its author; empty for the bot's own messages.
    """

    __tablename__: str = "telegram_heard"  # pyright: ignore[reportIncompatibleVariableOverride]
    __table_args__ = (Index("telegram_heard_by_receipt", "conversation_id", "receipt"),)

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    telegram_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    conversation_id: UUID = Field(sa_column=Column(ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False))
    message_id: UUID | None = Field(default=None, index=True)
    receipt: str = Field(default="", max_length=8, sa_column_kwargs={"server_default": ""})


class KeptText(SQLModel, table=True):
    """A text of an operator, kept until they choose which of their conversations it is for.

    Attributes:
        question: The row of the outbox that asks; texts with the same question are posted together.
        number: The id of its Telegram message.
    """

    __tablename__: str = "telegram_kept_text"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: int | None = Field(default=None, sa_column=_number(primary_key=True, autoincrement=True))
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    operator_id: UUID
    question: int = Field(sa_column=_number(nullable=False))
    number: int = Field(sa_column=Column(BigInteger, nullable=False))
    text: str = ""
    kept_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)


class SplitText(SQLModel, table=True):
    """The newest part of a long text that Telegram split into several messages; the next part belongs to it.

    Attributes:
        person: The author's Telegram user id.
        said_at: Telegram's time, in seconds.
        conversation_id: The conversation it was posted in; None if it was posted nowhere.
        note: Whether it was a note for colleagues.
        question: The row that asks whom it is for, if it is kept.
    """

    __tablename__: str = "telegram_cut_text"  # pyright: ignore[reportIncompatibleVariableOverride]

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    person: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    thread_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    said_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    conversation_id: UUID | None = None
    note: bool = False
    question: int | None = Field(default=None, sa_column=_number(nullable=True))


class QueueNotice(SQLModel, table=True):
    """The message in a busy operator's own chat that lists who else waits.

    Attributes:
        row: The row of the outbox that shows it; None while nobody waits.
        shown: The conversations it lists, in order.
        alerted_at: The newest alarm it notified of.
    """

    __tablename__: str = "telegram_queue_notice"  # pyright: ignore[reportIncompatibleVariableOverride]

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    row: int | None = Field(default=None, sa_column=_number(nullable=True))
    shown: list[str] = Field(default_factory=list[str], sa_column=Column(JSON, nullable=False))
    alerted_at: datetime | None = Field(default=None, sa_type=Moment)


class HandledUpdate(SQLModel, table=True):
    """A handled update of the Bot API, recorded so that it is not handled twice."""

    __tablename__: str = "telegram_update"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    broken: bool = False
    handled_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)


class Stranger(SQLModel, table=True):
    """A stranger who wrote to the bot and got their one answer."""

    __tablename__: str = "telegram_stranger"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    answered_at: datetime = Field(default_factory=now, sa_type=Moment)


class BotLease(SQLModel, table=True):
    """The only row: which process serves the bot, until when, and the health of the bot.

    Attributes:
        holder: The process; it renews the lease before ``until``, or another one takes over.
        bot_name: The bot's username, for deep links.
        bot_id: The bot whose updates and messages are stored; 0 before any was served, or if the token is malformed.
        push_fault: Why Telegram refused the webhook; empty if it did not, or none is used.
        lost_group: The group the bot was removed from, until it is back.
        heard_at: When Telegram last answered a poll, or pushed an update.
        fault: What is wrong with the bot (see ``channel.Health``); empty if healthy.
        fault_at: Since when.
    """

    __tablename__: str = "telegram_post"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: int = Field(default=1, primary_key=True)
    holder: str = Field(default="", max_length=32)
    until: datetime = Field(default_factory=now, sa_type=Moment)
    bot_name: str = Field(default="", max_length=64)
    bot_id: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    push_fault: str = Field(default="", max_length=300)
    lost_group: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    heard_at: datetime | None = Field(default=None, sa_type=Moment)
    fault: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": ""})
    fault_at: datetime | None = Field(default=None, sa_type=Moment)
