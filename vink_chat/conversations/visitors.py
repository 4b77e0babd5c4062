"""Visitors (one per browser): the positions in their threads, their contacts, their blocks, their presence."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import ColumnElement, bindparam, delete, desc, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, select

from vink_chat.conversations import search, store
from vink_chat.conversations.errors import BadEmail, BadPhone, Blocked
from vink_chat.conversations.model import BlockedAddress, Conversation, Visitor, VisitorConsent
from vink_chat.conversations.rows import VisitorRow
from vink_chat.conversations.text import one_line
from vink_chat.events import ConversationSeen
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import NotFound
from vink_chat.kit.prepared import Prepared

_AT_ONCE: Final = 500
_ADDRESS_KEPT: Final = timedelta(days=30)
# An open tab and a client that polls over REST both refresh ``seen_at`` every minute.
SEEN_WITHIN: Final = timedelta(minutes=5)
LONGEST: Final = {"name": 200, "email": 320, "phone": 40}
_EMAIL: Final = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]{2,}")
_FEWEST_DIGITS: Final = 6
_visitor, _blocked_address = (SQLModel.metadata.tables[name] for name in ("visitor", "blocked_address"))

# These run for every message, hence prepared.
_SEEN_AGAIN: Final = Prepared(
    update(_visitor)
    .where(_visitor.c.id == bindparam("whose"))
    .values(
        last_position=_visitor.c.last_position + 1,
        seen_at=bindparam("moment"),
        address=bindparam("place"),
        shared_address=bindparam("shared"),
    )
    .returning(_visitor.c.last_position, _visitor.c.blocked_at, _visitor.c.blocked_until)
)
_BLOCK_OF: Final = Prepared(
    sql.select(
        _blocked_address.c.blocked_until, _blocked_address.c.blocked_by, _blocked_address.c.blocked_reason
    ).where(
        _blocked_address.c.place == bindparam("where_from"),
        or_(_blocked_address.c.blocked_until.is_(None), _blocked_address.c.blocked_until > bindparam("moment")),
    )
)
_BUMP: Final = Prepared(
    update(_visitor)
    .where(_visitor.c.id == bindparam("whose"))
    .values(last_position=_visitor.c.last_position + 1)
    .returning(_visitor.c.last_position)
)
_VISITOR: Final = Prepared(
    sql.select(*(_visitor.c[name] for name in VisitorRow._fields)).where(_visitor.c.id == bindparam("whose")),
    VisitorRow._make,
)
# Several first messages may arrive at once: whichever of the two unique columns conflicts, the visitor exists.
_NEW_VISITOR: Final = {
    "sqlite": Prepared(sqlite.insert(_visitor).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(_visitor).on_conflict_do_nothing()),
}


class SenderAddress(NamedTuple):
    """Where a visitor writes from, as ``network_of`` counts addresses; ``shared`` when it is a proxy's."""

    place: str = ""
    shared: bool = False


async def next_position(
    tx: Transaction, visitor_id: UUID, secret_hash: str, language: str, sender: SenderAddress
) -> int:
    """Return the next position in a visitor's thread; insert the visitor if there is none yet.

    The statement locks the visitor's row, so two messages of one visitor wait for each other.

    Raises:
        Blocked: An operator blocked the visitor, or the address they write from.
    """
    values = {"whose": visitor_id, "moment": now(), "place": sender.place, "shared": sender.shared}
    rows = await tx.rows(_SEEN_AGAIN, **values)
    if not rows:
        await make_visitor(tx, visitor_id, secret_hash, language)
        rows = await tx.rows(_SEEN_AGAIN, **values)
    await _refuse_blocked(tx, rows[0], sender.place)
    return int(rows[0][0])


async def require_unblocked(tx: Transaction, visitor_id: UUID) -> None:
    """Refuse a visitor who is blocked, or whose last address is.

    Raises:
        Blocked: As in ``next_position``.
    """
    if visitor := await find(tx, visitor_id):
        await _refuse_blocked(tx, visitor, visitor.address)


