"""Which number in the queue a visitor has; none who is not there, or was promised an answer for later.

Who is there is known by ``store``: the page is open, or somebody asks over REST. Who left contacts and is not there is
to be called back (see ``callbacks``).
"""

from uuid import UUID

from vink_chat.conversations import AnyConversation, Status
from vink_chat.handover import store
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction


async def place(tx: Transaction, conversation: AnyConversation) -> int:
    """Return a conversation's number in the queue, from 1; 0 when it has none."""
    if conversation.status is not Status.WAITING or conversation.promised_at or not conversation.waiting_since:
        return 0
    if not await store.is_here(tx, conversation.id, now()):
        return 0
    return 1 + await store.ahead(tx, conversation.waiting_since, now())


async def places(tx: Transaction) -> dict[UUID, int]:
    """Return the numbers of those who wait longest, by visitor."""
    standing = await store.standing(tx, now())
    return {visitor: number for number, (visitor, promised) in enumerate(standing, 1) if not promised}
