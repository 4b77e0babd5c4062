"""SQL of conversations and their messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import bindparam, delete, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, select

from vink_chat.conversations.model import Author, Call, Conversation, Message, ReadMark, Status, Visitor
from vink_chat.conversations.rows import AnyConversation, ConversationRow, DialogueMessage, MessageRow
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import NotFound
from vink_chat.kit.prepared import Prepared

_END: Final = 2**31 - 1
_conversation, _message = (SQLModel.metadata.tables[name] for name in ("conversation", "message"))

# These run for every message, hence prepared.
_MESSAGE: Final = [_message.c[name] for name in MessageRow._fields]
_CONVERSATION: Final = [_conversation.c[name] for name in ConversationRow._fields]
_DIALOGUE_COLUMNS: Final = [_message.c[name] for name in DialogueMessage._fields]
_SENT_BEFORE: Final = Prepared(
    sql.select(*_MESSAGE).where(_message.c.visitor_id == bindparam("whose"), _message.c.client_id == bindparam("name")),
    MessageRow._make,
)
_OPEN: Final = Prepared(_conversation.insert().returning(*_CONVERSATION), ConversationRow._make)
_INSERT: Final = Prepared(_message.insert().returning(*_MESSAGE), MessageRow._make)
_CHANGE: Final = Prepared(update(_conversation).where(_conversation.c.id == bindparam("which")))
_NEWEST_OF: Final = (
    sql.select(*_CONVERSATION)
    .where(_conversation.c.visitor_id == bindparam("whose"))
    .order_by(_conversation.c.created_at.desc())
    .limit(1)
)
_NEWEST_ROW: Final = Prepared(_NEWEST_OF, ConversationRow._make)
_ONE: Final = sql.select(*_CONVERSATION).where(_conversation.c.id == bindparam("which"))
_GET_ROW: Final = Prepared(_ONE, ConversationRow._make)
_GET_ROW_LOCKED: Final = Prepared(_ONE.with_for_update(key_share=True), ConversationRow._make)
_NEWEST: Final = (
    sql.select(*_MESSAGE)
    .where(_message.c.position > bindparam("after"), _message.c.position < bindparam("before"))
    .order_by(_message.c.position.desc())
    .limit(bindparam("most"))
)
_SHOWN, _HERE = _message.c.note.is_(other=False), _message.c.conversation_id == bindparam("which")
_THREAD: Final = Prepared(_NEWEST.where(_message.c.visitor_id == bindparam("whose"), _SHOWN), MessageRow._make)
_MESSAGES: Final = Prepared(_NEWEST.where(_HERE), MessageRow._make)
_DIALOGUE: Final = Prepared(_NEWEST.where(_HERE, _SHOWN).with_only_columns(*_DIALOGUE_COLUMNS), DialogueMessage._make)
_DIALOGUE_MESSAGE: Final = Prepared(
    sql.select(*_DIALOGUE_COLUMNS).where(_message.c.id == bindparam("which")), DialogueMessage._make
)

_LAST_POSITION: Final = Prepared(sql.select(func.max(_message.c.position).label("last")).where(_HERE))
_MARK_READ: Final = {
    mark: Prepared(
        update(_conversation)
        .where(_conversation.c.id == bindparam("which"), _conversation.c[mark] < bindparam("reached"))
        .values({mark: bindparam("reached")})
        .returning(_conversation.c.id)
    )
    for mark in ("operator_read", "visitor_read")
}

_read_mark = SQLModel.metadata.tables["operator_read_mark"]


def _mark_operator(insert: Any) -> Prepared:
    made = insert(_read_mark)
    further = made.on_conflict_do_update(
        index_elements=["conversation_id", "operator_id"],
        set_={"position": made.excluded.position},
        where=_read_mark.c.position < made.excluded.position,
    )
    return Prepared(further.returning(_read_mark.c.position))


_MARK_OPERATOR: Final = {"sqlite": _mark_operator(sqlite.insert), "postgresql": _mark_operator(postgresql.insert)}

_NEWEST_OF_VISITOR: Final = (
    select(Conversation)
    .where(Conversation.visitor_id == bindparam("whose"))
    .order_by(col(Conversation.created_at).desc())
    .limit(1)
)
_GET: Final = select(Conversation).where(Conversation.id == bindparam("which"))
_GET_LOCKED: Final = _GET.with_for_update(key_share=True).execution_options(populate_existing=True)


async def sent_before(tx: Transaction, visitor_id: UUID, client_id: str) -> MessageRow | None:
    """Find a visitor's message by the client id their browser gave it."""
    rows = await tx.rows(_SENT_BEFORE, whose=visitor_id, name=client_id)
    return rows[0] if rows else None


