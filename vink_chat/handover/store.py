"""SQL of the handover."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, func, not_, or_, update
from sqlmodel import col, select

from vink_chat.conversations import AnyConversation, Author, Call, Conversation, Message, Status, Visitor, queue
from vink_chat.conversations.overview import first_reply
from vink_chat.conversations.visitors import SEEN_WITHIN, of_its_visitor
from vink_chat.kit.db import Transaction
from vink_chat.kit.prepared import Prepared

# An arbitrary number that no other advisory lock uses.
_QUEUE_LOCK: Final = select(func.pg_advisory_xact_lock(0x71756575))
# Waiting, with its visitor on the page or polling over REST. Prepared, because every read of a thread checks it.
_HERE: Final = and_(
    col(Conversation.status) == Status.WAITING, of_its_visitor(col(Visitor.seen_at) > bindparam("seen_after"))
)
_IS_HERE: Final = Prepared(select(col(Conversation.id)).where(col(Conversation.id) == bindparam("which"), _HERE))
_AHEAD: Final = Prepared(select(func.count().label("number")).select_from(Conversation).where(_HERE, queue.AHEAD))
_FIRST_AHEAD: Final = Prepared(
    select(func.min(col(Conversation.waiting_since)).label("first")).where(_HERE, queue.AHEAD)
)
_WAITING_HERE: Final = Prepared(
    select(col(Conversation.visitor_id), col(Conversation.promised_at))
    .where(_HERE)
    .order_by(*queue.ORDER)
    .limit(bindparam("most"))
)
_HELD_BY: Final = (
    select(Conversation)
    .where(Conversation.status == Status.ATTENDED, Conversation.operator_id == bindparam("whose"))
    .order_by(col(Conversation.moved_at).desc())
    .limit(bindparam("most"))
)


async def lock_queue(tx: Transaction) -> None:
    """Let no other conversation join the queue before the commit: both would count the same queue."""
    if tx.dialect != "sqlite":
        await tx.rows(_QUEUE_LOCK)


def _to_call_back(moment: datetime) -> ColumnElement[bool]:
    """Condition: the conversation waits, and its visitor is away at a moment but left contacts."""
    left = or_(col(Visitor.phone) != "", col(Visitor.email) != "")
    away = of_its_visitor(col(Visitor.seen_at) <= moment - SEEN_WITHIN, left)
    return and_(col(Conversation.status) == Status.WAITING, away)


async def unsorted_callbacks(
    tx: Transaction, moment: datetime, limit: int = 200, *, only: UUID | None = None
) -> list[UUID]:
    """List the waiting conversations that should be callbacks and are not, or the reverse."""
    noted = col(Conversation.callback_since).is_not(None)
    statement = select(Conversation.id).where(
        Conversation.status == Status.WAITING,
        or_(and_(_to_call_back(moment), not_(noted)), and_(noted, not_(_to_call_back(moment)))),
    )
    if only is not None:
        statement = statement.where(col(Conversation.id) == only)
    return list((await tx.session.exec(statement.order_by(col(Conversation.waiting_since)).limit(limit))).all())


async def callbacks_of(tx: Transaction, visitor_ids: Collection[UUID]) -> list[UUID]:
    """List the callbacks of the given visitors."""
    statement = select(Conversation.id).where(
        Conversation.status == Status.WAITING,
        col(Conversation.callback_since).is_not(None),
        col(Conversation.visitor_id).in_(visitor_ids),
    )
    return list((await tx.session.exec(statement)).all())


async def seen_mark_due(tx: Transaction, visitor_id: UUID, before: datetime) -> bool:
    """Tell whether a visitor waits and was last recorded as seen before a moment."""
    statement = select(Conversation.id).where(
        Conversation.visitor_id == visitor_id,
        Conversation.status == Status.WAITING,
        of_its_visitor(col(Visitor.seen_at) < before),
    )
    return (await tx.session.exec(statement.limit(1))).first() is not None


async def ahead(
    tx: Transaction, conversation: AnyConversation, moment: datetime, *, since: datetime | None = None
) -> int:
    """Count the waiting conversations ahead of this one (as if it waited since ``since``) whose visitors are there."""
    place = queue.place_of(conversation, since)
    return int((await tx.rows(_AHEAD, seen_after=moment - SEEN_WITHIN, **place))[0][0])


async def overtaken(
    tx: Transaction, conversation: AnyConversation, before: int | None = None, limit: int = 500
) -> list[UUID]:
    """List the waiting conversations behind this one that were told what to expect, in the order of the queue.

    With ``before``, its former priority, only those that were ahead of it then.
    """
    priority, since = col(Conversation.priority), col(Conversation.waiting_since)
    statement = select(Conversation.id).where(
        Conversation.status == Status.WAITING,
        col(Conversation.queue_notice_id).is_not(None),
        or_(
            priority > conversation.priority,
            and_(priority == conversation.priority, since > conversation.waiting_since),
        ),
    )
    if before is not None:
        statement = statement.where(
            or_(priority < before, and_(priority == before, since < conversation.waiting_since))
        )
    return list((await tx.session.exec(statement.order_by(*queue.ORDER).limit(limit))).all())


async def first_ahead(tx: Transaction, conversation: AnyConversation, moment: datetime) -> datetime | None:
    """Return when the longest wait of those counted by ``ahead`` began, if any."""
    place = queue.place_of(conversation)
    return (await tx.rows(_FIRST_AHEAD, seen_after=moment - SEEN_WITHIN, **place))[0][0]


async def is_here(tx: Transaction, conversation_id: UUID, moment: datetime) -> bool:
    """Tell whether a conversation waits and its visitor is there."""
    return bool(await tx.rows(_IS_HERE, which=conversation_id, seen_after=moment - SEEN_WITHIN))


async def gone(tx: Transaction, before: datetime, limit: int = 200, *, only: UUID | None = None) -> list[UUID]:
    """List the waiting conversations whose visitors were last seen before a moment and left no contacts."""
    statement = (
        select(Conversation.id)
        .join(Visitor, col(Visitor.id) == col(Conversation.visitor_id))
        .where(
            col(Conversation.status) == Status.WAITING,
            col(Conversation.moved_at) < before,
            col(Visitor.seen_at) < before,
            col(Visitor.phone) == "",
            col(Visitor.email) == "",
        )
    )
    if only is not None:
        statement = statement.where(col(Conversation.id) == only)
    return list((await tx.session.exec(statement.order_by(col(Conversation.waiting_since)).limit(limit))).all())


async def waiting_visitors(tx: Transaction, limit: int = 5000) -> list[UUID]:
    """List the visitors who wait, whether they are there or not."""
    statement = select(Conversation.visitor_id).where(Conversation.status == Status.WAITING)
    return list((await tx.session.exec(statement.order_by(col(Conversation.waiting_since)).limit(limit))).all())


async def waiting_here(tx: Transaction, moment: datetime, limit: int = 200) -> list[tuple[UUID, datetime | None]]:
    """List the waiting visitors who are there, in the order of the queue, with the promised time of an answer."""
    rows = await tx.rows(_WAITING_HERE, seen_after=moment - SEEN_WITHIN, most=limit)
    return [(row.visitor_id, row.promised_at) for row in rows]


async def busy_operators(tx: Transaction) -> set[UUID]:
    """List the operators who hold a conversation now."""
    statement = select(Conversation.operator_id).where(Conversation.status == Status.ATTENDED).distinct().limit(1000)
    return {operator_id for operator_id in (await tx.session.exec(statement)).all() if operator_id}


async def held_by(tx: Transaction, operator_id: UUID, limit: int = 1000) -> list[Conversation]:
    """List the conversations an operator holds, last taken first."""
    return list((await tx.session.exec(_HELD_BY, params={"whose": operator_id, "most": limit})).all())


async def queued(tx: Transaction, limit: int = 500) -> list[Conversation]:
    """List the conversations in the queue, in its order."""
    statement = select(Conversation).where(
        Conversation.status == Status.WAITING, col(Conversation.callback_since).is_(None)
    )
    return list((await tx.session.exec(statement.order_by(*queue.ORDER).limit(limit))).all())


async def callbacks(tx: Transaction, limit: int = 500) -> list[Conversation]:
    """List the callbacks, in the order of the queue."""
    statement = select(Conversation).where(
        Conversation.status == Status.WAITING, col(Conversation.callback_since).is_not(None)
    )
    return list((await tx.session.exec(statement.order_by(*queue.ORDER).limit(limit))).all())


async def mark_alerted(tx: Transaction, moment: datetime, before: datetime) -> list[tuple[UUID, UUID]]:
    """Mark the conversations that nobody has claimed since ``before`` as alerted; return them with their visitors.

    One UPDATE that sets the column it compares: of several processes only one alerts to a conversation.
    """
    again = and_(col(Conversation.form_offered_at).is_(None), col(Conversation.alerted_at) <= before)
    overdue = (
        select(Conversation.id)
        .where(
            Conversation.status == Status.WAITING,
            col(Conversation.callback_since).is_(None),
            col(Conversation.offered_to).is_(None),
            col(Conversation.moved_at) <= before,
            or_(col(Conversation.alerted_at).is_(None), again),
        )
        # Rows that another process has locked are left to it: waiting for them could deadlock.
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(Conversation)
        .where(col(Conversation.id).in_(overdue))
        .values(alerted_at=moment)
        .returning(col(Conversation.id), col(Conversation.visitor_id))
        .execution_options(synchronize_session=False)
    )
    return [(row[0], row[1]) for row in (await tx.session.exec(statement)).all()]


async def without_form(tx: Transaction, before: datetime, limit: int = 200) -> list[UUID]:
    """List the queued conversations that began to wait before a moment and were not offered the contact form."""
    statement = (
        select(Conversation.id)
        .where(
            Conversation.status == Status.WAITING,
            col(Conversation.callback_since).is_(None),
            col(Conversation.moved_at) <= before,
            col(Conversation.form_offered_at).is_(None),
        )
        .order_by(col(Conversation.waiting_since))
        .limit(limit)
    )
    return list((await tx.session.exec(statement)).all())


def _owed() -> ColumnElement[bool]:
    """Condition: an operator holds it, and has not replied since the visitor's last message, or since the call."""
    called = (
        select(func.max(Call.created_at))
        .where(col(Call.conversation_id) == col(Conversation.id))
        .correlate(Conversation)
        .scalar_subquery()
    )
    said = (
        select(Message.id)
        .where(
            col(Message.conversation_id) == col(Conversation.id),
            col(Message.author) == Author.OPERATOR,
            col(Message.note).is_(other=False),
            col(Message.position) > col(Conversation.asked_position),
            col(Message.created_at) >= func.coalesce(called, col(Conversation.created_at)),
        )
        .exists()
    )
    return and_(col(Conversation.status) == Status.ATTENDED, not_(said))


