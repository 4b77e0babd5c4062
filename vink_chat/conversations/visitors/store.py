"""Every SQL statement about visitors themselves."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, desc, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, select

from vink_chat.conversations.errors import Blocked
from vink_chat.conversations.model import Visitor, VisitorConsent
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.prepared import Prepared

_AT_ONCE: Final = 500
_visitor = SQLModel.metadata.tables["visitor"]

# Every message takes these.
_SEEN_AGAIN: Final = Prepared(
    update(_visitor)
    .where(_visitor.c.id == bindparam("whose"))
    .values(last_position=_visitor.c.last_position + 1, seen_at=bindparam("moment"))
    .returning(_visitor.c.last_position, _visitor.c.blocked_at, _visitor.c.blocked_until)
)
_BUMP: Final = Prepared(
    update(_visitor)
    .where(_visitor.c.id == bindparam("whose"))
    .values(last_position=_visitor.c.last_position + 1)
    .returning(_visitor.c.last_position)
)
# Several first messages may come at once, and there are two unique columns: whichever clashes, the visitor is there.
_NEW_VISITOR: Final = {
    "sqlite": Prepared(sqlite.insert(_visitor).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(_visitor).on_conflict_do_nothing()),
}


async def next_position(tx: Transaction, visitor_id: UUID, secret_hash: str, language: str) -> int:
    """Give the next place in a visitor's thread, making the visitor when there is none.

    The statement locks the visitor's row, so two messages of one visitor wait for each other.

    Raises:
        Blocked: An operator blocked the visitor.
    """
    found = await tx.rows(_SEEN_AGAIN, whose=visitor_id, moment=now())
    if not found:
        await make_visitor(tx, visitor_id, secret_hash, language)
        found = await tx.rows(_SEEN_AGAIN, whose=visitor_id, moment=now())
    if is_blocked(found[0]):
        raise Blocked
    return int(found[0][0])


def is_blocked(visitor: Any) -> bool:
    """Tell whether a visitor, or their row, is blocked at this moment."""
    return bool(visitor.blocked_at) and (visitor.blocked_until is None or visitor.blocked_until > now())


async def make_visitor(tx: Transaction, visitor_id: UUID, secret_hash: str, language: str) -> None:
    """Make a visitor's row unless it is there."""
    await tx.rows(_NEW_VISITOR[tx.dialect], id=visitor_id, secret_hash=secret_hash, language=language)


async def bump(tx: Transaction, visitor_id: UUID) -> int:
    """Give the next place in a known visitor's thread."""
    return int((await tx.rows(_BUMP, whose=visitor_id))[0][0])


async def visitor(tx: Transaction, visitor_id: UUID) -> Visitor | None:
    """Find a visitor."""
    return await tx.session.get(Visitor, visitor_id)


async def see_visitors(tx: Transaction, visitor_ids: Sequence[UUID]) -> None:
    """Note that visitors are on the page now."""
    for at in range(0, len(visitor_ids), _AT_ONCE):
        some = update(_visitor).where(_visitor.c.id.in_(visitor_ids[at : at + _AT_ONCE]))
        await tx.rows(some.values(seen_at=now()))


async def newest_consent(tx: Transaction, visitor_id: UUID) -> VisitorConsent | None:
    """Return what a visitor agreed to last."""
    query = (
        select(VisitorConsent)
        .where(VisitorConsent.visitor_id == visitor_id)
        .order_by(desc(col(VisitorConsent.created_at)))
        .limit(1)
    )
    return (await tx.session.exec(query)).first()
