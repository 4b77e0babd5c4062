"""The figures of the administrators' overview: how many conversations, who answered, how soon, how well.

Each kind of figure takes one statement, whatever the number of days.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from vink_chat.conversations.model import Author, Call, Conversation, Message, Rating, Reason, Status
from vink_chat.conversations.visitors import visitor_is_there
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction

_MAX_CALLS: Final = 50_000
_MAX_POSITIONS: Final = 500
_SUMS = (
    "conversations",
    "assistant",
    "handed",
    "stepped_in",
    "answered",
    "waiting",
    "missed",
    "withdrawn",
    "ratings",
    "stars",
)


@dataclass(slots=True)
class Day:
    """The figures of one period.

    Attributes:
        conversations: How many began.
        assistant: Of these, how many the assistant answered with no person called.
        handed: Of these, in how many a person was called or stepped in.
        called: How often a person was called, by reason (a value of ``Reason``).
        stepped_in: How often an operator stepped in uncalled; not counted among the calls and their waits.
        answered: Of the calls, how many an operator answered before the next one.
        waiting: Of the calls, how many still wait for a reply.
        missed: Of the calls, how many ended without a reply: closed, given back, or followed by another call.
        withdrawn: Of the calls, how many the visitor withdrew before a reply.
        waits: Seconds each call waited, shortest first: for the first reply, for its end without one, or until now.
        ratings: How many ends were rated; a conversation that was reopened may have several.
        stars: The sum of these ratings.
    """

    conversations: int = 0
    assistant: int = 0
    handed: int = 0
    called: dict[str, int] = field(default_factory=dict[str, int])
    stepped_in: int = 0
    answered: int = 0
    waiting: int = 0
    missed: int = 0
    withdrawn: int = 0
    waits: list[float] = field(default_factory=list[float])
    ratings: int = 0
    stars: int = 0

    def add(self, other: "Day") -> None:
        """Add the figures of another period."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.waits = sorted([*self.waits, *other.waits])
        for reason, count in other.called.items():
            self.called[reason] = self.called.get(reason, 0) + count

    def wait(self, share: float) -> float | None:
        """Return the percentile ``share`` (0.0 to 1.0) of the waits in seconds, by nearest rank; None without calls."""
        if not self.waits:
            return None
        return self.waits[max(0, math.ceil(share * len(self.waits)) - 1)]


@dataclass(frozen=True, slots=True)
class Present:
    """The present figures.

    Attributes:
        waiting: How many visitors wait in the queue.
        gone: Of these, how many have left the page.
        longest_since: When the longest wait of a visitor who is still there began; None if there is none.
        callbacks: How many are to be called back: they left contacts and went away, and are not in ``waiting``.
        attended: How many conversations operators hold.
        assisted: How many the assistant holds.
    """

    waiting: int
    gone: int
    longest_since: datetime | None
    callbacks: int
    attended: int
    assisted: int


async def days(tx: Transaction, bounds: Sequence[datetime]) -> list[Day]:
    """Return the figures of consecutive periods.

    Args:
        tx: The open transaction.
        bounds: The beginning of each period, oldest first, and the end of the last one: at least two moments.
    """
    periods = [Day() for _ in bounds[1:]]
    await _conversations(tx, bounds, periods)
    await _ratings(tx, bounds, periods)
    await _calls(tx, bounds, periods)
    return periods


async def owed(tx: Transaction, limit: int = 100) -> Sequence[Conversation]:
    """List the conversations in which the assistant owes an answer now, longest wait first."""
    statement = (
        select(Conversation)
        .where(
            col(Conversation.answered_position) < col(Conversation.asked_position),
            Conversation.status == Status.ASSISTED,
        )
        .order_by(col(Conversation.asked_at))
        .limit(limit)
    )
    return (await tx.session.exec(statement)).all()


async def broken_promises(tx: Transaction, moment: datetime, limit: int = 100) -> Sequence[Conversation]:
    """List the conversations that still wait although the promised time has passed, oldest promise first."""
    statement = (
        select(Conversation)
        .where(Conversation.status == Status.WAITING, col(Conversation.promised_at) < moment)
        .order_by(col(Conversation.promised_at))
        .limit(limit)
    )
    return (await tx.session.exec(statement)).all()


async def texts_at(tx: Transaction, positions: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], str]:
    """Return the texts of up to 500 messages, each given by its conversation's id and its position."""
    position = tuple_(col(Message.conversation_id), col(Message.position))
    statement = (
        select(Message.conversation_id, Message.position, Message.text)
        .where(position.in_(positions[:_MAX_POSITIONS]))
        .order_by(col(Message.position))
        .limit(_MAX_POSITIONS)
    )
    rows: Sequence[Any] = (await tx.session.exec(statement)).all()
    return {(row[0], row[1]): row[2] for row in rows}


def answered_alone() -> ColumnElement[bool]:
    """Condition on a conversation: the assistant answered, its last answer was sure, and no person was called."""
    answered = exists().where(
        col(Message.conversation_id) == col(Conversation.id), col(Message.author) == Author.ASSISTANT
    )
    return and_(
        answered,
        col(Conversation.unsure_in_a_row) == 0,
        ~exists().where(col(Call.conversation_id) == col(Conversation.id)),
    )


def called_by_visitor() -> ColumnElement[bool]:
    """Condition on a call: it really was one, and not an operator who stepped in uncalled."""
    return col(Call.reason) != Reason.OPERATOR


def missed() -> ColumnElement[bool]:
    """Condition on a call: it ended without a reply, and the visitor did not withdraw it."""
    return and_(_answered_at().is_(None), _end_of_call().is_not(None), col(Call.withdrawn_at).is_(None))