async def owed(
    tx: Transaction, before: datetime, limit: int = 200, *, only: UUID | None = None
) -> list[tuple[UUID, UUID | None, datetime]]:
    """List the conversations whose holder has owed a reply since before a moment: id, holder, since when.

    A reply is owed from the visitor's message on, or from when the conversation came to the holder, if that was later.
    With ``only``, check one conversation.
    """
    since = case(
        (col(Conversation.asked_at) > col(Conversation.moved_at), col(Conversation.asked_at)),
        else_=col(Conversation.moved_at),
    )
    statement = (
        select(Conversation.id, Conversation.operator_id, since)
        .where(_owed(), since <= before, *([] if only is None else [col(Conversation.id) == only]))
        .order_by(since)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in (await tx.session.exec(statement)).all()]


async def owes(tx: Transaction, conversation_id: UUID) -> bool:
    """Tell whether an operator holds a conversation and owes its visitor a reply."""
    statement = select(Conversation.id).where(Conversation.id == conversation_id, _owed())
    return (await tx.session.exec(statement)).first() is not None


async def silent(tx: Transaction, before: datetime, limit: int = 200) -> list[UUID]:
    """List the open conversations without a message since before a moment in which nobody owes an answer."""
    assisted = and_(
        col(Conversation.status) == Status.ASSISTED,
        col(Conversation.answered_position) >= col(Conversation.asked_position),
    )
    attended = and_(col(Conversation.status) == Status.ATTENDED, not_(_owed()))
    statement = (
        select(Conversation.id)
        .where(or_(assisted, attended), col(Conversation.last_at) < before)
        .order_by(col(Conversation.last_at))
        .limit(limit)
    )
    return list((await tx.session.exec(statement)).all())


