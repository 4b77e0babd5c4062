"""Every SQL statement about what REST has still to hand out."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select

from vink_chat.conversations.model import Message
from vink_chat.kit.db import Transaction


async def has_undelivered(tx: Transaction, visitor_id: UUID) -> bool:
    """Tell whether a visitor has messages of ours that REST has not handed out."""
    statement = select(Message.id).where(*_undelivered(visitor_id)).limit(1)
    return (await tx.session.exec(statement)).first() is not None


async def deliver(tx: Transaction, visitor_id: UUID, limit: int) -> Sequence[Message]:
    """Mark a visitor's oldest messages as handed out over REST, and return those this statement marked."""
    oldest = select(Message.id).where(*_undelivered(visitor_id)).order_by(col(Message.position)).limit(limit)
    statement = (
        update(Message)
        # Said again: PostgreSQL looks at a row it waited for once more, and another reader may have had it.
        .where(col(Message.id).in_(oldest), col(Message.unread_rest))
        .values(unread_rest=False)
        .returning(Message)
        .execution_options(synchronize_session=False)
    )
    return sorted((await tx.session.exec(statement)).scalars(), key=lambda message: message.position)


async def undeliver(tx: Transaction, message_ids: Sequence[UUID]) -> None:
    """Mark messages as not handed out."""
    statement = update(Message).where(col(Message.id).in_(message_ids)).values(unread_rest=True)
    await tx.session.exec(statement.execution_options(synchronize_session=False))


def _undelivered(visitor_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Message.visitor_id) == visitor_id,
        col(Message.unread_rest).is_(other=True),
        col(Message.note).is_(other=False),
    )
