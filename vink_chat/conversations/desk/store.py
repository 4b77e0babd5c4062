"""The SQL of the desk's lists. Every list is limited and read by an index."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select

from vink_chat.conversations.desk.boxes import Box, Wanted
from vink_chat.conversations.model import Conversation, Reason, Status, Visitor
from vink_chat.kit.db import Transaction

_MOST: Final = 1000


def _conditions(wanted: Wanted) -> list[Any]:
    kinds: dict[Box, list[Any]] = {
        Box.WAITING: [Conversation.status == Status.WAITING],
        Box.MINE: [Conversation.operator_id == wanted.operator_id, Conversation.status == Status.ATTENDED],
        Box.ALL: [Conversation.status != Status.CLOSED],
        Box.CLOSED: [Conversation.status == Status.CLOSED],
    }
    conditions = kinds[wanted.box]
    if wanted.reason:
        conditions.append(Conversation.reason == Reason(wanted.reason))
    if wanted.since:
        conditions.append(col(Conversation.created_at) >= wanted.since)
    if wanted.until:
        conditions.append(col(Conversation.created_at) < wanted.until)
    if wanted.words:
        like = f"%{wanted.words}%"
        conditions.append(
            or_(
                col(Conversation.last_text).like(like),
                col(Visitor.name).like(like),
                col(Visitor.email).like(like),
                col(Visitor.phone).like(like),
            )
        )
    return conditions


async def page(
    tx: Transaction, wanted: Wanted, *, offset: int = 0, limit: int = 50
) -> Sequence[tuple[Conversation, Visitor]]:
    """Read one page of a box: the longest wait first where people wait, else the newest word first."""
    order = col(Conversation.waiting_since) if wanted.box is Box.WAITING else col(Conversation.last_at).desc()
    statement = (
        select(Conversation, Visitor)
        .join(Visitor, col(Visitor.id) == col(Conversation.visitor_id))
        .where(*_conditions(wanted))
        .order_by(order)
        .offset(offset)
        .limit(limit)
    )
    return [(conversation, visitor) for conversation, visitor in (await tx.session.exec(statement)).all()]


async def count(tx: Transaction, wanted: Wanted) -> int:
    """Count a box, up to a thousand."""
    inner = select(Conversation.id).where(*_conditions(wanted)).limit(_MOST).subquery()
    return int((await tx.session.exec(select(func.count()).select_from(inner))).one())


async def earlier(tx: Transaction, visitor_id: UUID, but: UUID, limit: int = 20) -> Sequence[Conversation]:
    """List a visitor's other conversations, the newest first."""
    statement = (
        select(Conversation)
        .where(Conversation.visitor_id == visitor_id, Conversation.id != but)
        .order_by(col(Conversation.created_at).desc())
        .limit(limit)
    )
    return (await tx.session.exec(statement)).all()
