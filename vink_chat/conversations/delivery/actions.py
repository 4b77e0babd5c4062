"""What the REST contract has still to hand out: every message of ours once, whoever reads at the same time."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from vink_chat.conversations.delivery import store
from vink_chat.conversations.model import Message
from vink_chat.kit.db import Transaction

_AT_ONCE: Final = 100


async def has_undelivered(tx: Transaction, visitor_id: UUID) -> bool:
    """Tell whether something waits for a visitor who reads over REST; a snapshot is enough to ask."""
    return await store.has_undelivered(tx, visitor_id)


async def undelivered(tx: Transaction, visitor_id: UUID) -> Sequence[Message]:
    """Take up to 100 of our messages that were not read over REST yet, oldest first, and mark them as read.

    One conditional UPDATE: of two reads at the same time each message is in exactly one. Notes are never among them.
    """
    return await store.deliver(tx, visitor_id, _AT_ONCE)


async def take_back(tx: Transaction, messages: Sequence[Message]) -> None:
    """Mark messages as not read again: whoever asked for them had gone before they were sent."""
    await store.undeliver(tx, [message.id for message in messages])
