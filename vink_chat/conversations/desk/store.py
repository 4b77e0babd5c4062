"""The SQL of the desk's lists. Every list is limited and read by an index."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import exists, func, or_
from sqlmodel import col, select

from vink_chat.conversations.desk.boxes import Box, Wanted
from vink_chat.conversations.model import Call, Conversation, Reason, Status, Visitor
from vink_chat.kit.db import Transaction

_MOST: Final = 1000
_RUNNING: Final = (Status.ASSISTED, Status.WAITING, Status.ATTENDED)


def _conditions(wanted: Wanted) -> list[Any]:
    kinds: dict[Box, list[Any]] = {
        Box.WAITING: [Conversation.status == Status.WAITING],
        Box.MINE: [Conversation.operator_id == wanted.operator_id, Conversation.status == Status.ATTENDED],
        Box.ALL: [] if wanted.ended else [col(Conversation.status).in_(_RUNNING)],
        Box.CLOSED: [Conversation.status == Status.CLOSED],
    }
    conditions = kinds[wanted.box]
    if wanted.reason:
        called = col(Call.conversation_id) == col(Conversation.id), col(Call.reason) == Reason(wanted.reason)
        conditions.append(exists().where(*called))
    if wanted.since:
        conditions.append(col(Conversation.created_at) >= wanted.since)
    if wanted.until:
        conditions.append(col(Conversation.created_at) < wanted.until)
    if wanted.words:
        places = (Conversation.last_text, Visitor.name, Visitor.email, Visitor.phone)
        # SQLite folds the case of Latin letters only.
        forms = {wanted.words, wanted.words.lower(), wanted.words.capitalize(), wanted.words.title()}
        conditions.append(or_(*(col(place).contains(form, autoescape=True) for place in places for form in forms)))
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
    inner = select(Conversation.id)
    if wanted.words:
        inner = inner.join(Visitor, col(Visitor.id) == col(Conversation.visitor_id))
    inner = inner.where(*_conditions(wanted)).limit(_MOST).subquery()
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