def _next_call() -> Any:
    later = aliased(Call)
    return (
        select(func.min(later.created_at))
        .where(col(later.conversation_id) == col(Call.conversation_id), col(later.created_at) > col(Call.created_at))
        .correlate(Call)
        .scalar_subquery()
    )


def first_reply() -> Any:
    """When an operator first wrote after a call."""
    return (
        select(func.min(Message.created_at))
        .where(
            Message.conversation_id == Call.conversation_id,
            Message.author == Author.OPERATOR,
            col(Message.note).is_(other=False),
            col(Message.created_at) >= col(Call.created_at),
        )
        .correlate(Call)
        .scalar_subquery()
    )


def _answered_at() -> Any:
    """When an operator first replied to a call; a reply after the next call counts for that one."""
    reply = first_reply()
    following = func.coalesce(col(Call.withdrawn_at), _next_call())
    return case((and_(following.is_not(None), reply >= following), None), else_=reply)


def _end_of_call() -> Any:
    """When a call ended, answered or not; null while it waits or an operator holds the conversation."""
    over = case(
        (col(Conversation.status) == Status.CLOSED, col(Conversation.closed_at)),
        (col(Conversation.status) == Status.ASSISTED, col(Conversation.moved_at)),
        else_=None,
    )
    ended = select(over).where(col(Conversation.id) == col(Call.conversation_id)).correlate(Call).scalar_subquery()
    return func.coalesce(col(Call.withdrawn_at), _next_call(), ended)


async def present(tx: Transaction) -> Present:
    """Return the present figures."""
    called_back = case((col(Conversation.callback_since).is_(None), 0), else_=1).label("called_back")
    statement = (
        select(Conversation.status, called_back, func.count())
        .where(Conversation.status != Status.CLOSED)
        .group_by(col(Conversation.status), called_back)
    )
    rows: Sequence[Any] = (await tx.session.exec(statement)).all()
    count = {(row[0], bool(row[1])): int(row[2]) for row in rows}
    there = select(func.count(), func.min(Conversation.waiting_since)).where(
        Conversation.status == Status.WAITING, col(Conversation.callback_since).is_(None), visitor_is_there(now())
    )
    stay, longest_since = (await tx.session.exec(there)).one()
    waiting = count.get((Status.WAITING, False), 0)
    return Present(
        waiting=waiting,
        gone=waiting - stay,
        longest_since=longest_since,
        callbacks=count.get((Status.WAITING, True), 0),
        attended=count.get((Status.ATTENDED, False), 0),
        assisted=count.get((Status.ASSISTED, False), 0),
    )


async def _conversations(tx: Transaction, bounds: Sequence[datetime], periods: list[Day]) -> None:
    alone = case((answered_alone(), 1), else_=0).label("alone")
    handed = case((exists().where(col(Call.conversation_id) == col(Conversation.id)), 1), else_=0).label("handed")
    begun = col(Conversation.created_at)
    inner = select(_number(begun, bounds), alone, handed).where(*_within(begun, bounds)).subquery()
    for number, count, by_assistant, by_person in await _grouped(
        tx, inner, func.sum(inner.c.alone), func.sum(inner.c.handed)
    ):
        day = periods[number]
        day.conversations, day.assistant, day.handed = count, by_assistant, by_person


async def _ratings(tx: Transaction, bounds: Sequence[datetime], periods: list[Day]) -> None:
    ended = col(Rating.ended_at)
    inner = select(_number(ended, bounds), col(Rating.stars)).where(*_within(ended, bounds)).subquery()
    for number, count, total in await _grouped(tx, inner, func.sum(inner.c.stars)):
        periods[number].ratings, periods[number].stars = count, total


async def _calls(tx: Transaction, bounds: Sequence[datetime], periods: list[Day]) -> None:
    called, moment = col(Call.created_at), now()
    statement = (
        sql.select(
            _number(called, bounds), col(Call.reason), called, _answered_at(), _end_of_call(), col(Call.withdrawn_at)
        )
        .where(*_within(called, bounds))
        .order_by(called.desc())
        .limit(_MAX_CALLS)
    )
    rows: Sequence[Any] = await tx.rows(statement)
    for number, reason, began, answered, ended, withdrawn in rows:
        day = periods[int(number)]
        if reason is Reason.OPERATOR:
            day.stepped_in += 1
            continue
        day.called[reason.value] = day.called.get(reason.value, 0) + 1
        day.answered += answered is not None
        day.withdrawn += answered is None and withdrawn is not None
        day.missed += answered is None and ended is not None and withdrawn is None
        day.waiting += answered is None and ended is None
        day.waits.append(max(0.0, ((answered or ended or moment) - began).total_seconds()))
    for day in periods:
        day.waits.sort()


def _number(moment: Any, bounds: Sequence[datetime]) -> Any:
    """The number of the period a moment is in, from 0; periods follow the shop's time zone, unknown to the database."""
    return case(*((moment < end, number) for number, end in enumerate(bounds[1:])), else_=len(bounds) - 2).label(
        "number"
    )


def _within(moment: Any, bounds: Sequence[datetime]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return moment >= bounds[0], moment < bounds[-1]


async def _grouped(tx: Transaction, inner: Subquery, *totals: Any) -> list[list[int]]:
    statement = sql.select(inner.c.number, func.count(), *totals).group_by(inner.c.number)
    rows: Sequence[Any] = await tx.rows(statement)
    return [[int(value) for value in row] for row in rows]
