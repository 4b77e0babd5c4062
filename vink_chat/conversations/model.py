"""The tables and enums of the conversations: visitors, conversations, messages, calls, ratings."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlmodel import Field, SQLModel
from typing_extensions import TypedDict

from vink_chat.kit.clock import now
from vink_chat.kit.columns import Choice, Moment, Record
from vink_chat.kit.words import say

LONGEST_MESSAGE: Final = 4000
LONGEST_COMMENT: Final = 1000
LONGEST_REPLY: Final = 4096
"""Of an operator's reply: as long as one message in Telegram."""


class Status(StrEnum):
    """Who holds a conversation."""

    ASSISTED = "assisted"
    WAITING = "waiting"
    ATTENDED = "attended"
    CLOSED = "closed"


class Author(StrEnum):
    """Who wrote a message. SYSTEM texts are written by code."""

    VISITOR = "visitor"
    ASSISTANT = "assistant"
    OPERATOR = "operator"
    SYSTEM = "system"


class Reason(StrEnum):
    """Why a conversation made its last move."""

    NONE = ""
    BUTTON = "button"
    WORDS = "words"
    PREFERENCE = "preference"
    CHECK_FAILED = "check_failed"
    LOW_CONFIDENCE = "low_confidence"
    PROVIDER_DOWN = "provider_down"
    TURN_LIMIT = "turn_limit"
    OPERATOR = "operator"
    CONTACTS_LEFT = "contacts_left"
    FINISHED = "finished"
    IDLE = "idle"
    GONE = "gone"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    VISITOR_WROTE = "visitor_wrote"
    BLOCKED = "blocked"


class Priority(IntEnum):
    """How urgent operators consider a conversation; a smaller number is answered first."""

    URGENT = 1
    HIGH = 2
    NORMAL = 3
    LOW = 4

    @property
    def sentence(self) -> str:
        """Its name in Russian, an adjective of «разговор»."""
        return _KINDS[self]

    def word(self, language: str) -> str:
        """Return its name in a language."""
        return say(self.sentence, language)


_KINDS: Final = {
    Priority.URGENT: "Срочный",
    Priority.HIGH: "Важный",
    Priority.NORMAL: "Обычный",
    Priority.LOW: "Не срочный",
}


class HandoffKind(StrEnum):
    """How a conversation left the operator who held it, for another one or for the queue."""

    TRANSFERRED = "transferred"
    TAKEN_OVER = "taken_over"
    RELEASED = "released"
    UNANSWERED = "unanswered"
    ABSENT = "absent"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Handoff:
    """Who moved a conversation last, and why.

    Attributes:
        by: The name of the operator it left.
        from_id: The account of that operator, when it was taken over.
        to: The name of the operator it went to, when transferred or taken over.
        note: What the one wrote for the other.
        minutes: How long the visitor had waited for a reply, when unanswered.
    """

    kind: HandoffKind
    by: str
    to: str = ""
    note: str = ""
    minutes: int = 0
    from_id: UUID | None = None


class ReplyKind(StrEnum):
    """What pressing a quick reply does: sends a question in the visitor's name, or calls a person."""

    QUESTION = "question"
    CALL = "call"


class QuickReply(TypedDict):
    """A button under a message of the assistant.

    Attributes:
        kind: A value of ``ReplyKind``.
        text: The label; a question is sent as the visitor's own message.
    """

    kind: str
    text: str


class Visitor(SQLModel, table=True):
    """A browser that writes to the chat. The browser keeps its secret; only the hash is stored here.

    The id is the first half of the secret's SHA-256, so a tab can subscribe before the first message makes the row.

    Attributes:
        address: The network they last wrote from, as ``network_of`` names it; erased after a while, never sent to a
            model.
        shared_address: Whether that is a proxy in front of the chat, whose address all visitors share.
        blocked_at: When an operator blocked them; ``blocked_until`` is when that ends, None for never.
    """

    __tablename__: str = "visitor"  # pyright: ignore[reportIncompatibleVariableOverride]
    __table_args__ = (
        Index(
            "visitor_blocked",
            "blocked_at",
            sqlite_where=text("blocked_at IS NOT NULL"),
            postgresql_where=text("blocked_at IS NOT NULL"),
        ),
        Index(
            "visitor_with_address",
            "seen_at",
            sqlite_where=text("address != ''"),
            postgresql_where=text("address != ''"),
        ),
    )

    id: UUID = Field(primary_key=True)
    secret_hash: str = Field(max_length=64, unique=True)
    last_position: int = 0
    name: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=320)
    phone: str = Field(default="", max_length=40)
    language: str = Field(default="ru", max_length=8)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    seen_at: datetime = Field(default_factory=now, sa_type=Moment)
    blocked_at: datetime | None = Field(default=None, sa_type=Moment)
    blocked_until: datetime | None = Field(default=None, sa_type=Moment)
    blocked_by: str = Field(default="", max_length=200)
    blocked_reason: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=64)
    shared_address: bool = False


