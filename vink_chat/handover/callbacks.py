"""«Перезвонить»: who waits, left contacts and went away is a task of its own, with no place in the queue.

Being away is a matter of time, so the clock looks who went. Who comes back stands in the queue at once, where their
wait belongs.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import Status
from vink_chat.events import WaitChanged
from vink_chat.handover import store
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction

_NOTED_EVERY: Final = timedelta(minutes=1)


async def unsorted_callbacks(tx: Transaction) -> list[UUID]:
    """List the waiting conversations whose visitors have gone and can be called back, or have come back."""
    return await store.unsorted_callbacks(tx, now())


async def sort_callback(tx: Transaction, conversation_id: UUID) -> bool:
    """Put a waiting conversation among the callbacks, or back into the queue. Returns whether it was done now."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation.status is not Status.WAITING:
        return False
    if not await store.unsorted_callbacks(tx, now(), only=conversation_id):
        return False
    conversation.callback_since = None if conversation.callback_since else now()
    tx.session.add(conversation)
    tx.emit(WaitChanged(conversation.id, conversation.visitor_id))
    return True


async def unnoted(tx: Transaction, visitor_id: UUID) -> bool:
    """Tell whether a visitor waits and should be noted as being there once more."""
    return await store.unnoted(tx, visitor_id, now() - _NOTED_EVERY)


async def note_here(tx: Transaction, visitor_ids: Collection[UUID]) -> None:
    """Note that visitors who wait are there; who was to be called back stands in the queue again."""
    await conversations.see_visitors(tx, list(visitor_ids))
    for conversation_id in await store.callbacks_of(tx, visitor_ids):
        await sort_callback(tx, conversation_id)