async def newest(tx: Transaction, visitor_id: UUID, *, lock: bool = False) -> Conversation | None:
    """Return a visitor's newest conversation, if any; ``lock`` as in ``get``."""
    conversation = (await tx.session.exec(_NEWEST_OF_VISITOR, params={"whose": visitor_id})).first()
    return await get(tx, conversation.id, lock=True) if conversation and lock else conversation


async def newest_row(tx: Transaction, visitor_id: UUID) -> ConversationRow | None:
    """Read a visitor's newest conversation, if any; use ``change`` to change it."""
    rows = await tx.rows(_NEWEST_ROW, whose=visitor_id)
    return rows[0] if rows else None


async def get_row(tx: Transaction, conversation_id: UUID, *, lock: bool = False) -> ConversationRow:
    """Read a conversation, quicker than ``get``; ``lock`` as there. Use ``change`` to change it.

    Raises:
        NotFound: There is no such conversation.
    """
    statement = _GET_ROW
    if lock and tx.dialect != "sqlite":
        await _lock_visitor(tx, conversation_id)
        statement = _GET_ROW_LOCKED
    rows = await tx.rows(statement, which=conversation_id)
    if not rows:
        raise NotFound
    return rows[0]


async def change(tx: Transaction, conversation: AnyConversation, **values: object) -> None:
    """Set columns of a conversation, whether it is a row or an object of the session."""
    if isinstance(conversation, Conversation):
        for name, value in values.items():
            setattr(conversation, name, value)
        tx.session.add(conversation)
    else:
        await tx.rows(_CHANGE, which=conversation.id, **values)


async def move_from(tx: Transaction, conversation: Conversation, **values: object) -> bool:
    """Set columns of a conversation that is still in the status it was read in; false if it is not."""
    unmoved = (col(Conversation.id) == conversation.id, col(Conversation.status) == conversation.status)
    statement = update(Conversation).where(*unmoved).values(**values).execution_options(synchronize_session=False)
    return (await tx.session.exec(statement.returning(col(Conversation.id)))).first() is not None


async def open_new(tx: Transaction, **values: object) -> ConversationRow:
    """Insert a conversation and return it; use ``change`` to change it."""
    return (await tx.rows(_OPEN, **values))[0]


async def insert(tx: Transaction, **values: object) -> MessageRow:
    """Insert a message and return it."""
    return (await tx.rows(_INSERT, **values))[0]


async def get(tx: Transaction, conversation_id: UUID, *, lock: bool = False) -> Conversation:
    """Return a conversation; ``lock`` keeps others from changing it, or its thread, until the commit (PostgreSQL).

    Raises:
        NotFound: There is no such conversation.
    """
    statement = _GET
    if lock and tx.dialect != "sqlite":
        await _lock_visitor(tx, conversation_id)
        statement = _GET_LOCKED
    conversation = (await tx.session.exec(statement, params={"which": conversation_id})).first()
    if conversation is None:
        raise NotFound
    return conversation


async def _lock_visitor(tx: Transaction, conversation_id: UUID) -> None:
    """Lock the visitor's row before the conversation's: the other order could deadlock with a new message."""
    whose = select(Conversation.visitor_id).where(Conversation.id == conversation_id).scalar_subquery()
    await tx.session.exec(select(Visitor.id).where(col(Visitor.id) == whose).with_for_update(key_share=True))


async def thread(
    tx: Transaction, visitor_id: UUID, *, after: int = 0, before: int | None = None, limit: int = 50
) -> Sequence[MessageRow]:
    """Read what a visitor may see of their thread, oldest first.

    Args:
        tx: The open transaction.
        visitor_id: The visitor.
        after: Only messages after this position.
        before: Only messages before this position.
        limit: At most this many, the newest ones.
    """
    rows = await tx.rows(_THREAD, whose=visitor_id, after=after, before=before or _END, most=limit)
    return rows[::-1]