class BlockedAddress(SQLModel, table=True):
    """A network from which nobody may write, for a while or for good.

    Attributes:
        place: The network, as ``network_of`` names it.
        visitor_id: The visitor it was blocked with; None once they are erased.
    """

    __tablename__: str = "blocked_address"  # pyright: ignore[reportIncompatibleVariableOverride]

    place: str = Field(max_length=64, primary_key=True)
    visitor_id: UUID | None = Field(
        default=None, sa_column=Column(ForeignKey("visitor.id", ondelete="SET NULL"), nullable=True, index=True)
    )
    blocked_at: datetime = Field(default_factory=now, sa_type=Moment)
    blocked_until: datetime | None = Field(default=None, sa_type=Moment)
    blocked_by: str = Field(default="", max_length=200)
    blocked_reason: str = Field(default="", max_length=200)


class Conversation(SQLModel, table=True):
    """A conversation of one visitor, from its first message to its end.

    Attributes:
        priority: A value of ``Priority``, which operators set; normal again once its visitor reopens a closed one.
        asked_position: Position of the visitor's last message.
        asked_at: When the assistant was last asked: by that message, or again after a crash.
        answered_position: Messages up to this position are answered, or an operator was called to answer them.
        operator_read: How far the operators have read, as the visitor sees it; each operator's own mark is a
            ``ReadMark``.
        unsure_in_a_row: How many answers in a row the assistant was unsure of.
        ends_at: When it will end because its holder asked for it; None again if somebody writes or moves it first.
        question: What the visitor asked last before a person was called, or while they wait; empty if nothing.
        handoff: The last move between operators and the queue since the last call; None without one.
        queue_notice_id: The message that told the visitor a place in the queue, or that an operator answers soon; None
            once they no longer wait.
        led_by: The operator who held it when it last ended or went back to the assistant, at ``led_until``.
        offered_to: The operator to whom alone the call of a returning visitor is offered now; ``offered_name`` is their
            name. ``offered_until`` is when the offer ends or has ended.
        callback_since: Since when a waiting visitor who left contacts is away: they are to be called back, and are not
            in the queue.
    """

    __tablename__: str = "conversation"  # pyright: ignore[reportIncompatibleVariableOverride]
    __table_args__ = (
        Index("conversation_by_visitor", "visitor_id", "created_at"),
        Index("conversation_by_status", "status", "last_at"),
        Index("conversation_by_priority", "status", "priority", "last_at"),
        Index("conversation_by_wait", "status", "priority", "waiting_since"),
        Index("conversation_held", "status", "operator_id"),
        Index(
            "conversation_unanswered",
            "asked_at",
            sqlite_where=text("answered_position < asked_position"),
            postgresql_where=text("answered_position < asked_position"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    visitor_id: UUID = Field(sa_column=Column(ForeignKey("visitor.id", ondelete="CASCADE"), nullable=False))
    status: Status = Field(default=Status.ASSISTED, sa_type=Choice(Status))  # pyright: ignore[reportArgumentType]
    reason: Reason = Field(default=Reason.NONE, sa_type=Choice(Reason))  # pyright: ignore[reportArgumentType]
    priority: int = Field(default=Priority.NORMAL, sa_type=SmallInteger, sa_column_kwargs={"server_default": "3"})
    operator_id: UUID | None = Field(default=None, index=True)
    operator_name: str = Field(default="", max_length=200)
    language: str = Field(default="ru", max_length=8)
    channel: str = Field(default="page", max_length=16)
    page: str = Field(default="", max_length=1000)
    referrer: str = Field(default="", max_length=1000)
    campaign: str = Field(default="", max_length=500)
    device: str = Field(default="", max_length=400)
    asked_position: int = 0
    answered_position: int = 0
    asked_at: datetime = Field(default_factory=now, sa_type=Moment)
    visitor_read: int = 0
    operator_read: int = 0
    unsure_in_a_row: int = 0
    assistant_turns: int = 0
    last_text: str = Field(default="", max_length=200)
    last_author: Author = Field(default=Author.VISITOR, sa_type=Choice(Author))  # pyright: ignore[reportArgumentType]
    last_at: datetime = Field(default_factory=now, sa_type=Moment)
    created_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
    moved_at: datetime = Field(default_factory=now, sa_type=Moment)
    waiting_since: datetime | None = Field(default=None, sa_type=Moment)
    alerted_at: datetime | None = Field(default=None, sa_type=Moment)
    form_offered_at: datetime | None = Field(default=None, sa_type=Moment)
    promised_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    ends_at: datetime | None = Field(default=None, sa_type=Moment)
    rating: int | None = None
    rating_comment: str = Field(default="", max_length=LONGEST_COMMENT, sa_column_kwargs={"server_default": ""})
    question: str = Field(default="", max_length=200)
    handoff: Handoff | None = Field(default=None, sa_type=Record(Handoff))  # pyright: ignore[reportArgumentType]
    card: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    queue_notice_id: UUID | None = None
    callback_since: datetime | None = Field(default=None, sa_type=Moment)
    led_by: UUID | None = None
    led_until: datetime | None = Field(default=None, sa_type=Moment)
    offered_to: UUID | None = None
    offered_name: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    offered_until: datetime | None = Field(default=None, sa_type=Moment)


class Message(SQLModel, table=True):
    """One message of a thread.

    Attributes:
        position: Grows with every message of the visitor's whole thread: the cursor of «what is new».
        client_id: The id the browser gave the message: a repeated send finds the first one.
        note: Written by operators for operators; never shown to the visitor.
        sources: The articles an answer of the assistant is based on: ``[{"title": …, "url": …}]``.
        quick_replies: Buttons the visitor may answer with, while this is the last message of the thread.
        quote_id: The message this one answers; ``quote`` is the beginning of its text at that time.
        unread_rest: Whether the REST contract has still to deliver it.
        reason: For a notice of the end: why the conversation ended. Its author fields name who ended it.
    """

    __tablename__: str = "message"  # pyright: ignore[reportIncompatibleVariableOverride]
    __table_args__ = (
        UniqueConstraint("visitor_id", "position"),
        UniqueConstraint("visitor_id", "client_id"),
        Index("message_by_conversation", "conversation_id", "position"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    conversation_id: UUID = Field(sa_column=Column(ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False))
    visitor_id: UUID = Field(sa_column=Column(ForeignKey("visitor.id", ondelete="CASCADE"), nullable=False))
    position: int
    author: Author = Field(sa_type=Choice(Author))  # pyright: ignore[reportArgumentType]
    author_name: str = Field(default="", max_length=200)
    operator_id: UUID | None = None
    text: str
    client_id: str | None = Field(default=None, max_length=64)
    note: bool = False
    sources: list[dict[str, str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    quick_replies: list[QuickReply] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    run_id: UUID | None = None
    quote_id: UUID | None = None
    quote: str = Field(default="", max_length=200)
    unread_rest: bool = True
    reason: Reason = Field(default=Reason.NONE, sa_type=Choice(Reason))  # pyright: ignore[reportArgumentType]
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)


class VisitorConsent(SQLModel, table=True):
    """A visitor's consent to the processing of their data: when, from which address, to which text.

    Attributes:
        text: The text they agreed to, word for word; it and ``policy_url`` identify the version.
    """

    __tablename__: str = "visitor_consent"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    visitor_id: UUID = Field(sa_column=Column(ForeignKey("visitor.id", ondelete="CASCADE"), nullable=False, index=True))
    text: str = Field(max_length=500)
    policy_url: str = Field(max_length=500)
    address: str = Field(max_length=64)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class ReadMark(SQLModel, table=True):
    """How far one operator has read an open conversation; the mark that visitors see is ``operator_read``."""

    __tablename__: str = "operator_read_mark"  # pyright: ignore[reportIncompatibleVariableOverride]

    conversation_id: UUID = Field(
        sa_column=Column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    operator_id: UUID = Field(primary_key=True)
    position: int


class Call(SQLModel, table=True):
    """A call of a person into a conversation: when, and why.

    A conversation only keeps the reason of its last move; these rows stay, for the statistics.

    Attributes:
        withdrawn_at: When the visitor withdrew the call.
    """

    __tablename__: str = "conversation_call"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    conversation_id: UUID = Field(
        sa_column=Column(ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    reason: Reason = Field(default=Reason.NONE, sa_type=Choice(Reason))  # pyright: ignore[reportArgumentType]
    created_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


class Rating(SQLModel, table=True):
    """The stars a visitor gave at one end of a conversation, and their comment.

    A conversation that reopens loses its rating, because its next end is rated again; these rows stay, for the
    statistics.
    """

    __tablename__: str = "conversation_rating"  # pyright: ignore[reportIncompatibleVariableOverride]

    conversation_id: UUID = Field(
        sa_column=Column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    ended_at: datetime = Field(sa_type=Moment, primary_key=True, index=True)
    stars: int
    comment: str = Field(default="", max_length=LONGEST_COMMENT, sa_column_kwargs={"server_default": ""})
