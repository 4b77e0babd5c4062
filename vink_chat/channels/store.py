"""The SQL of the outbox, of the updates and of the lease on the bot."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, cast
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import BigInteger, String, bindparam, delete, func, literal_column, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, select

from vink_chat.channels.model import (
    BotLease,
    DeliveryStatus,
    HandledUpdate,
    KeptText,
    Kind,
    Link,
    LinkState,
    Outgoing,
    Priority,
    TelegramMessage,
)
from vink_chat.conversations import Conversation, Status
from vink_chat.kit.columns import Moment
from vink_chat.kit.db import Transaction
from vink_chat.kit.prepared import Prepared

_LEASE = 1
_LEASE_ROW: Final = update(BotLease).where(col(BotLease.id) == _LEASE)
_MAX_ROWS: Final = 5000
_outgoing: Final = SQLModel.metadata.tables["telegram_outgoing"]
_COLUMNS: Final = [column.label(column.key) for column in _outgoing.c]
# A literal, so that SQLite uses the partial index on pending rows.
_PENDING: Final = _outgoing.c.status == literal_column("'pending'")
_FIRST_OF_EACH_QUEUE: Final = (
    sql.select(func.min(_outgoing.c.id).label("first"), func.min(_outgoing.c.priority).label("queue_priority"))
    .where(_PENDING)
    .group_by(_outgoing.c.chat_id, _outgoing.c.link_id, _outgoing.c.priority == Priority.TIDY)
    .limit(_MAX_ROWS)
    .subquery()
)

# Hot path: these statements are prepared once.
_PUT: Final = Prepared(_outgoing.insert().returning(_outgoing.c.id))
_NEXT_ROWS: Final = Prepared(
    sql.select(*_COLUMNS, _FIRST_OF_EACH_QUEUE.c.queue_priority)
    .join(_FIRST_OF_EACH_QUEUE, _outgoing.c.id == _FIRST_OF_EACH_QUEUE.c.first)
    .order_by(_outgoing.c.id)
    .limit(_MAX_ROWS)
)
_ONE_ROW: Final = update(_outgoing).where(_outgoing.c.id == bindparam("which"))
_BEGIN_ATTEMPT: Final = Prepared(_ONE_ROW.where(_PENDING).values(tries=_outgoing.c.tries + 1).returning(*_COLUMNS))
_MARK_SENT: Final = Prepared(
    _ONE_ROW.where(_outgoing.c.chat_id == bindparam("chat")).values(
        status=DeliveryStatus.SENT,
        fault="",
        sent_at=bindparam("moment", type_=Moment),
        telegram_id=func.coalesce(bindparam("number", type_=BigInteger), _outgoing.c.telegram_id),
    )
)
_ROWS_AFTER: Final = Prepared(
    sql.select(*_COLUMNS)
    .where(
        _outgoing.c.chat_id == bindparam("chat"),
        _outgoing.c.link_id == bindparam("link"),
        _outgoing.c.id > bindparam("behind"),
        _PENDING,
        _outgoing.c.priority != Priority.TIDY,
    )
    .order_by(_outgoing.c.id)
    .limit(bindparam("most"))
)
_REACTION: Final = (
    select(Outgoing)
    .where(
        Outgoing.chat_id == bindparam("chat"),
        _PENDING,
        Outgoing.kind == Kind.REACTION,
        Outgoing.reply_to == bindparam("message"),
        Outgoing.tries == 0,
    )
    .limit(1)
)
_LIVE_TEXT: Final = (col(Outgoing.kind) == Kind.TEXT) & col(Outgoing.status).in_(
    [DeliveryStatus.PENDING, DeliveryStatus.SENT]
)
_CHANGES: Final = (
    select(Outgoing)
    .where(Outgoing.edits == bindparam("which"), _PENDING, col(Outgoing.kind).in_([Kind.EDIT, Kind.KEYBOARD]))
    .order_by(col(Outgoing.id))
    .limit(10)
)


async def put(tx: Transaction, row: Outgoing) -> int:
    """Store a row of the outbox and return its id."""
    return (await tx.rows(_PUT, **row.model_dump(exclude={"id"})))[0][0]


async def begin_attempt(tx: Transaction, row_id: int) -> Outgoing | None:
    """Count one more attempt at a row and return it, read-only; None if it is no longer pending."""
    rows = await tx.rows(_BEGIN_ATTEMPT, which=row_id)
    return cast("Outgoing", rows[0]) if rows else None


async def mark_sent(tx: Transaction, row: Outgoing, number: int | None, moment: datetime) -> None:
    """Mark a row as sent, with the Telegram id of its message, if it has one.

    A row whose chat migrated while it was being sent is left pending: it is still due in the new chat, where that id
    means another message.
    """
    await tx.rows(_MARK_SENT, which=row.id, chat=row.chat_id, number=number, moment=moment)


async def outgoing(tx: Transaction, row_id: int) -> Outgoing | None:
    """Find a row of the outbox."""
    return await tx.session.get(Outgoing, row_id)


async def next_rows(tx: Transaction, urgent_before: datetime) -> list[Outgoing]:
    """Return the next pending row of every chat, read-only.

    Rows of one conversation keep their order, except TIDY rows, which go last. Between conversations the higher
    priority goes first; rows created before ``urgent_before`` count as dialogue.
    """
    chosen: dict[int, tuple[int, Outgoing]] = {}
    for first in await tx.rows(_NEXT_ROWS):
        row, priority = cast("Outgoing", first), first.queue_priority
        if row.created_at <= urgent_before and priority != Priority.TIDY:
            priority = Priority.DIALOGUE
        if row.chat_id not in chosen or priority < chosen[row.chat_id][0]:
            chosen[row.chat_id] = (priority, row)
    return [row for _, row in chosen.values()]


async def row_in_flight(tx: Transaction, chat_id: int, moment: datetime) -> int | None:
    """Return the row of a chat that is being sent: attempted, and neither finished nor postponed."""
    statement = select(Outgoing.id).where(
        Outgoing.chat_id == chat_id,
        Outgoing.status == DeliveryStatus.PENDING,
        col(Outgoing.tries) > 0,
        col(Outgoing.not_before).is_(None) | (col(Outgoing.not_before) <= moment),
    )
    return (await tx.session.exec(statement.order_by(col(Outgoing.id)).limit(1))).first()


async def rows_after(tx: Transaction, row: Outgoing, limit: int = 20) -> Sequence[Outgoing]:
    """Return the pending rows after one, of the same conversation in the same chat; read-only."""
    found = await tx.rows(_ROWS_AFTER, chat=row.chat_id, link=row.link_id, behind=row.id, most=limit)
    return cast("Sequence[Outgoing]", found)


async def pending_name(tx: Transaction, link_id: int) -> Outgoing | None:
    """Find the pending renaming of a topic that has not been attempted yet."""
    statement = select(Outgoing).where(
        Outgoing.link_id == link_id,
        Outgoing.kind == Kind.NAME,
        Outgoing.status == DeliveryStatus.PENDING,
        Outgoing.tries == 0,
    )
    return (await tx.session.exec(statement)).first()


async def pending_reaction(tx: Transaction, chat_id: int, number: int) -> Outgoing | None:
    """Find the pending reaction to a message that has not been attempted yet."""
    return (await tx.session.exec(_REACTION, params={"chat": chat_id, "message": number})).first()


async def pending_changes(tx: Transaction, row_id: int) -> Sequence[Outgoing]:
    """List the pending changes of a message's text or buttons."""
    return (await tx.session.exec(_CHANGES, params={"which": row_id})).all()


