"""The SQL of the overview: one statement a kind of number, whatever the number of days."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, tuple_
from sqlmodel import col, select

from vink_chat.conversations.model import Author, Call, Conversation, Message, Rating, Status
from vink_chat.conversations.overview.day import Day
from vink_chat.kit.db import Transaction

_MOST_CALLS: Final = 50_000
_MOST_PLACES: Final = 500


async def days(tx: Transaction, bounds: Sequence[datetime]) -> list[Day]:
    """Count stretches of time that follow each other.

    Args:
        tx: The open transaction.
        bounds: Where they begin, oldest first, and where the last one ends: at least two moments.
    """
    found = [Day() for _ in bounds[1:]]
    await _conversations(tx, bounds, found)
    await _ratings(tx, bounds, found)
    await _calls(tx, bounds, found)
    return found


async def owed(tx: Transaction, limit: int = 100) -> Sequence[Conversation]:
    """List the conversations in which the assistant owes an answer now, the longest wait first."""
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
    """List the conversations that still wait although the promised time is over, the oldest promise first."""
    statement = (
        select(Conversation)
        .where(Conversation.status == Status.WAITING, col(Conversation.promised_at) < moment)
        .order_by(col(Conversation.promised_at))
        .limit(limit)
    )
    return (await tx.session.exec(statement)).all()


async def said_at(tx: Transaction, places: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], str]:
    """Return the texts at up to 500 places, each a conversation's id and a position in its thread."""
    place = tuple_(col(Message.conversation_id), col(Message.position))
    statement = (
        select(Message.conversation_id, Message.position, Message.text)
        .where(place.in_(places[:_MOST_PLACES]))
        .order_by(col(Message.position))
        .limit(_MOST_PLACES)
    )
    rows: Sequence[Any] = (await tx.session.exec(statement)).all()
    return {(row[0], row[1]): row[2] for row in rows}


def answered_alone() -> ColumnElement[bool]:
    """Say of a conversation that the assistant answered in it and no person was called."""
    answered = exists().where(
        col(Message.conversation_id) == col(Conversation.id), col(Message.author) == Author.ASSISTANT
    )
    return and_(answered, ~exists().where(col(Call.conversation_id) == col(Conversation.id)))


async def _conversations(tx: Transaction, bounds: Sequence[datetime], found: list[Day]) -> None:
    alone = case((answered_alone(), 1), else_=0).label("alone")
    begun = col(Conversation.created_at)
    inner = select(_number(begun, bounds), alone).where(*_within(begun, bounds)).subquery()
    for number, count, by_assistant in await _grouped(tx, inner, func.sum(inner.c.alone)):
        found[number].conversations, found[number].assistant = count, by_assistant


async def _ratings(tx: Transaction, bounds: Sequence[datetime], found: list[Day]) -> None:
    ended = col(Rating.ended_at)
    inner = select(_number(ended, bounds), col(Rating.stars)).where(*_within(ended, bounds)).subquery()
    for number, count, total in await _grouped(tx, inner, func.sum(inner.c.stars)):
        found[number].ratings, found[number].stars = count, total


async def _calls(tx: Transaction, bounds: Sequence[datetime], found: list[Day]) -> None:
    first_answer = (
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
    called = col(Call.created_at)
    statement = (
        select(_number(called, bounds), Call.reason, Call.created_at, first_answer)
        .where(*_within(called, bounds))
        .order_by(called.desc())
        .limit(_MOST_CALLS)
    )
    rows: Sequence[Any] = (await tx.session.exec(statement)).all()
    for number, reason, moment, answered in rows:
        day = found[int(number)]
        day.called[reason.value] = day.called.get(reason.value, 0) + 1
        if answered is not None:
            day.waits.append((answered - moment).total_seconds())
    for day in found:
        day.waits.sort()


def _number(moment: Any, bounds: Sequence[datetime]) -> Any:
    """Say in which stretch a moment lies, from 0; the stretches are the shop's days, which no database knows."""
    return case(*((moment < end, number) for number, end in enumerate(bounds[1:])), else_=len(bounds) - 2).label(
        "number"
    )


def _within(moment: Any, bounds: Sequence[datetime]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return moment >= bounds[0], moment < bounds[-1]


async def _grouped(tx: Transaction, inner: Subquery, total: Any) -> list[tuple[int, int, int]]:
    statement = select(inner.c.number, func.count(), total).group_by(inner.c.number)
    return [(int(row[0]), int(row[1]), int(row[2])) for row in (await tx.session.exec(statement)).all()]
