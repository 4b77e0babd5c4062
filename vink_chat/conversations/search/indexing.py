"""Indexes what was written before there was an index: backwards, in small portions, their place kept in the database.

Whatever happens to the process, the next one goes on from the last portion that was committed.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vink_chat.conversations.search import store
from vink_chat.conversations.search.actions import card_terms, message_terms
from vink_chat.conversations.search.store import Progress
from vink_chat.kit.db import Begin, Transaction
from vink_chat.kit.event_loop import yield_to_ready_tasks

_MESSAGES: Final = 50
_LETTERS: Final = 10_000
_CONVERSATIONS: Final = 20
_END: Final = 2**31 - 1
# Somebody waits for the loop, and nobody for the last year's conversations.
_PAUSE: Final = 0.02


@dataclass
class _Portion:
    """What is read at once, and where the next portion begins."""

    place: Progress
    messages: list[tuple[UUID, UUID, str]] = field(default_factory=list[tuple[UUID, UUID, str]])
    cards: list[tuple[UUID, Sequence[str]]] = field(default_factory=list[tuple[UUID, Sequence[str]]])

    @property
    def room(self) -> int:
        """How many messages more it may hold."""
        full = sum(len(text) for _, _, text in self.messages) >= _LETTERS
        return 0 if full else _MESSAGES - len(self.messages)


async def index_old(reading: Begin, begin: Begin) -> None:
    """Index everything that was written before there was an index; returns at once when that is done.

    Several processes may do so at the same time: of two that read the same portion one writes it.

    Args:
        reading: The way to open a snapshot.
        begin: The way to open a transaction.
    """
    going = True
    while going:
        going = await index_portion(reading, begin)
        await asyncio.sleep(_PAUSE)


async def index_portion(reading: Begin, begin: Begin) -> bool:
    """Index the next portion; false when there is none."""
    async with reading() as tx:
        before = await store.progress(tx)
        if before.finished:
            return False
        portion = await _read(tx, before)
    # Words are read in a thread: the loop goes on meanwhile.
    messages, cards = await asyncio.to_thread(_entries, portion)
    await yield_to_ready_tasks()
    async with begin() as tx:
        # Another process may have been quicker.
        if await store.progress(tx, lock=True) == before:
            await store.put_old(tx, "message_id", messages)
            await store.put_old(tx, "visitor_id", cards)
            await store.set_progress(tx, portion.place)
    return True


async def _read(tx: Transaction, progress: Progress) -> _Portion:
    portion = _Portion(progress)
    conversations = await store.old_conversations(tx, progress, _CONVERSATIONS)
    position = progress.position or _END
    for conversation in conversations:
        if not (room := portion.room):
            break
        found = await store.old_messages(tx, conversation.id, before=position, limit=room)
        taken = _within(found)
        portion.messages += [(message.id, conversation.visitor_id, message.text) for message in taken]
        whole = len(taken) == len(found) < room
        if whole and (card := await store.card(tx, conversation.visitor_id)):
            portion.cards.append((conversation.visitor_id, card))
        portion.place = portion.place._replace(
            conversation_begun=conversation.begun,
            conversation_id=conversation.id,
            position=0 if whole else taken[-1].position,
        )
        position = _END
        if not whole:
            break
    portion.place = portion.place._replace(
        done=progress.done + len(portion.messages),
        lowest=progress.lowest - len(portion.messages) - len(portion.cards),
        finished=not conversations,
    )
    return portion


def _within(found: list[store.OldMessage]) -> list[store.OldMessage]:
    """Return as many as have some thousands of letters together, one at least."""
    taken, letters = 0, 0
    while taken < len(found) and letters < _LETTERS:
        letters += len(found[taken].text)
        taken += 1
    return found[:taken]


_Entries = list[tuple[int, UUID, Sequence[str]]]


def _entries(portion: _Portion) -> tuple[_Entries, _Entries]:
    number = portion.place.lowest + len(portion.messages) + len(portion.cards)
    messages: _Entries = []
    for message_id, visitor_id, text in portion.messages:
        number -= 1
        messages.append((number, message_id, message_terms(visitor_id, text)))
    cards: _Entries = [
        (number - at, visitor_id, card_terms(said)) for at, (visitor_id, said) in enumerate(portion.cards, 1)
    ]
    return messages, cards
