"""Every SQL statement of the handover."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlmodel import col, select

from vink_chat.conversations import Conversation, Reason, Status
from vink_chat.kit.db import Transaction


async def take(tx: Transaction, conversation_id: UUID, operator_id: UUID, name: str, moment: datetime) -> bool:
    """Give a waiting (or assisted) conversation to an operator in one conditional UPDATE."""
    statement = (
        update(Conversation)
        .where(
            col(Conversation.id) == conversation_id,
            col(Conversation.status).in_([Status.WAITING, Status.ASSISTED]),
        )
        .values(
            status=Status.ATTENDED,
            operator_id=operator_id,
            operator_name=name,
            moved_at=moment,
            reason=Reason.OPERATOR,
            answered_position=col(Conversation.asked_position),
            alerted_at=None,
            form_offered_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    taken = await tx.session.exec(statement.returning(col(Conversation.id)))
    return taken.first() is not None


async def ahead(tx: Transaction, since: datetime) -> int:
    """Count the conversations that wait longer than since a moment."""
    statement = select(func.count()).where(
        Conversation.status == Status.WAITING, col(Conversation.waiting_since) < since
    )
    return int((await tx.session.exec(statement)).one())


async def busy_operators(tx: Transaction) -> set[UUID]:
    """List the operators who hold a conversation now."""
    statement = select(Conversation.operator_id).where(Conversation.status == Status.ATTENDED).distinct().limit(1000)
    return {found for found in (await tx.session.exec(statement)).all() if found}


async def waiting(tx: Transaction, limit: int = 500) -> list[Conversation]:
    """List the conversations that wait, the longest wait first."""
    statement = (
        select(Conversation)
        .where(Conversation.status == Status.WAITING)
        .order_by(col(Conversation.waiting_since))
        .limit(limit)
    )
    return list((await tx.session.exec(statement)).all())


async def silent(tx: Transaction, before: datetime, limit: int = 200) -> list[Conversation]:
    """List running conversations in which nothing was said since before a moment."""
    statement = (
        select(Conversation)
        .where(
            or_(col(Conversation.status) == Status.ASSISTED, col(Conversation.status) == Status.ATTENDED),
            col(Conversation.last_at) < before,
            col(Conversation.answered_position) >= col(Conversation.asked_position),
        )
        .order_by(col(Conversation.last_at))
        .limit(limit)
    )
    return list((await tx.session.exec(statement)).all())
