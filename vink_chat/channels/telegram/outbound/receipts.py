"""Reactions on an operator's message: it is in the conversation, it is kept as a note, the visitor has read it.

Bot API: setMessageReaction, https://core.telegram.org/bots/api#setmessagereaction. A bot may put one reaction on a
message, of those that are allowed in every chat by default. Where a chat takes none, its messages stay without.
"""

from enum import StrEnum
from typing import Final
from uuid import UUID

from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import store as links
from vink_chat.kit.db import Transaction


class Receipt(StrEnum):
    """How far a message got."""

    SENT = "sent"
    NOTE = "note"
    READ = "read"


REACTIONS: Final = {Receipt.SENT: "👌", Receipt.NOTE: "✍", Receipt.READ: "👀"}


async def acknowledge(
    tx: Transaction, chat_id: int, number: int, conversation_id: UUID, message_id: UUID, *, note: bool
) -> None:
    """Remember which message of a thread an operator's message is, and tell them that it got there."""
    receipt = Receipt.NOTE if note else Receipt.SENT
    await store.remember(tx, chat_id, number, conversation_id, message_id, receipt)
    await outbox.react(tx, chat_id, number, REACTIONS[receipt])


async def read_lately(tx: Transaction, conversation_id: UUID) -> bool:
    """Tell whether the visitor has read something that its writer was not told of."""
    return bool(await links.read_by_visitor(tx, conversation_id, Receipt.SENT))


async def tell_read(tx: Transaction, conversation_id: UUID) -> bool:
    """Tell the operators which of their messages the visitor has read; false when there is nothing new to tell."""
    told = False
    for heard in await links.read_by_visitor(tx, conversation_id, Receipt.SENT):
        if await links.change_receipt(tx, heard, Receipt.READ):
            await outbox.react(tx, heard.chat_id, heard.telegram_id, REACTIONS[Receipt.READ])
            told = True
    return told
