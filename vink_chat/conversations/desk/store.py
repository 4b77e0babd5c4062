"""The SQL of the desk's lists. Every list is limited and read by an index, whatever else the tables hold."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Select, bindparam, case, exists, func, select, union_all
from sqlmodel import SQLModel, col

from vink_chat.conversations.desk.boxes import Box, Line, Only, Wanted
from vink_chat.conversations.model import Call, Conversation, Rating, Reason, Status, Visitor
from vink_chat.conversations.overview.store import answered_alone
from vink_chat.kit.db import Transaction
from vink_chat.kit.prepared import Prepared

_MOST: Final = 1000
_RUNNING: Final = (Status.ASSISTED, Status.WAITING, Status.ATTENDED)
_STATUSES: Final = {
    Box.WAITING: (Status.WAITING,),
    Box.MINE: (Status.ATTENDED,),
    Box.ALL: _RUNNING,
    Box.CLOSED: (Status.CLOSED,),
}
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
    col(Conversation.asked_position),
    col(Conversation.operator_read),
]
_visitor = SQLModel.metadata.tables["visitor"]
_VISITOR: Final = Prepared(select(_visitor).where(_visitor.c.id == bindparam("whose")))
_JOIN: Final[Any] = col(Visitor.id) == col(Conversation.visitor_id)


def _order(wanted: Wanted) -> Any:
    return col(Conversation.waiting_since) if wanted.box is Box.WAITING else col(Conversation.last_at).desc()


def _conditions(wanted: Wanted) -> list[Any]:
    conditions: list[Any] = [col(Conversation.operator_id) == wanted.operator_id] if wanted.box is Box.MINE else []
    if wanted.reason or wanted.only is Only.CALLED:
        called = [col(Call.conversation_id) == col(Conversation.id), *_within(wanted, col(Call.created_at))]
        if wanted.reason:
            called.append(col(Call.reason) == Reason(wanted.reason))
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
    parts = [
        select(func.count()).select_from(select(1).where(col(Conversation.status) == status).limit(_MOST).subquery())
        for status in Status
    ]
    found = (await tx.rows(select(*(part.scalar_subquery() for part in parts))))[0]
    by_status = dict(zip(Status, found, strict=True))
    return {
        box: sum(by_status[status] for status in statuses) for box, statuses in _STATUSES.items() if box is not Box.MINE
    }


async def held(tx: Transaction) -> dict[UUID, tuple[int, int]]:
    """Count what each operator holds, and in how many of those the visitor wrote what nobody has read yet."""
    unread = case((col(Conversation.asked_position) > col(Conversation.operator_read), 1), else_=0)
    statement = (
        select(col(Conversation.operator_id), func.count(), func.sum(unread))
        .where(col(Conversation.status) == Status.ATTENDED)
        .group_by(col(Conversation.operator_id))
    )
    found: Sequence[Any] = await tx.rows(statement)
    return {row[0]: (row[1], int(row[2])) for row in found}


async def visitor(tx: Transaction, visitor_id: UUID) -> Visitor | None:
    """Find a visitor, to be read and not to be changed."""
    found = await tx.rows(_VISITOR, whose=visitor_id)
    return cast("Visitor", found[0]) if found else None


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
