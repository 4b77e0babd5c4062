"""Indexes messages older than the index: newest first, in small portions, with the progress stored in the database.

After a crash, indexing resumes after the last committed portion.
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

_MESSAGES_PER_PART: Final = 50
_CHARS_PER_PART: Final = 10_000
_CONVERSATIONS_PER_PART: Final = 20
_END: Final = 2**31 - 1
# Seconds between portions: requests wait for the event loop, and nobody waits for old conversations.
_SECONDS_BETWEEN_PARTS: Final = 0.02


@dataclass
class _Portion:
    """What is indexed at once, and the progress after it."""

    progress: Progress
    messages: list[tuple[UUID, UUID, str]] = field(default_factory=list[tuple[UUID, UUID, str]])
    cards: list[tuple[UUID, Sequence[str]]] = field(default_factory=list[tuple[UUID, Sequence[str]]])

    @property
    def room(self) -> int:
        """How many more messages it may hold."""
        full = sum(len(text) for _, _, text in self.messages) >= _CHARS_PER_PART
        return 0 if full else _MESSAGES_PER_PART - len(self.messages)


async def index_old(reading: Begin, begin: Begin) -> None:
    """Index all messages older than the index; returns at once if that is done.

    Several processes may run this at the same time: of those that read the same portion, one writes it.

    Args:
        reading: Opens a read-only snapshot.
        begin: Opens a transaction.
    """
    left = True
    while left:
        left = await index_portion(reading, begin)
        await asyncio.sleep(_SECONDS_BETWEEN_PARTS)


async def index_portion(reading: Begin, begin: Begin) -> bool:
    """Index the next portion; false if there is none."""
    async with reading() as tx:
        before = await store.progress(tx)
        if before.finished:
            return False
        portion = await _read(tx, before)
    # In a thread, so that the event loop is not blocked.
    messages, cards = await asyncio.to_thread(_entries, portion)
    await yield_to_ready_tasks()
    async with begin() as tx:
        # Another process may have indexed this portion meanwhile.
        if await store.progress(tx, lock=True) == before:
            await store.put_old(tx, "message_id", messages)
            await store.put_old(tx, "visitor_id", cards)
            await store.set_progress(tx, portion.progress)
    return True


async def _read(tx: Transaction, progress: Progress) -> _Portion:
    portion = _Portion(progress)
    conversations = await store.old_conversations(tx, progress, _CONVERSATIONS_PER_PART)
    position = progress.position or _END
    for conversation in conversations:
        if not (room := portion.room):
            break
        messages = await store.old_messages(tx, conversation.id, before=position, limit=room)
        taken = _within(messages)
        portion.messages += [(message.id, conversation.visitor_id, message.text) for message in taken]
        whole = len(taken) == len(messages) < room
        if whole and (card := await store.card(tx, conversation.visitor_id)):
            portion.cards.append((conversation.visitor_id, card))
        portion.progress = portion.progress._replace(
            conversation_begun=conversation.begun,
            conversation_id=conversation.id,
            position=0 if whole else taken[-1].position,
        )
        position = _END
        if not whole:
            break
    portion.progress = portion.progress._replace(
        done=progress.done + len(portion.messages),
        lowest=progress.lowest - len(portion.messages) - len(portion.cards),
        finished=not conversations,
    )
    return portion


def _within(messages: list[store.OldMessage]) -> list[store.OldMessage]:
    """Return as many messages as stay below the limit of letters, but at least one."""
    taken, letters = 0, 0
    while taken < len(messages) and letters < _CHARS_PER_PART:
        letters += len(messages[taken].text)
        taken += 1
    return messages[:taken]


_Entries = list[tuple[int, UUID, Sequence[str]]]


def _entries(portion: _Portion) -> tuple[_Entries, _Entries]:
    number = portion.progress.lowest + len(portion.messages) + len(portion.cards)
    messages: _Entries = []
    for message_id, visitor_id, text in portion.messages:
        number -= 1
        messages.append((number, message_id, message_terms(visitor_id, text)))
    cards: _Entries = [
        (number - at, visitor_id, card_terms(details)) for at, (visitor_id, details) in enumerate(portion.cards, 1)
    ]
    return messages, cards