async def conversation_messages(
    tx: Transaction, conversation_id: UUID, *, after: int = 0, before: int | None = None, limit: int = 200
) -> Sequence[MessageRow]:
    """Read one conversation's messages, notes included, oldest first."""
    rows = await tx.rows(_MESSAGES, which=conversation_id, after=after, before=before or _END, most=limit)
    return rows[::-1]


async def dialogue(tx: Transaction, conversation_id: UUID, limit: int = 100) -> list[DialogueMessage]:
    """Read the last messages of a conversation without notes, oldest first."""
    return [*(await tx.rows(_DIALOGUE, which=conversation_id, after=0, before=_END, most=limit))[::-1]]


async def dialogue_message(tx: Transaction, message_id: UUID) -> DialogueMessage | None:
    """Read one message as part of a dialogue."""
    rows = await tx.rows(_DIALOGUE_MESSAGE, which=message_id)
    return rows[0] if rows else None


async def message(tx: Transaction, message_id: UUID) -> Message | None:
    """Find a message."""
    return await tx.session.get(Message, message_id)


async def last_position(tx: Transaction, conversation_id: UUID) -> int:
    """Return the position of a conversation's last message, 0 if it has none."""
    return (await tx.rows(_LAST_POSITION, which=conversation_id))[0][0] or 0


async def mark_read(tx: Transaction, conversation_id: UUID, mark: str, position: int) -> bool:
    """Move a read mark (``operator_read`` or ``visitor_read``) forward; false if it is already that far."""
    return bool(await tx.rows(_MARK_READ[mark], which=conversation_id, reached=position))


async def mark_operator_read(tx: Transaction, conversation_id: UUID, operator_id: UUID, position: int) -> bool:
    """Move one operator's mark forward; false if it is already that far."""
    values = {"conversation_id": conversation_id, "operator_id": operator_id, "position": position}
    return bool(await tx.rows(_MARK_OPERATOR[tx.dialect], **values))


async def forget_read_mark(tx: Transaction, conversation_id: UUID, operator_id: UUID) -> None:
    """Delete one operator's mark."""
    which = (col(ReadMark.conversation_id) == conversation_id, col(ReadMark.operator_id) == operator_id)
    await tx.session.exec(delete(ReadMark).where(*which))


async def forget_read_marks(tx: Transaction, closed_before: datetime) -> int:
    """Delete the marks of conversations closed before a moment. Returns how many."""
    over = select(Conversation.id).where(
        Conversation.status == Status.CLOSED, col(Conversation.closed_at) < closed_before
    )
    return (await tx.session.exec(delete(ReadMark).where(col(ReadMark.conversation_id).in_(over)))).rowcount


async def ask_again(tx: Transaction, asked_before: datetime, moment: datetime, limit: int = 200) -> Sequence[UUID]:
    """Pick the conversations in which the assistant has owed an answer since before a moment, and return them.

    One UPDATE that sets the column it compares: of several processes only one picks a conversation, until it is overdue
    again.
    """
    overdue = (
        select(Conversation.id)
        .where(
            col(Conversation.answered_position) < col(Conversation.asked_position),
            Conversation.status == Status.ASSISTED,
            Conversation.asked_at <= asked_before,
        )
        .order_by(col(Conversation.asked_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(Conversation)
        .where(col(Conversation.id).in_(overdue))
        .values(asked_at=moment)
        .returning(col(Conversation.id))
        .execution_options(synchronize_session=False)
    )
    return list((await tx.session.exec(statement)).scalars().all())


async def withdraw_call(tx: Transaction, conversation_id: UUID, moment: datetime) -> None:
    """Mark the newest call of a conversation as withdrawn."""
    newest = (
        select(Call.id)
        .where(Call.conversation_id == conversation_id)
        .order_by(col(Call.created_at).desc())
        .limit(1)
        .scalar_subquery()
    )
    await tx.session.exec(update(Call).where(col(Call.id) == newest).values(withdrawn_at=moment))


async def last_visitor_message(tx: Transaction, conversation_id: UUID) -> Message | None:
    """Return the visitor's last message in a conversation, if any."""
    statement = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.author == Author.VISITOR)
        .order_by(col(Message.position).desc())
        .limit(1)
    )
    return (await tx.session.exec(statement)).first()
