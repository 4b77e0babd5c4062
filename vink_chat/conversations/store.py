"""Every SQL statement of the conversations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import col, select

from vink_chat.conversations.model import Author, Conversation, Message, Status, Visitor
from vink_chat.kit.db import Transaction


async def next_position(tx: Transaction, visitor: Visitor) -> int:
    """Give the next place in a visitor's thread, making the visitor when there is none.

    The statement locks the visitor's row, so two messages of one visitor wait for each other.
    """
    found = await _seen_again(tx, visitor)
    if found is not None:
        return found
    insert = sqlite.insert if tx.dialect == "sqlite" else postgresql.insert
    # First messages may come at once, and two columns are unique: whichever clashes, somebody has made the row.
    await tx.session.exec(insert(Visitor).values(visitor.model_dump()).on_conflict_do_nothing())
    made = await _seen_again(tx, visitor)
    assert made is not None  # noqa: S101  the row stands by now
    return made


async def _seen_again(tx: Transaction, visitor: Visitor) -> int | None:
    statement = (
        update(Visitor)
        .where(col(Visitor.id) == visitor.id)
        .values(last_position=col(Visitor.last_position) + 1, seen_at=visitor.seen_at)
        .returning(col(Visitor.last_position))
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.exec(statement)).scalar()


async def bump(tx: Transaction, visitor_id: UUID) -> int:
    """Give the next place in a known visitor's thread."""
    statement = (
        update(Visitor)
        .where(col(Visitor.id) == visitor_id)
        .values(last_position=col(Visitor.last_position) + 1)
        .returning(col(Visitor.last_position))
    )
    return int((await tx.session.exec(statement)).scalar_one())


async def sent_before(tx: Transaction, visitor_id: UUID, client_id: str) -> Message | None:
    """Find a visitor's message by the name its browser gave it."""
    statement = select(Message).where(Message.visitor_id == visitor_id, Message.client_id == client_id)
    return (await tx.session.exec(statement)).first()


async def latest(tx: Transaction, visitor_id: UUID) -> Conversation | None:
    """Find a visitor's newest conversation."""
    statement = (
        select(Conversation)
        .where(Conversation.visitor_id == visitor_id)
        .order_by(col(Conversation.created_at).desc())
        .limit(1)
    )
    return (await tx.session.exec(statement)).first()


async def get(tx: Transaction, conversation_id: UUID, *, lock: bool = False) -> Conversation | None:
    """Find a conversation; ``lock`` keeps others from changing it, or its thread, until the commit (PostgreSQL)."""
    statement = select(Conversation).where(Conversation.id == conversation_id)
    if lock and tx.dialect != "sqlite":
        await _lock_visitor(tx, conversation_id)
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await tx.session.exec(statement)).first()


async def _lock_visitor(tx: Transaction, conversation_id: UUID) -> None:
    """Lock the visitor's row, always before the conversation's: the other order could deadlock with a new message."""
    whose = select(Conversation.visitor_id).where(Conversation.id == conversation_id).scalar_subquery()
    await tx.session.exec(select(Visitor.id).where(col(Visitor.id) == whose).with_for_update(key_share=True))


async def thread(
    tx: Transaction, visitor_id: UUID, *, after: int = 0, before: int | None = None, limit: int = 50
) -> Sequence[Message]:
    """Read what a visitor may see of the thread, oldest first.

    Args:
        tx: The open transaction.
        visitor_id: Whose thread.
        after: Only messages behind this position.
        before: Only messages ahead of this position.
        limit: At most this many, the newest ones.
    """
    statement = select(Message).where(
        Message.visitor_id == visitor_id, Message.position > after, col(Message.note).is_(other=False)
    )
    if before is not None:
        statement = statement.where(Message.position < before)
    statement = statement.order_by(col(Message.position).desc()).limit(limit)
    return list(reversed((await tx.session.exec(statement)).all()))


async def conversation_messages(
    tx: Transaction, conversation_id: UUID, *, after: int = 0, before: int | None = None, limit: int = 200
) -> Sequence[Message]:
    """Read one conversation's messages, notes included, oldest first."""
    statement = select(Message).where(Message.conversation_id == conversation_id, Message.position > after)
    if before is not None:
        statement = statement.where(Message.position < before)
    statement = statement.order_by(col(Message.position).desc()).limit(limit)
    return list(reversed((await tx.session.exec(statement)).all()))


async def message(tx: Transaction, message_id: UUID) -> Message | None:
    """Find a message."""
    return await tx.session.get(Message, message_id)


async def last_position(tx: Transaction, conversation_id: UUID) -> int:
    """Return the position of a conversation's last message, zero when there is none."""
    statement = select(func.max(Message.position)).where(Message.conversation_id == conversation_id)
    return (await tx.session.exec(statement)).one() or 0


async def mark_read(tx: Transaction, conversation_id: UUID, mark: str, position: int) -> bool:
    """Move a read mark forward (``operator_read`` or ``visitor_read``); false when it was there already."""
    column: InstrumentedAttribute[int] = getattr(Conversation, mark)
    statement = (
        update(Conversation)
        .where(col(Conversation.id) == conversation_id, column < position)
        .values({column: position})
        .returning(col(Conversation.id))
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.exec(statement)).first() is not None


async def unanswered(tx: Transaction, asked_before: datetime, limit: int = 200) -> Sequence[UUID]:
    """List conversations in which the assistant owes an answer since before a moment, the oldest first."""
    statement = (
        select(Conversation.id)
        .where(
            col(Conversation.answered_position) < col(Conversation.asked_position),
            Conversation.status == Status.ASSISTED,
            Conversation.asked_at <= asked_before,
        )
        .order_by(col(Conversation.asked_at))
        .limit(limit)
    )
    return (await tx.session.exec(statement)).all()


async def visitor(tx: Transaction, visitor_id: UUID) -> Visitor | None:
    """Find a visitor."""
    return await tx.session.get(Visitor, visitor_id)


async def last_visitor_message(tx: Transaction, conversation_id: UUID) -> Message | None:
    """Find the visitor's last message in a conversation."""
    statement = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.author == Author.VISITOR)
        .order_by(col(Message.position).desc())
        .limit(1)
    )
    return (await tx.session.exec(statement)).first()


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
