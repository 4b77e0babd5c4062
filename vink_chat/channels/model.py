"""The nouns: what is to be sent, which messages are known in a chat, and what each chat shows of a conversation."""

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from vink_chat.kit.clock import now
from vink_chat.kit.columns import Choice, Moment

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Before anything was written."""


def _number(*constraints: ForeignKey, name: str | None = None, **options: Any) -> Column[int]:
    # SQLite numbers rows by itself only in a column of the very type INTEGER.
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
    """What goes first in a chat where calls are limited."""

    DIALOGUE = 0
    CALL = 1
    TIDY = 2


class DeliveryStatus(StrEnum):
    """What became of a row of the outbox."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class LinkState(StrEnum):
    """Whether a chat is invited to a conversation, shows it, is through with it, or lost it with its group or topic.

    A lost one starts again there, with what was said meanwhile, as soon as possible.
    """

    INVITED = "invited"
    OPEN = "open"
    OVER = "over"
    LOST = "lost"


class Receipt(StrEnum):
    """How far an operator's message got."""

    SENT = "sent"
    NOTE = "note"
    READ = "read"


REACTIONS: Final = {Receipt.SENT: "👌", Receipt.NOTE: "✍", Receipt.READ: "👀"}


class Outgoing(SQLModel, table=True):
    """One call to be made for one chat, once. Rows of a conversation go out in the order of their ids.

    Attributes:
        silent: It arrives without a sound.
        priority: Its turn in its chat; tidying up waits for everything else, out of order.
        link_id: The link of the conversation it belongs to; None for other texts of the bot.
        message_id: The message of a thread it carries.
        unsure: How often it was tried without learning whether Telegram took it.
        reply_to: The Telegram message it replies or reacts to.
        edits: The row whose Telegram message it changes.
        not_before: Telegram asked to wait until then.
        telegram_id: Its number in the chat, once Telegram said ok.
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

    @property
    def is_unsent(self) -> bool:
        """Whether it is pending and was never attempted, so that it can still be changed in place."""
        return self.status is DeliveryStatus.PENDING and not self.tries


class Link(SQLModel, table=True):
    """One conversation in one chat: an operator's own chat, or a topic of the group.

    Attributes:
        operator_id: The operator whose own chat it is; None in the group.
        thread_id: The topic in the group, once made; None in an operator's own chat.
        relayed: Position of the last message that was put into the outbox.
        card_row_id: The row of the invitation or of the card, which is edited as the conversation moves.
        closed: The topic was closed.
        card_due: The topic is new and has no card yet.
        announced_alarm: The alarm last announced here, or that was over when the chat was invited.
        name: The topic's name as it was last asked for.
        rating: The rating that was passed on.
        commented: The comment on it was passed on.
        buttons_row_id: The row of the newest message that carries the buttons.
        touched_at: When its operator last wrote here, took it, or got it while the chat held no other; long ago if they
            got it beside another.
        touched_number: The newest message in the chat at that time.
        ended_at: When it last ended here.
        ending_row_id: The row that says that it is about to end, with the button that calls that off.
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
    """A Telegram message that a message of a thread came from or went to, so that replies and edits find it.

    Attributes:
        receipt: The last receipt its writer got; empty for what the bot sent itself.
    """

    __tablename__: str = "telegram_heard"  # pyright: ignore[reportIncompatibleVariableOverride]
    __table_args__ = (Index("telegram_heard_by_receipt", "conversation_id", "receipt"),)

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    telegram_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    conversation_id: UUID = Field(sa_column=Column(ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False))
    message_id: UUID | None = Field(default=None, index=True)
    receipt: str = Field(default="", max_length=8, sa_column_kwargs={"server_default": ""})


class KeptText(SQLModel, table=True):
    """A text of an operator that waits until they say which of their conversations it is for.

    Attributes:
        question: The row of the outbox that asks; texts under one question go out together.
        number: Its number in the chat.
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
    """The newest part of a text that an operator's Telegram cut into several messages; the next one belongs to it.

    Attributes:
        person: The writer's number in Telegram.
        said_at: Telegram's time, in seconds.
        conversation_id: The conversation it went to; None when it went nowhere.
        note: It was a note for colleagues.
        question: The row that asks whom it is for, when it is kept.
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
    """The line in a busy operator's own chat that says who else waits.

    Attributes:
        row: The row of the outbox that shows it; None while nobody waits.
        shown: The conversations it names, in order.
        alerted_at: The newest alarm it rang for.
    """

    __tablename__: str = "telegram_queue_notice"  # pyright: ignore[reportIncompatibleVariableOverride]

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    row: int | None = Field(default=None, sa_column=_number(nullable=True))
    shown: list[str] = Field(default_factory=list[str], sa_column=Column(JSON, nullable=False))
    alerted_at: datetime | None = Field(default=None, sa_type=Moment)


class HandledUpdate(SQLModel, table=True):
    """An update of the Bot API that was handled, so that it is not handled twice."""

    __tablename__: str = "telegram_update"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    broken: bool = False
    handled_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)


class Stranger(SQLModel, table=True):
    """A stranger who wrote to the bot and was answered: once."""

    __tablename__: str = "telegram_stranger"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    answered_at: datetime = Field(default_factory=now, sa_type=Moment)


class BotLease(SQLModel, table=True):
    """The one row that says which process serves the bot, until when, and how the bot is.

    Attributes:
        holder: The process; it renews the lease before ``until``, or another one takes over.
        bot_name: The bot's name, for deep links.
        bot_id: The bot whose updates and messages are known here; 0 before any was served, or if the token names none.
        push_fault: Why Telegram refused the webhook; empty when it did not, or none was asked for.
        lost_group: The group the bot was removed from, until it is back.
        heard_at: When Telegram last answered a poll, or pushed an update.
        fault: What is wrong with the bot now (see ``channel.Health``); empty when nothing is.
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