async def last_waits(tx: Transaction, most: int) -> list[float]:
    """Return the seconds that each of the last answered calls waited for the first reply of an operator."""
    reply = first_reply()
    statement = select(Call.created_at, reply).where(reply.is_not(None), col(Call.withdrawn_at).is_(None))
    calls: Sequence[Any] = await tx.rows(statement.order_by(col(Call.created_at).desc()).limit(most))
    return [(answered - called).total_seconds() for called, answered in calls]


async def to_end(tx: Transaction, moment: datetime, limit: int = 200) -> list[UUID]:
    """List the conversations that their holders finished and that end by a moment."""
    statement = (
        select(Conversation.id)
        .where(Conversation.status == Status.ATTENDED, col(Conversation.ends_at) <= moment)
        .order_by(col(Conversation.ends_at))
        .limit(limit)
    )
    return list((await tx.session.exec(statement)).all())


async def last_led_by(tx: Transaction, visitor_id: UUID, since: datetime) -> UUID | None:
    """Return the operator who held a visitor's last conversation, unless that ended before a moment."""
    statement = (
        select(Conversation.led_by)
        .where(Conversation.visitor_id == visitor_id, col(Conversation.led_until) >= since)
        .order_by(col(Conversation.led_until).desc())
        .limit(1)
    )
    return (await tx.session.exec(statement)).first()


async def offers(tx: Transaction, limit: int = 200) -> list[tuple[UUID, UUID | None, datetime | None]]:
    """List the calls that are offered to one operator alone: conversation, operator, until when."""
    statement = (
        select(Conversation.id, Conversation.offered_to, Conversation.offered_until)
        .where(Conversation.status == Status.WAITING, col(Conversation.offered_to).is_not(None))
        .order_by(col(Conversation.offered_until))
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in (await tx.session.exec(statement)).all()]
