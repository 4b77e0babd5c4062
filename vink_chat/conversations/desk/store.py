"""The SQL of the desk's lists. Every list is limited and read by an index, whatever else the tables hold."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select, union_all
from sqlmodel import SQLModel, col

from vink_chat.conversations.desk.boxes import Box, Held, Line, Only, Wanted
from vink_chat.conversations.model import (
    Author,
    Call,
    Conversation,
    Message,
    Rating,
    ReadMark,
    Reason,
    Status,
    Visitor,
)
from vink_chat.conversations.overview.store import answered_alone, called_by_visitor, missed
from vink_chat.conversations.rows import VisitorRow
from vink_chat.kit.db import Transaction
from vink_chat.kit.prepared import Prepared

_MOST: Final = 1000
_RUNNING: Final = (Status.ASSISTED, Status.WAITING, Status.ATTENDED)
_STATUSES: Final = {
    Box.WAITING: (Status.WAITING,),
    Box.CALLBACK: (Status.WAITING,),
    Box.MINE: (Status.ATTENDED,),
    Box.ALL: _RUNNING,
    Box.CLOSED: (Status.CLOSED,),
}


def _last_said(what: Any) -> Any:
    """Choose something of the last message that somebody wrote, rather than our own notices."""
    return (
        select(what)
        .where(
            col(Message.conversation_id) == col(Conversation.id),
            col(Message.author) != Author.SYSTEM,
            col(Message.note).is_(other=False),
        )
        .order_by(col(Message.position).desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )


def _last_rating(what: Any) -> Any:
    return (
        select(what)
        .where(col(Rating.conversation_id) == col(Conversation.id))
        .order_by(col(Rating.ended_at).desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )


_FIRST_QUESTION: Final[Any] = (
    select(func.substr(col(Message.text), 1, 200))
    .where(col(Message.conversation_id) == col(Conversation.id), col(Message.author) == Author.VISITOR)
    .order_by(col(Message.position))
    .limit(1)
    .correlate(Conversation)
    .scalar_subquery()
)
_LINE: Final[list[Any]] = [
    col(Conversation.id),
    col(Conversation.visitor_id),
    col(Visitor.name).label("visitor_name"),
    col(Conversation.status),
    col(Conversation.reason),
    col(Conversation.operator_id),
    col(Conversation.operator_name),
    col(Conversation.last_text),
    col(Conversation.last_at),
    col(Conversation.waiting_since),
    col(Conversation.question),
    col(Conversation.handoff),
    col(Conversation.callback_since),
    col(Conversation.offered_to),
    col(Conversation.offered_name),
    col(Visitor.phone),
    col(Visitor.email),
    _last_said(col(Message.author)).label("said_by"),
    _last_said(col(Message.operator_id)).label("writer_id"),
    # Of the few lines that are shown only: whoever was not called about anything is named by their first words.
    case(
        (or_(col(Conversation.question) != "", col(Conversation.status) == Status.WAITING), ""),
        else_=func.coalesce(_FIRST_QUESTION, ""),
    ).label("first_question"),
    _last_rating(col(Rating.stars)).label("stars"),
    _last_rating(col(Rating.comment)).label("comment"),
    col(Visitor.seen_at),
]
_HELD: Final[list[Any]] = [
    col(Conversation.operator_id),
    col(Conversation.id),
    col(Conversation.visitor_id),
    col(Visitor.name).label("visitor_name"),
    col(Conversation.last_text),
    col(Conversation.asked_position),
    col(Conversation.asked_at),
    col(Conversation.moved_at),
    col(Conversation.handoff),
    col(ReadMark.position).label("read"),
]
_visitor = SQLModel.metadata.tables["visitor"]
_VISITOR: Final = Prepared(
    select(*(_visitor.c[name] for name in VisitorRow._fields)).where(_visitor.c.id == bindparam("whose")),
    VisitorRow._make,
)
_JOIN: Final[Any] = col(Visitor.id) == col(Conversation.visitor_id)
_BY_WAIT: Final = (Box.WAITING, Box.CALLBACK)
_QUEUED, _CALLED_BACK = (
    and_(col(Conversation.status) == Status.WAITING, noted)
    for noted in (col(Conversation.callback_since).is_(None), col(Conversation.callback_since).is_not(None))
)


def _order(wanted: Wanted) -> Any:
    return col(Conversation.waiting_since) if wanted.box in _BY_WAIT else col(Conversation.last_at).desc()


def _conditions(wanted: Wanted) -> list[Any]:
    own: dict[Box, Any] = {
        Box.WAITING: _QUEUED,
        Box.CALLBACK: _CALLED_BACK,
        Box.MINE: col(Conversation.operator_id) == wanted.operator_id,
    }
    conditions: list[Any] = [own[wanted.box]] if wanted.box in own else []
    if wanted.reason or wanted.only in {Only.CALLED, Only.MISSED}:
        called = [col(Call.conversation_id) == col(Conversation.id), *_within(wanted, col(Call.created_at))]
        if wanted.reason:
            called.append(col(Call.reason) == Reason(wanted.reason))
        else:
            called.append(called_by_visitor())
        if wanted.only is Only.MISSED:
            called.append(missed())
        conditions.append(exists().where(*called))
    elif wanted.only is Only.RATED:
        rated = [col(Rating.conversation_id) == col(Conversation.id), *_within(wanted, col(Rating.ended_at))]
        conditions.append(exists().where(*rated))
    else:
        conditions += _within(wanted, col(Conversation.created_at))
    if wanted.only is Only.ASSISTANT:
        conditions.append(answered_alone())
    return conditions


def _within(wanted: Wanted, moment: Any) -> list[Any]:
    begin = [moment >= wanted.since] if wanted.since else []
    return [*begin, moment < wanted.until] if wanted.until else begin


def _first(wanted: Wanted, limit: int) -> Select[Any]:
    """Choose the first ids of a box: of each status by its own index, then of these."""
    statuses = (*_STATUSES[wanted.box], *((Status.CLOSED,) if wanted.ended else ()))
    chosen = select(col(Conversation.id)).order_by(_order(wanted)).limit(limit)
    narrowed = _conditions(wanted)
    parts = [chosen.where(col(Conversation.status) == status, *narrowed).subquery() for status in statuses]
    return select(union_all(*(select(part.c.id) for part in parts)).subquery().c.id)


async def page(tx: Transaction, wanted: Wanted, *, limit: int = 50) -> Sequence[Line]:
    """Read the top of a box: the longest wait first where people wait, else the newest word first."""
    return [Line(*found) for found in await tx.rows(_page(wanted, limit))]


@lru_cache(256)
def _page(wanted: Wanted, limit: int) -> Prepared:
    # Kept, because a desk asks the same again at every change.
    lines = select(*_LINE).join(Visitor, _JOIN).order_by(_order(wanted)).limit(limit)
    return Prepared(lines.where(col(Conversation.id).in_(_first(wanted, limit))))


async def counts(tx: Transaction) -> dict[Box, int]:
    """Count the boxes that are everybody's, each status up to a thousand."""
    counted = {
        **{status: col(Conversation.status) == status for status in Status},
        Status.WAITING: _QUEUED,
        Box.CALLBACK: _CALLED_BACK,
    }
    parts = [
        select(func.count()).select_from(select(1).where(which).limit(_MOST).subquery()) for which in counted.values()
    ]
    found = (await tx.rows(select(*(part.scalar_subquery() for part in parts))))[0]
    counts = dict(zip(counted, found, strict=True))
    return {
        Box.WAITING: counts[Status.WAITING],
        Box.CALLBACK: counts[Box.CALLBACK],
        Box.ALL: counts[Box.CALLBACK] + sum(counts[status] for status in _RUNNING),
        Box.CLOSED: counts[Status.CLOSED],
    }


