"""Messages that the REST contract has not delivered yet: each is delivered once, even to readers at the same time."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select

from vink_chat.conversations.model import Message
from vink_chat.kit.db import Transaction

_AT_ONCE: Final = 100


async def has_undelivered(tx: Transaction, visitor_id: UUID) -> bool:
    """Tell whether a visitor who reads over REST has undelivered messages; may be asked in a read-only snapshot."""
    statement = select(Message.id).where(*_undelivered(visitor_id)).limit(1)
    return (await tx.session.exec(statement)).first() is not None


async def deliver(tx: Transaction, visitor_id: UUID) -> Sequence[Message]:
    """Mark up to 100 undelivered messages to a visitor as delivered, and return them, oldest first.

    One conditional UPDATE: two readers at the same time never get the same message. Notes are never delivered.
    """
    oldest = select(Message.id).where(*_undelivered(visitor_id)).order_by(col(Message.position)).limit(_AT_ONCE)
    statement = (
        update(Message)
        # Repeated: after waiting for a locked row PostgreSQL checks it again, and another reader may have taken it.
        .where(col(Message.id).in_(oldest), col(Message.unread_rest))
        .values(unread_rest=False)
        .returning(Message)
        .execution_options(synchronize_session=False)
    )
    return sorted((await tx.session.exec(statement)).scalars(), key=lambda message: message.position)


async def undeliver(tx: Transaction, messages: Sequence[Message]) -> None:
    """Mark messages as undelivered again: the client disconnected before they were sent."""
    ids = [message.id for message in messages]
    statement = update(Message).where(col(Message.id).in_(ids)).values(unread_rest=True)
    await tx.session.exec(statement.execution_options(synchronize_session=False))


def _undelivered(visitor_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Message.visitor_id) == visitor_id,
        col(Message.unread_rest).is_(other=True),
        col(Message.note).is_(other=False),
    )
