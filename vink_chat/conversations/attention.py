"""What asks for the operators' attention: new calls, and conversations with something they have not read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, case, func, select
from sqlmodel import col

from vink_chat.conversations.model import Conversation, Handoff, ReadMark, Status, Visitor
from vink_chat.conversations.queue import MAX_ROWS, QUEUED, VISITOR_JOIN, columns
from vink_chat.kit.db import Transaction


class AttendedRow(NamedTuple):
    """A conversation that an operator holds, and how far they have read it.

    Attributes:
        read: The position up to which they have read; None if they have not opened it since it was given to them.
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
        """Whether the holder has not read all of it."""
        return self.read is None or self.asked_position > self.read


_ATTENDED: Final = columns(AttendedRow._fields)


async def last_calls(tx: Transaction) -> dict[UUID | None, datetime]:
    """Return when the newest call in the queue came, by the operator to whom alone it is offered; None: to all."""
    offered_to, offered_until = col(Conversation.offered_to), col(Conversation.offered_until)
    # A call that was first offered to one operator came to the others when that offer ended.
    came = case(
        (and_(offered_to.is_(None), offered_until.is_not(None)), offered_until), else_=col(Conversation.moved_at)
    )
    newest = select(offered_to, func.max(came).label("came")).where(QUEUED).group_by(offered_to)
    rows: Sequence[Any] = await tx.rows(newest)
    return {row[0]: row[1] for row in rows}


async def offered(tx: Transaction) -> dict[UUID, UUID]:
    """Return the calls that are offered to one operator alone, with that operator."""
    statement = select(col(Conversation.id), col(Conversation.offered_to)).where(
        QUEUED, col(Conversation.offered_to).is_not(None)
    )
    rows: Sequence[Any] = await tx.rows(statement.limit(MAX_ROWS))
    return {row[0]: row[1] for row in rows}


async def attended(tx: Transaction) -> Sequence[AttendedRow]:
    """List the conversations that operators hold, newest message first."""
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
        .limit(MAX_ROWS)
    )
    return [AttendedRow(*row) for row in await tx.rows(statement)]


async def unseen_takeovers(tx: Transaction, attended: Sequence[AttendedRow]) -> list[AttendedRow]:
    """Return the attended conversations that were taken over from an operator who has not opened them since.

    Each row has that operator as its ``operator_id``.
    """
    taken = [(row, row.handoff.from_id) for row in attended if row.handoff and row.handoff.from_id]
    if not taken:
        return []
    statement = select(col(ReadMark.conversation_id), col(ReadMark.operator_id)).where(
        col(ReadMark.conversation_id).in_([row.id for row, _ in taken])
    )
    rows: Sequence[Any] = await tx.rows(statement)
    opened = {(conversation_id, operator_id) for conversation_id, operator_id in rows}
    return [row._replace(operator_id=before, read=None) for row, before in taken if (row.id, before) not in opened]


async def waiting_read_by(tx: Transaction) -> dict[UUID, set[UUID]]:
    """Return for each operator the waiting conversations of which they have read everything."""
    statement = (
        select(col(ReadMark.operator_id), col(Conversation.id))
        .join(Conversation, col(Conversation.id) == col(ReadMark.conversation_id))
        .where(col(Conversation.status) == Status.WAITING, col(ReadMark.position) >= col(Conversation.asked_position))
        .limit(MAX_ROWS)
    )
    read: dict[UUID, set[UUID]] = {}
    rows: Sequence[Any] = await tx.rows(statement)
    for operator_id, conversation_id in rows:
        read.setdefault(operator_id, set()).add(conversation_id)
    return read