async def _refuse_blocked(tx: Transaction, row: Any, place: str) -> None:
    ends = [row.blocked_until] if is_blocked(row) else []
    if block := await block_of(tx, place):
        ends.append(block.blocked_until)
    if ends:
        raise Blocked(None if None in ends else max(ends))


async def block_of(tx: Transaction, place: str) -> Any:
    """Return until when, by whom and why an address is blocked now; None if it is not."""
    rows = await tx.rows(_BLOCK_OF, where_from=place, moment=now()) if place else ()
    return rows[0] if rows else None


def is_blocked(visitor: Any) -> bool:
    """Tell whether a visitor is blocked now."""
    return bool(visitor.blocked_at) and (visitor.blocked_until is None or visitor.blocked_until > now())


async def make_visitor(tx: Transaction, visitor_id: UUID, secret_hash: str, language: str) -> None:
    """Insert a visitor unless they exist."""
    await tx.rows(_NEW_VISITOR[tx.dialect], id=visitor_id, secret_hash=secret_hash, language=language)


async def bump(tx: Transaction, visitor_id: UUID) -> int:
    """Return the next position in the thread of a visitor who exists."""
    return int((await tx.rows(_BUMP, whose=visitor_id))[0][0])


async def find(tx: Transaction, visitor_id: UUID) -> Visitor | None:
    """Return a visitor, or None."""
    return await tx.session.get(Visitor, visitor_id)


async def mark_seen(tx: Transaction, visitor_ids: Sequence[UUID]) -> None:
    """Record that visitors are on the page now."""
    for at in range(0, len(visitor_ids), _AT_ONCE):
        some = update(_visitor).where(_visitor.c.id.in_(visitor_ids[at : at + _AT_ONCE]))
        await tx.rows(some.values(seen_at=now()))


async def blocked_visitors(tx: Transaction, limit: int) -> Sequence[Visitor]:
    """List the visitors who are blocked now, last blocked first."""
    until = col(Visitor.blocked_until)
    query = (
        select(Visitor)
        .where(col(Visitor.blocked_at).is_not(None), or_(until.is_(None), until > now()))
        .order_by(desc(col(Visitor.blocked_at)), col(Visitor.id))
        .limit(limit)
    )
    return (await tx.session.exec(query)).all()


async def blocked_addresses(tx: Transaction, limit: int) -> Sequence[BlockedAddress]:
    """List the addresses that are blocked now, last blocked first."""
    until = col(BlockedAddress.blocked_until)
    query = (
        select(BlockedAddress)
        .where(or_(until.is_(None), until > now()))
        .order_by(desc(col(BlockedAddress.blocked_at)), col(BlockedAddress.place))
        .limit(limit)
    )
    return (await tx.session.exec(query)).all()


