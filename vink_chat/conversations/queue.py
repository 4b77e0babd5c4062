"""The queue and the other lists of conversations: their tabs, their order, their rows.

Every list is limited and read by an index, whatever else the tables hold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select, union_all
from sqlmodel import col

from vink_chat.conversations import store
from vink_chat.conversations.errors import NoOpenConversation
from vink_chat.conversations.model import (
    Author,
    Call,
    Conversation,
    Handoff,
    Message,
    Priority,
    Rating,
    ReadMark,
    Reason,
    Status,
    Visitor,
)
from vink_chat.conversations.overview import answered_alone, called_by_visitor, missed
from vink_chat.conversations.rows import AnyConversation
from vink_chat.events import PriorityChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import NotFound
from vink_chat.kit.prepared import Prepared
from vink_chat.kit.words import say


class QueueTab(StrEnum):
    """A tab of the desk's list. A visitor who waits is in WAITING; one who left contacts and went away, in CALLBACK."""

    WAITING = "waiting"
    CALLBACK = "callback"
    MINE = "mine"
    ALL = "all"
    CLOSED = "closed"


class OverviewFilter(StrEnum):
    """A kind of conversations that the overview counts."""

    ASSISTANT = "assistant"
    CALLED = "called"
    MISSED = "missed"
    RATED = "rated"
    PRIORITY = "priority"

    def label(self, language: str) -> str:
        """Return its name in a language."""
        return say(_KINDS[self], language)


_KINDS: Final = {
    OverviewFilter.ASSISTANT: "Ответил ассистент",
    OverviewFilter.CALLED: "Вызовы специалиста",
    OverviewFilter.MISSED: "Не дождались",
    OverviewFilter.RATED: "Оценка",
    OverviewFilter.PRIORITY: "Срочные и важные",
}


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """Which conversations are asked for.

    Attributes:
        operator_id: Whose, for MINE.
        reason: Only those in which a person was called for this reason, when not empty.
        only: Only those the assistant answered alone, in which a person was called, was called and never wrote, or
            that were rated.
        since: Only those begun (the person called, what was rated ended) at this moment or later.
        until: Only those before this moment.
        ended: For ALL: also those that are over.
    """

    tab: QueueTab
    operator_id: UUID | None = None
    reason: str = ""
    only: OverviewFilter | None = None
    since: datetime | None = None
    until: datetime | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One conversation in a list. A field is the conversation's column of that name, but for those of ``_ELSEWHERE``.

    Attributes:
        said_by: Who said ``last_text``; of an operator ``writer_id`` is the account.
        first_question: What its visitor wrote first; nothing of what has a ``question``, or waits.
        stars: How its last end was rated.
        comment: What was written beside the stars.
        seen_at: When its visitor was last there.
    """

    id: UUID
    visitor_id: UUID
    visitor_name: str
    status: Status
    reason: Reason
    priority: int
    operator_id: UUID | None
    operator_name: str
    last_text: str
    last_at: datetime
    waiting_since: datetime | None
    question: str
    handoff: Handoff | None
    callback_since: datetime | None
    offered_to: UUID | None
    offered_name: str
    phone: str
    email: str
    said_by: Author | None
    writer_id: UUID | None
    first_question: str
    stars: int | None
    comment: str | None
    # Who stays is seen every minute: a row that says the same is the same.
    seen_at: datetime = field(compare=False)


MAX_ROWS: Final = 1000
_RUNNING: Final = (Status.ASSISTED, Status.WAITING, Status.ATTENDED)
_STATUSES: Final = {
    QueueTab.WAITING: (Status.WAITING,),
    QueueTab.CALLBACK: (Status.WAITING,),
    QueueTab.MINE: (Status.ATTENDED,),
    QueueTab.ALL: _RUNNING,
    QueueTab.CLOSED: (Status.CLOSED,),
}


def _last_said(column: Any) -> Any:
    """A column of the last message, without notices and notes."""
    return (
        select(column)
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


def _last_rating(column: Any) -> Any:
    return (
        select(column)
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
# Where a field of a row comes from, unless it is the conversation's column of the same name.
_ELSEWHERE: Final[dict[str, Any]] = {
    "visitor_name": col(Visitor.name),
    "phone": col(Visitor.phone),
    "email": col(Visitor.email),
    "seen_at": col(Visitor.seen_at),
    "said_by": _last_said(col(Message.author)),
    "writer_id": _last_said(col(Message.operator_id)),
    # Read for the rows of a page only: a conversation nobody was called about is named by its first words.
    "first_question": case(
        (or_(col(Conversation.question) != "", col(Conversation.status) == Status.WAITING), ""),
        else_=func.coalesce(_FIRST_QUESTION, ""),
    ),
    "stars": _last_rating(col(Rating.stars)),
    "comment": _last_rating(col(Rating.comment)),
    "read": col(ReadMark.position),
}


def columns(names: Iterable[str]) -> list[Any]:
    """Return the columns of a row by the names of its fields."""
    return [(_ELSEWHERE[name] if name in _ELSEWHERE else getattr(Conversation, name)).label(name) for name in names]


_ROW: Final = columns(field.name for field in fields(QueueRow))
VISITOR_JOIN: Final[Any] = col(Visitor.id) == col(Conversation.visitor_id)
_BY_WAIT: Final = (QueueTab.WAITING, QueueTab.CALLBACK)
QUEUED, _CALLED_BACK = (
    and_(col(Conversation.status) == Status.WAITING, noted)
    for noted in (col(Conversation.callback_since).is_(None), col(Conversation.callback_since).is_not(None))
)


ORDER: Final = (col(Conversation.priority), col(Conversation.waiting_since))
"""The order in which conversations that wait are answered."""
AHEAD: Final = or_(
    col(Conversation.priority) < bindparam("priority"),
    and_(col(Conversation.priority) == bindparam("priority"), col(Conversation.waiting_since) < bindparam("since")),
)
"""Whether a conversation that waits is answered before the one that ``place_of`` binds."""


def place_of(conversation: AnyConversation, since: datetime | None = None) -> dict[str, object]:
    """Return the parameters of ``AHEAD`` for a conversation, as if it waited since a moment if one is given."""
    return {"priority": conversation.priority, "since": since or conversation.waiting_since or now()}


def _by_priority(query: QueueQuery) -> bool:
    """Tell whether a list begins with what is urgent: not a list of conversations that are over."""
    return query.tab is not QueueTab.CLOSED and not query.ended


def _order(query: QueueQuery, of: Any = Conversation) -> tuple[Any, ...]:
    """Return a list's order by the columns ``of`` the table, or of a selection from it."""
    if query.tab in _BY_WAIT:
        return of.priority, of.waiting_since
    return (of.priority, of.last_at.desc()) if _by_priority(query) else (of.last_at.desc(),)