async def rows_with_buttons(tx: Transaction, link_id: int) -> list[int]:
    """List the ids of a link's rows with buttons, newest first."""
    statement = (
        select(Outgoing.id)
        .where(
            Outgoing.link_id == link_id,
            _LIVE_TEXT,
            sql.cast(col(Outgoing.markup), String).like("%inline_keyboard%"),
        )
        .order_by(col(Outgoing.id).desc())
        .limit(50)
    )
    return [row_id for row_id in (await tx.session.exec(statement)).all() if row_id is not None]


async def rows_with_button_data(tx: Transaction, data: str) -> list[int]:
    """List the ids of the rows with a button whose data contain ``data``, newest first."""
    statement = (
        select(Outgoing.id)
        .where(_LIVE_TEXT, sql.cast(col(Outgoing.markup), String).contains(data, autoescape=True))
        .order_by(col(Outgoing.id).desc())
        .limit(50)
    )
    return [row_id for row_id in (await tx.session.exec(statement)).all() if row_id is not None]


async def newest_with_button(tx: Transaction, chat_id: int, data: str, since: datetime) -> Outgoing | None:
    """Find the newest row of a chat, created after ``since``, with a button whose data start with ``data``."""
    statement = (
        select(Outgoing)
        .where(
            Outgoing.chat_id == chat_id,
            _LIVE_TEXT,
            col(Outgoing.created_at) > since,
            sql.cast(col(Outgoing.markup), String).contains(f'"{data}', autoescape=True),
        )
        .order_by(col(Outgoing.id).desc())
        .limit(1)
    )
    return (await tx.session.exec(statement)).first()