async def newest_conversations(tx: Transaction, visitor_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the newest conversation of each of the given visitors."""
    query = (
        select(Conversation.visitor_id, Conversation.id)
        .where(col(Conversation.visitor_id).in_(visitor_ids))
        .order_by(col(Conversation.created_at))
    )
    return dict((await tx.session.exec(query)).all())


async def block_address(tx: Transaction, block: BlockedAddress) -> None:
    """Block an address; an earlier block of it is replaced."""
    await tx.session.merge(block)


async def unblock_address(tx: Transaction, place: str) -> None:
    """Unblock an address."""
    await tx.session.exec(delete(BlockedAddress).where(col(BlockedAddress.place) == place))


async def unblock_addresses_of(tx: Transaction, visitor: Visitor) -> None:
    """Unblock the addresses that were blocked with a visitor, and their last address."""
    of_theirs = or_(col(BlockedAddress.visitor_id) == visitor.id, col(BlockedAddress.place) == visitor.address)
    await tx.session.exec(delete(BlockedAddress).where(of_theirs))


async def forget_addresses(tx: Transaction) -> None:
    """Erase the addresses of visitors not seen for 30 days, and delete blocks of addresses that have ended."""
    forgotten = update(_visitor).where(_visitor.c.address != "", _visitor.c.seen_at < now() - _ADDRESS_KEPT)
    await tx.rows(forgotten.values(address="", shared_address=False))
    await tx.session.exec(delete(BlockedAddress).where(col(BlockedAddress.blocked_until) < now()))


async def newest_consent(tx: Transaction, visitor_id: UUID) -> VisitorConsent | None:
    """Return a visitor's last consent, if any."""
    query = (
        select(VisitorConsent)
        .where(VisitorConsent.visitor_id == visitor_id)
        .order_by(desc(col(VisitorConsent.created_at)))
        .limit(1)
    )
    return (await tx.session.exec(query)).first()


def is_there(seen_at: datetime, moment: datetime) -> bool:
    """Tell whether a visitor who was last seen at ``seen_at`` counts as being there at a moment."""
    return seen_at > moment - SEEN_WITHIN


def of_its_visitor(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition on a conversation: its visitor meets the given conditions."""
    return select(Visitor.id).where(col(Visitor.id) == col(Conversation.visitor_id), *conditions).exists()


def visitor_is_there(moment: datetime) -> ColumnElement[bool]:
    """Condition on a conversation: its visitor is there at a moment."""
    return of_its_visitor(col(Visitor.seen_at) > moment - SEEN_WITHIN)


async def get(tx: Transaction, visitor_id: UUID) -> Visitor:
    """Return a visitor.

    Raises:
        NotFound: There is no such visitor.
    """
    visitor = await find(tx, visitor_id)
    if visitor is None:
        raise NotFound
    return visitor


async def get_row(tx: Transaction, visitor_id: UUID) -> VisitorRow:
    """Read a visitor, quicker than ``get``.

    Raises:
        NotFound: There is no such visitor.
    """
    rows = await tx.rows(_VISITOR, whose=visitor_id)
    if not rows:
        raise NotFound
    return rows[0]


async def describe(tx: Transaction, conversation_id: UUID, *, name: object, email: object, phone: object) -> None:
    """Store a visitor's name and contacts; empty values erase what is known.

    Raises:
        NotFound: There is no such conversation.
    """
    conversation = await store.get(tx, conversation_id)
    visitor = await get(tx, conversation.visitor_id)
    visitor.name, visitor.email, visitor.phone = one_line(name, 200), one_line(email, 320), one_line(phone, 40)
    tx.session.add(visitor)
    await search.index_card(tx, visitor.id)
    tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


async def correct(tx: Transaction, conversation_id: UUID, field: str, value: object) -> None:
    """Store one detail an operator corrects: ``name``, ``email`` or ``phone``; an empty value erases it.

    Raises:
        NotFound: There is no such conversation, or no such field.
        BadEmail: The value is not an e-mail address.
        BadPhone: The value has fewer than six digits.
    """
    if field not in LONGEST:
        raise NotFound
    text = one_line(value, LONGEST[field])
    if field == "email" and text and not is_email(text):
        raise BadEmail
    if field == "phone" and text and not is_phone(text):
        raise BadPhone
    conversation = await store.get(tx, conversation_id)
    visitor = await get(tx, conversation.visitor_id)
    details = {"name": visitor.name, "email": visitor.email, "phone": visitor.phone} | {field: text}
    await describe(tx, conversation_id, **details)


def is_email(text: str) -> bool:
    """Tell whether a text has the form of an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Tell whether a text has as many digits as a phone number."""
    return sum(sign.isdigit() for sign in text) >= _FEWEST_DIGITS


async def consent(tx: Transaction, visitor_id: UUID, *, text: str, policy_url: str, address: str) -> None:
    """Record a visitor's consent, once for each version of the text.

    Args:
        tx: The open transaction.
        visitor_id: A visitor who exists.
        text: The text they agreed to, word for word.
        policy_url: The link in that text.
        address: The IP address they wrote from.
    """
    before = await newest_consent(tx, visitor_id)
    if before and (before.text, before.policy_url) == (text, policy_url):
        return
    tx.session.add(
        VisitorConsent(visitor_id=visitor_id, text=text, policy_url=policy_url, address=one_line(address, 64))
    )