def _conditions(query: QueueQuery) -> list[Any]:
    own: dict[QueueTab, Any] = {
        QueueTab.WAITING: QUEUED,
        QueueTab.CALLBACK: _CALLED_BACK,
        QueueTab.MINE: col(Conversation.operator_id) == query.operator_id,
    }
    conditions: list[Any] = [own[query.tab]] if query.tab in own else []
    if query.reason or query.only in {OverviewFilter.CALLED, OverviewFilter.MISSED}:
        called = [col(Call.conversation_id) == col(Conversation.id), *_within(query, col(Call.created_at))]
        if query.reason:
            called.append(col(Call.reason) == Reason(query.reason))
        else:
            called.append(called_by_visitor())
        if query.only is OverviewFilter.MISSED:
            called.append(missed())
        conditions.append(exists().where(*called))
    elif query.only is OverviewFilter.RATED:
        rated = [col(Rating.conversation_id) == col(Conversation.id), *_within(query, col(Rating.ended_at))]
        conditions.append(exists().where(*rated))
    else:
        conditions += _within(query, col(Conversation.created_at))
    if query.only is OverviewFilter.PRIORITY:
        conditions.append(col(Conversation.priority) < Priority.NORMAL)
    if query.only is OverviewFilter.ASSISTANT:
        conditions.append(answered_alone())
    return conditions


def _within(query: QueueQuery, moment: Any) -> list[Any]:
    begin = [moment >= query.since] if query.since else []
    return [*begin, moment < query.until] if query.until else begin


