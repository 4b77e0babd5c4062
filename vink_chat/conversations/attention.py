"""What asks for the operators' attention: new calls, what is new in their conversations, what they have read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, case, func, select
from sqlmodel import col

from vink_chat.conversations.model import Conversation, Handoff, ReadMark, Status, Visitor
from vink_chat.conversations.queue import MOST, QUEUED, VISITOR_JOIN, columns
from vink_chat.kit.db import Transaction


class AttendedRow(NamedTuple):
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


_ATTENDED: Final = columns(AttendedRow._fields)


async def last_calls(tx: Transaction) -> dict[UUID | None, datetime]:
    """Return when the newest call in the queue came, by the operator it is offered to alone; None is everybody."""
    offered_to, offered_until = col(Conversation.offered_to), col(Conversation.offered_until)
    # What was offered to one first came to the others later.
    came = case(
        (and_(offered_to.is_(None), offered_until.is_not(None)), offered_until), else_=col(Conversation.moved_at)
    )
    newest = select(offered_to, func.max(came).label("came")).where(QUEUED).group_by(offered_to)
    rows: Sequence[Any] = await tx.rows(newest)
    return {row[0]: row[1] for row in rows}


async def offered(tx: Transaction) -> dict[UUID, UUID]:
    """Return the calls that are offered to one operator alone, and to whom."""
    statement = select(col(Conversation.id), col(Conversation.offered_to)).where(
        QUEUED, col(Conversation.offered_to).is_not(None)
    )
    rows: Sequence[Any] = await tx.rows(statement.limit(MOST))
    return {row[0]: row[1] for row in rows}


async def attended(tx: Transaction) -> Sequence[AttendedRow]:
    """List what operators hold, each with how far its holder has read; the newest word first."""
    own = and_(
        col(ReadMark.conversation_id) == col(Conversation.id),
        col(ReadMark.operator_id) == col(Conversation.operator_id),
    )
    statement = (
        select(*_ATTENDED)
        .join(Visitor, VISITOR_JOIN)
        .outerjoin(ReadMark, own)
        .where(col(Conversation.status) == Status.ATTENDED)
        .order_by(col(Conversation.last_at).desc())
        .limit(MOST)
    )
    return [AttendedRow(*found) for found in await tx.rows(statement)]


async def unseen_takeovers(tx: Transaction, attended: Sequence[AttendedRow]) -> list[AttendedRow]:
    """Return what was taken over from each operator and they have not looked at since, out of what is attended."""
    taken = [(one, one.handoff.from_id) for one in attended if one.handoff and one.handoff.from_id]
    if not taken:
        return []
    statement = select(col(ReadMark.conversation_id), col(ReadMark.operator_id)).where(
        col(ReadMark.conversation_id).in_([one.id for one, _ in taken])
    )
    rows: Sequence[Any] = await tx.rows(statement)
    looked = {(conversation_id, operator_id) for conversation_id, operator_id in rows}
    return [one._replace(operator_id=before, read=None) for one, before in taken if (one.id, before) not in looked]


async def waiting_read_by(tx: Transaction) -> dict[UUID, set[UUID]]:
    """Return by operator the waiting conversations in which they have read everything."""
    statement = (
        select(col(ReadMark.operator_id), col(Conversation.id))
        .join(Conversation, col(Conversation.id) == col(ReadMark.conversation_id))
        .where(col(Conversation.status) == Status.WAITING, col(ReadMark.position) >= col(Conversation.asked_position))
        .limit(MOST)
    )
    found: dict[UUID, set[UUID]] = {}
    rows: Sequence[Any] = await tx.rows(statement)
    for operator_id, conversation_id in rows:
        found.setdefault(operator_id, set()).add(conversation_id)
    return found