async def sent_since(tx: Transaction, moment: datetime) -> Sequence[Outgoing]:
    """List the rows sent after a moment, in that order."""
    statement = select(Outgoing).where(col(Outgoing.sent_at) > moment).order_by(col(Outgoing.sent_at)).limit(5000)
    return (await tx.session.exec(statement)).all()


async def give_up(tx: Transaction, chat_id: int, fault: str) -> Sequence[Outgoing]:
    """Mark the pending rows of a chat, up to 1,000, as failed, and return them."""
    statement = (
        select(Outgoing).where(Outgoing.chat_id == chat_id, Outgoing.status == DeliveryStatus.PENDING).limit(1000)
    )
    rows = (await tx.session.exec(statement)).all()
    for row in rows:
        row.fail(fault)
        tx.session.add(row)
    return rows


async def drop_all(tx: Transaction, chat_id: int) -> None:
    """Drop the pending rows of a chat."""
    statement = update(Outgoing).where(col(Outgoing.chat_id) == chat_id, col(Outgoing.status) == DeliveryStatus.PENDING)
    await tx.session.exec(statement.values(status=DeliveryStatus.DROPPED))


async def drop(tx: Transaction, link_id: int, *, repeated: bool = False) -> None:
    """Drop the pending rows of a link; with ``repeated`` only edits and the rows a new transcript would repeat."""
    statement = update(Outgoing).where(col(Outgoing.link_id) == link_id, col(Outgoing.status) == DeliveryStatus.PENDING)
    if repeated:
        statement = statement.where(col(Outgoing.message_id).is_not(None) | (col(Outgoing.kind) != Kind.TEXT))
    await tx.session.exec(statement.values(status=DeliveryStatus.DROPPED))


async def migrate_chat(tx: Transaction, before: int, after: int) -> None:
    """Move the pending rows of a group to the supergroup it became; message ids start over there, so edits are dropped.

    Invitations are dropped too, since the new chat is invited again.
    """
    invited = select(Link.id).where(Link.chat_id == before, ~col(Link.topic), Link.state == LinkState.INVITED)
    pending = update(Outgoing).where(col(Outgoing.chat_id) == before, col(Outgoing.status) == DeliveryStatus.PENDING)
    repeated = (col(Outgoing.kind) != Kind.TEXT) | col(Outgoing.link_id).in_(invited)
    await tx.session.exec(pending.where(repeated).values(status=DeliveryStatus.DROPPED))
    await tx.session.exec(pending.values(chat_id=after, reply_to=None))


async def rows_of_message(tx: Transaction, message_id: UUID) -> Sequence[Outgoing]:
    """List the rows that relay a message of a thread, to every chat."""
    statement = (
        select(Outgoing).where(Outgoing.message_id == message_id, _LIVE_TEXT).order_by(col(Outgoing.id)).limit(50)
    )
    return (await tx.session.exec(statement)).all()


async def mark_update_handled(tx: Transaction, update_id: int, *, broken: bool = False) -> bool:
    """Record an update as handled; false if it was already recorded."""
    return await insert(tx, HandledUpdate(id=update_id, broken=broken), HandledUpdate.id)


async def rows_of_telegram_message(tx: Transaction, row: Outgoing) -> Sequence[Outgoing]:
    """Return the rows that were sent as the same Telegram message as this one, itself included."""
    statement = (
        select(Outgoing)
        .where(
            Outgoing.chat_id == row.chat_id,
            Outgoing.telegram_id == row.telegram_id,
            col(Outgoing.kind) == Kind.TEXT,
        )
        .order_by(col(Outgoing.id))
        .limit(50)
    )
    return (await tx.session.exec(statement)).all()


