"""The boxes an operator looks into."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from vink_chat.conversations.model import Author, Handoff, Reason, Status


class Box(StrEnum):
    """A part of the queue. Whoever waits stands in WAITING, or in CALLBACK when they left contacts and went away."""

    WAITING = "waiting"
    CALLBACK = "callback"
    MINE = "mine"
    ALL = "all"
    CLOSED = "closed"


class Only(StrEnum):
    """A kind of conversations that the overview counts."""

    ASSISTANT = "assistant"
    CALLED = "called"
    MISSED = "missed"
    RATED = "rated"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations are asked for.

    Attributes:
        operator_id: Whose, for MINE.
        reason: Only those in which a person was called for this reason, when not empty.
        only: Only those the assistant answered alone, in which a person was called, was called and never wrote, or
            that were rated.
        since: Only those begun (the person called, what was rated ended) at this moment or later.
        until: Only those before this moment.
        ended: For ALL: also those that are over.
    """

    box: Box
    operator_id: UUID | None = None
    reason: str = ""
    only: Only | None = None
    since: datetime | None = None
    until: datetime | None = None
    ended: bool = False


class Held(NamedTuple):
    """One conversation that an operator holds, and what is new in it for them.

    Attributes:
        read: How far the holder has read it; None when they have not looked since it was given to them.
    """

    operator_id: UUID
    id: UUID
    visitor_id: UUID
    visitor_name: str
    last_text: str
    asked_position: int
    asked_at: datetime
    moved_at: datetime
    handoff: Handoff | None
    read: int | None

    @property
    def unread(self) -> bool:
        """Whether the holder has something to read in it."""
        return self.read is None or self.asked_position > self.read


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation in a list.

    Attributes:
        said_by: Who said ``last_text``; of an operator ``writer_id`` is the account.
        first_question: What its visitor wrote first; nothing of what has a ``question``, or waits.
        stars: How its last end was rated.
        comment: What was written beside the stars.
        seen_at: When its visitor was last there.
    """

    id: UUID
    visitor_id: UUID
    visitor_name: str
    status: Status
    reason: Reason
    operator_id: UUID | None
    operator_name: str
    last_text: str
    last_at: datetime
    waiting_since: datetime | None
    question: str
    handoff: Handoff | None
    callback_since: datetime | None
    offered_to: UUID | None
    offered_name: str
    phone: str
    email: str
    said_by: Author | None
    writer_id: UUID | None
    first_question: str
    stars: int | None
    comment: str | None
    # Who stays is seen every minute: a row that says the same is the same.
    seen_at: datetime = field(compare=False)