async def last_calls(tx: Transaction) -> dict[UUID | None, datetime]:
    """Return when the newest call in the queue came, by the operator it is offered to alone; None is everybody."""
    offered_to, offered_until = col(Conversation.offered_to), col(Conversation.offered_until)
    # What was offered to one first came to the others later.
    came = case(
        (and_(offered_to.is_(None), offered_until.is_not(None)), offered_until), else_=col(Conversation.moved_at)
    )
    newest = select(offered_to, func.max(came).label("came")).where(_QUEUED).group_by(offered_to)
    rows: Sequence[Any] = await tx.rows(newest)
    return {row[0]: row[1] for row in rows}


async def offered(tx: Transaction) -> dict[UUID, UUID]:
    """Return the calls that are offered to one operator alone, and to whom."""
    statement = select(col(Conversation.id), col(Conversation.offered_to)).where(
        _QUEUED, col(Conversation.offered_to).is_not(None)
    )
    rows: Sequence[Any] = await tx.rows(statement.limit(_MOST))
    return {row[0]: row[1] for row in rows}


async def held(tx: Transaction) -> Sequence[Held]:
    """List what operators hold, each with how far its holder has read; the newest word first."""
    own = and_(
        col(ReadMark.conversation_id) == col(Conversation.id),
        col(ReadMark.operator_id) == col(Conversation.operator_id),
    )
    statement = (
        select(*_HELD)
        .join(Visitor, _JOIN)
        .outerjoin(ReadMark, own)
        .where(col(Conversation.status) == Status.ATTENDED)
        .order_by(col(Conversation.last_at).desc())
        .limit(_MOST)
    )
    return [Held(*found) for found in await tx.rows(statement)]


