"""The verbs of the search. Whoever writes a message or a card indexes it in the same transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from vink_chat.conversations.model import Author, Status
from vink_chat.conversations.search import store
from vink_chat.conversations.search.excerpt import Piece, excerpt
from vink_chat.conversations.search.query import Condition, Query, parse, with_owners
from vink_chat.conversations.search.terms import ON_CARD, owner, terms
from vink_chat.kit.db import Transaction

_MOST_CARDS: Final = 50
_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found, or a visitor's card.

    Attributes:
        number: For the next page, see ``find``.
        message_id: None for a card.
        author: None for a card.
        at: When it was written; None for a card.
        pieces: The words about what was looked for.
    """

    number: int
    conversation_id: UUID
    status: Status
    visitor_id: UUID
    visitor_name: str
    message_id: UUID | None
    author: Author | None
    author_name: str
    note: bool
    at: datetime | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        hits: The newest ones.
        total: How many there are in all.
        exact: Whether there are no more than ``total``.
        more: Whether there is a next page.
        indexed: How much of what was written before the index was made is searched, in per cent.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    exact: bool = True
    more: bool = False
    indexed: int = 100


async def index_message(tx: Transaction, message_id: UUID, visitor_id: UUID, text: str) -> None:
    """Have a message found by its text, whether it is new or was changed."""
    await store.put_message(tx, message_id, message_terms(visitor_id, text))


async def index_card(tx: Transaction, visitor_id: UUID) -> None:
    """Have a visitor, who has a conversation, found by their name and contacts as they are now."""
    said = await store.card(tx, visitor_id)
    if said:
        await store.put_card(tx, visitor_id, card_terms(said))
    else:
        await store.drop_card(tx, visitor_id)


def message_terms(visitor_id: UUID, text: str) -> list[str]:
    """Return the terms of a message."""
    return [*terms(text), owner(visitor_id)]


def card_terms(said: Sequence[str]) -> list[str]:
    """Return the terms of a card."""
    found = terms("\n".join(said))
    return [*found, *(ON_CARD + term for term in found)]


async def find(tx: Transaction, words: str, *, before: int = store.NEWEST, limit: int = _PAGE) -> Found:
    """Find the messages, the notes and the cards that have every one of these words, the newest first.

    A word is found in whatever form it stands, or by its beginning; a number also by its digits alone. Words that the
    visitor's card has need not stand in the message too.

    Args:
        tx: The open transaction.
        words: What was typed.
        before: For the next page: the number of the last hit.
        limit: The most hits wanted.
    """
    query = parse(words)
    if not query.words:
        return Found()
    wanted, complete = await _with_cards(tx, query)
    total, rows = await store.found(tx, wanted, limit=limit + 1, before=before)
    # Marking a hundred long messages takes a while.
    hits = await asyncio.to_thread(_read, rows[:limit], query) if rows else ()
    return Found(
        hits=hits,
        total=min(total, store.COUNTED),
        exact=complete and total <= store.COUNTED,
        more=len(rows) > limit,
        indexed=await indexed(tx),
    )


async def indexed(tx: Transaction) -> int:
    """Tell how much of what was written before the index was made is in it, in per cent."""
    progress = await store.progress(tx)
    return 100 if progress.finished else min(99, progress.done * 100 // max(progress.total, 1))


async def _with_cards(tx: Transaction, query: Query) -> tuple[Condition, bool]:
    """Let words stand on a visitor's card instead of in the message; false when there are too many such cards."""
    if len(query.words) == 1:
        return query.whole, True
    _, cards = await store.found(tx, query.on_cards, limit=_MOST_CARDS + 1, enough=_MOST_CARDS)
    there: dict[Condition, list[str]] = {}
    for card in cards[:_MOST_CARDS]:
        said = card_terms([card.name, card.email, card.phone])
        for word in query.words:
            if word.holds(said):
                there.setdefault(word, []).append(owner(card.visitor_id))
    return with_owners(query, there), len(cards) <= _MOST_CARDS


def _read(rows: Sequence[store.HitRow], query: Query) -> tuple[Hit, ...]:
    return tuple(
        Hit(
            number=row.number,
            conversation_id=row.conversation_id,
            status=row.status,
            visitor_id=row.visitor_id,
            visitor_name=row.name,
            message_id=row.message_id,
            author=row.author,
            author_name=row.author_name or "",
            note=bool(row.note),
            at=row.created_at,
            pieces=excerpt(row.text or " · ".join(filter(None, (row.name, row.email, row.phone))), query),
        )
        for row in rows
    )