@cache
def _insert_if_absent(dialect: str, name: str, key: str) -> Prepared:
    table = SQLModel.metadata.tables[name]
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return Prepared(make(table).on_conflict_do_nothing().returning(table.c[key]))


async def insert(tx: Transaction, row: SQLModel, key: Any) -> bool:
    """Insert a row unless its key exists; return whether it was inserted."""
    return bool(
        await tx.rows(_insert_if_absent(tx.dialect, cast("Any", row).__tablename__, key.key), **row.model_dump())
    )


async def forget(tx: Transaction, before: datetime) -> None:
    """Delete settled rows, updates, kept texts and the message ids of closed conversations that are older than this."""
    await tx.session.exec(delete(HandledUpdate).where(col(HandledUpdate.handled_at) < before))
    settled = delete(Outgoing).where(col(Outgoing.created_at) < before, col(Outgoing.status) != DeliveryStatus.PENDING)
    await tx.session.exec(settled)
    await tx.session.exec(delete(KeptText).where(col(KeptText.kept_at) < before))
    over = select(Conversation.id).where(Conversation.status == Status.CLOSED, col(Conversation.closed_at) < before)
    await tx.session.exec(delete(TelegramMessage).where(col(TelegramMessage.conversation_id).in_(over)))


async def lease(tx: Transaction) -> BotLease:
    """Return the lease, or an unheld one if none is stored."""
    return await tx.session.get(BotLease, _LEASE) or BotLease()


async def take_lease(tx: Transaction, holder: str, moment: datetime, seconds: float, *, alone: bool) -> bool:
    """Take or renew the lease for some seconds: one conditional UPDATE, so of two processes one gets it.

    Args:
        tx: The open transaction.
        holder: The process that takes it.
        moment: Now.
        seconds: How long it is held.
        alone: Whether there can be no other process, so that the last holder has ended.
    """
    await insert(tx, BotLease(until=moment - timedelta(days=1)), BotLease.id)
    free = (col(BotLease.holder) == holder) | (col(BotLease.until) < moment)
    statement = _LEASE_ROW if alone else _LEASE_ROW.where(free)
    statement = statement.values(holder=holder, until=moment + timedelta(seconds=seconds)).returning(col(BotLease.id))
    return (await tx.session.exec(statement)).first() is not None


async def release_lease(tx: Transaction, holder: str, moment: datetime) -> None:
    """Let another process take the lease at once."""
    await tx.session.exec(
        update(BotLease).where(col(BotLease.holder) == holder).values(until=moment - timedelta(days=1))
    )


async def save_bot_name(tx: Transaction, name: str) -> None:
    """Save the bot's username."""
    await tx.session.exec(_LEASE_ROW.values(bot_name=name))


async def save_health(tx: Transaction, fault: str, moment: datetime) -> None:
    """Record that Telegram answers, or what is wrong and since when."""
    row = await tx.session.get(BotLease, _LEASE)
    if row is None:
        return
    if not fault:
        row.heard_at, row.fault_at = moment, None
    elif row.fault != fault:
        row.fault_at = row.fault_at or moment
    row.fault = fault
    tx.session.add(row)


async def backlog(tx: Transaction) -> tuple[int, datetime | None]:
    """Return how many rows are pending, and when the oldest was created."""
    statement = select(func.count(), func.min(Outgoing.created_at)).where(Outgoing.status == DeliveryStatus.PENDING)
    count, oldest = (await tx.session.exec(statement)).one()
    return int(count), oldest


async def mark_group_lost(tx: Transaction, chat_id: int) -> bool:
    """Record that the bot is not in a group; false if it was already recorded."""
    statement = _LEASE_ROW.where(col(BotLease.lost_group).is_distinct_from(chat_id))
    return (await tx.session.exec(statement.values(lost_group=chat_id).returning(col(BotLease.id)))).first() is not None


async def mark_group_found(tx: Transaction, chat_id: int) -> bool:
    """Record that the bot is in a group again; false if it was not lost."""
    statement = _LEASE_ROW.where(col(BotLease.lost_group) == chat_id)
    return (await tx.session.exec(statement.values(lost_group=None).returning(col(BotLease.id)))).first() is not None


async def save_webhook_fault(tx: Transaction, fault: str) -> None:
    """Save why Telegram refused the webhook; empty if it did not, or none is used."""
    await tx.session.exec(_LEASE_ROW.values(push_fault=fault[:300]))
