"""The verbs of the search. A verb that stores a message or a visitor's details indexes them in the same transaction."""

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

_MAX_CARDS: Final = 50
_PAGE_SIZE: Final = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A message or a visitor's card that matches.

    Attributes:
        number: The cursor for the next page, see ``find``.
        message_id: None for a card.
        author: None for a card.
        at: When it was written; None for a card.
        pieces: An excerpt with the matching words marked.
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
class SearchResult:
    """One page of hits.

    Attributes:
        hits: Newest first.
        total: The number of all hits, or a lower bound of it.
        exact: Whether ``total`` is the exact number.
        more: Whether there is a next page.
        indexed: How much of the messages older than the index is indexed, in per cent.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    exact: bool = True
    more: bool = False
    indexed: int = 100


async def index_message(tx: Transaction, message_id: UUID, visitor_id: UUID, text: str) -> None:
    """Index a new or changed message."""
    await store.put_message(tx, message_id, message_terms(visitor_id, text))


async def index_card(tx: Transaction, visitor_id: UUID) -> None:
    """Index the present name and contacts of a visitor who has a conversation."""
    details = await store.card(tx, visitor_id)
    if details:
        await store.put_card(tx, visitor_id, card_terms(details))
    else:
        await store.drop_card(tx, visitor_id)


def message_terms(visitor_id: UUID, text: str) -> list[str]:
    """Return the terms of a message."""
    return [*terms(text), owner(visitor_id)]


def card_terms(details: Sequence[str]) -> list[str]:
    """Return the terms of a card."""
    words = terms("\n".join(details))
    return [*words, *(ON_CARD + term for term in words)]


async def find(tx: Transaction, words: str, *, before: int = store.NEWEST, limit: int = _PAGE_SIZE) -> SearchResult:
    """Find the messages, notes and visitors' cards that have every one of these words, newest first.

    A word matches any of its forms, and any word that starts with it; a number also matches by its digits alone. A
    word that is on the visitor's card need not be in the message too.

    Args:
        tx: The open transaction.
        words: The text an operator typed.
        before: For the next page, the number of the last hit.
        limit: At most this many hits.
    """
    query = parse(words)
    if not query.words:
        return SearchResult()
    condition, complete = await _with_cards(tx, query)
    total, rows = await store.search(tx, condition, limit=limit + 1, before=before)
    # In a thread: marking a hundred long messages would block the event loop.
    hits = await asyncio.to_thread(_read, rows[:limit], query) if rows else ()
    return SearchResult(
        hits=hits,
        total=min(total, store.MAX_COUNTED),
        exact=complete and total <= store.MAX_COUNTED,
        more=len(rows) > limit,
        indexed=await indexed(tx),
    )


async def indexed(tx: Transaction) -> int:
    """Return how much of the messages older than the index is indexed, in per cent."""
    progress = await store.progress(tx)
    return 100 if progress.finished else min(99, progress.done * 100 // max(progress.total, 1))


async def _with_cards(tx: Transaction, query: Query) -> tuple[Condition, bool]:
    """Let words be on the visitor's card instead of in the message; false if too many cards match."""
    if len(query.words) == 1:
        return query.whole, True
    _, cards = await store.search(tx, query.on_cards, limit=_MAX_CARDS + 1, enough=_MAX_CARDS)
    owners: dict[Condition, list[str]] = {}
    for card in cards[:_MAX_CARDS]:
        details = card_terms([card.name, card.email, card.phone])
        for word in query.words:
            if word.holds(details):
                owners.setdefault(word, []).append(owner(card.visitor_id))
    return with_owners(query, owners), len(cards) <= _MAX_CARDS


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