def _first(query: QueueQuery, limit: int) -> Select[Any]:
    """Choose the first ids of a tab: of each status, and priority, by its own index, then of these."""
    statuses = (*_STATUSES[query.tab], *((Status.CLOSED,) if query.ended else ()))
    sorted_by = (col(Conversation.priority), col(Conversation.last_at), col(Conversation.waiting_since))
    chosen = select(col(Conversation.id), *sorted_by).order_by(*_order(query)).limit(limit)
    narrowed = _conditions(query)
    ranked = _by_priority(query) and query.tab not in _BY_WAIT
    ranks: list[list[Any]] = [[col(Conversation.priority) == one] for one in Priority] if ranked else [[]]
    parts = [
        select(chosen.where(col(Conversation.status) == status, *rank, *narrowed).subquery())
        for status in statuses
        for rank in ranks
    ]
    first = union_all(*parts).subquery()
    return select(first.c.id).order_by(*_order(query, first.c)).limit(limit)


async def page(tx: Transaction, query: QueueQuery, *, limit: int = 50) -> Sequence[QueueRow]:
    """Read the top of a tab: urgent conversations first, then the longest wait, or else the newest message."""
    return [QueueRow(*found) for found in await tx.rows(_page(query, limit))]


@lru_cache(256)
def _page(query: QueueQuery, limit: int) -> Prepared:
    # Kept, because a desk asks the same again at every change.
    lines = select(*_ROW).join(Visitor, VISITOR_JOIN).order_by(*_order(query)).limit(limit)
    return Prepared(lines.where(col(Conversation.id).in_(_first(query, limit))))


async def set_priority(tx: Transaction, conversation_id: UUID, name: object) -> Priority:
    """Set how urgent a conversation is, by the name of a ``Priority`` in any case.

    Raises:
        NoOpenConversation: The conversation is closed.
        NotFound: There is no such conversation, or no such priority.
    """
    priority = Priority.__members__.get(name.upper()) if isinstance(name, str) else None
    if priority is None:
        raise NotFound
    conversation = await store.get(tx, conversation_id, lock=True)
    if conversation.status is Status.CLOSED:
        raise NoOpenConversation
    before = conversation.priority
    if before != priority:
        await store.change(tx, conversation, priority=priority)
        tx.emit(PriorityChanged(conversation.id, conversation.visitor_id, before))
    return priority


async def counts(tx: Transaction) -> dict[QueueTab, int]:
    """Count the tabs that are everybody's, each status up to a thousand."""
    counted = {
        **{status: col(Conversation.status) == status for status in Status},
        Status.WAITING: QUEUED,
        QueueTab.CALLBACK: _CALLED_BACK,
    }
    parts = [
        select(func.count()).select_from(select(1).where(which).limit(MAX_ROWS).subquery())
        for which in counted.values()
    ]
    found = (await tx.rows(select(*(part.scalar_subquery() for part in parts))))[0]
    counts = dict(zip(counted, found, strict=True))
    return {
        QueueTab.WAITING: counts[Status.WAITING],
        QueueTab.CALLBACK: counts[QueueTab.CALLBACK],
        QueueTab.ALL: counts[QueueTab.CALLBACK] + sum(counts[status] for status in _RUNNING),
        QueueTab.CLOSED: counts[Status.CLOSED],
    }


async def earlier(tx: Transaction, visitor_id: UUID, but: UUID, limit: int = 20) -> Sequence[QueueRow]:
    """List a visitor's conversations without ``but``, newest first."""
    statement = (
        select(*_ROW)
        .join(Visitor, VISITOR_JOIN)
        .where(col(Conversation.visitor_id) == visitor_id, col(Conversation.id) != but)
        .order_by(col(Conversation.created_at).desc())
        .limit(limit)
    )
    return [QueueRow(*found) for found in await tx.rows(statement)]


async def still_open(tx: Transaction, ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the given conversations that are open."""
    statement = select(col(Conversation.id)).where(
        col(Conversation.id).in_(ids), col(Conversation.status).in_(_RUNNING)
    )
    return {row[0] for row in await tx.rows(statement)} if ids else set()