async def lost(tx: Transaction, attended: Sequence[Held]) -> list[Held]:
    """Return what was taken over from each operator and they have not looked at since, out of what is attended."""
    taken = [(one, one.handoff.from_id) for one in attended if one.handoff and one.handoff.from_id]
    if not taken:
        return []
    statement = select(col(ReadMark.conversation_id), col(ReadMark.operator_id)).where(
        col(ReadMark.conversation_id).in_([one.id for one, _ in taken])
    )
    rows: Sequence[Any] = await tx.rows(statement)
    looked = {(conversation_id, operator_id) for conversation_id, operator_id in rows}
    return [one._replace(operator_id=before, read=None) for one, before in taken if (one.id, before) not in looked]


async def looked_at(tx: Transaction) -> dict[UUID, set[UUID]]:
    """Return by operator the waiting conversations in which they have read everything."""
    statement = (
        select(col(ReadMark.operator_id), col(Conversation.id))
        .join(Conversation, col(Conversation.id) == col(ReadMark.conversation_id))
        .where(col(Conversation.status) == Status.WAITING, col(ReadMark.position) >= col(Conversation.asked_position))
        .limit(_MOST)
    )
    found: dict[UUID, set[UUID]] = {}
    rows: Sequence[Any] = await tx.rows(statement)
    for operator_id, conversation_id in rows:
        found.setdefault(operator_id, set()).add(conversation_id)
    return found


async def visitor(tx: Transaction, visitor_id: UUID) -> VisitorRow | None:
    """Read a visitor."""
    found = await tx.rows(_VISITOR, whose=visitor_id)
    return found[0] if found else None


async def earlier(tx: Transaction, visitor_id: UUID, but: UUID, limit: int = 20) -> Sequence[Line]:
    """List a visitor's other conversations, the newest first."""
    statement = (
        select(*_LINE)
        .join(Visitor, _JOIN)
        .where(col(Conversation.visitor_id) == visitor_id, col(Conversation.id) != but)
        .order_by(col(Conversation.created_at).desc())
        .limit(limit)
    )
    return [Line(*found) for found in await tx.rows(statement)]


async def running(tx: Transaction, ids: Sequence[UUID]) -> set[UUID]:
    """Return which of some conversations are not over."""
    statement = select(col(Conversation.id)).where(
        col(Conversation.id).in_(ids), col(Conversation.status).in_(_RUNNING)
    )
    return {row[0] for row in await tx.rows(statement)} if ids else set()
