"""The end that its holder asked for comes some seconds later, so that they may think better of it.

It stands in the database, and the clock of whatever process lives carries it out: a tab that closes, or a server that
starts again, loses none. What the visitor or the holder says meanwhile takes it back, as does whoever moves the
conversation elsewhere; a note, contacts and a correction do not. Who leaves the shift lets it end at once.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import Reason, Status
from vink_chat.events import ConversationSeen
from vink_chat.handover import store
from vink_chat.handover.actions import end, held
from vink_chat.handover.errors import NewWords, NothingToHand
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction

UNDO: Final = timedelta(seconds=5)
# A press in the last moment is still on its way.
_ON_ITS_WAY: Final = timedelta(seconds=1)


async def finish_soon(tx: Transaction, conversation_id: UUID, operator_id: UUID, position: int) -> None:
    """Let a conversation end once ``UNDO`` is over.

    Args:
        tx: The open transaction.
        conversation_id: Which one.
        operator_id: Who asks for it.
        position: Up to where its thread was drawn for them.

    Raises:
        NotYours: Somebody else holds it.
        NewWords: The visitor wrote something that was not drawn yet.
    """
    conversation = await held(tx, conversation_id, operator_id)
    if conversation.asked_position > position:
        raise NewWords
    conversation.ends_at = now() + UNDO + _ON_ITS_WAY
    tx.session.add(conversation)
    tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


async def keep_open(tx: Transaction, conversation_id: UUID, operator_id: UUID) -> None:
    """Let a conversation go on that was about to end.

    Raises:
        NothingToHand: It is over already.
        NotYours: Somebody else holds it.
    """
    if (await conversations.get(tx, conversation_id, lock=True)).status is Status.CLOSED:
        raise NothingToHand
    conversation = await held(tx, conversation_id, operator_id)
    conversation.ends_at = None
    tx.session.add(conversation)
    tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


async def to_end(tx: Transaction) -> list[UUID]:
    """List the conversations whose end is due."""
    return await store.to_end(tx, now())


async def end_due(tx: Transaction, conversation_id: UUID) -> bool:
    """End a conversation whose end is due. Returns whether it was done now."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation.status is not Status.ATTENDED or not conversation.ends_at or conversation.ends_at > now():
        return False
    holder, name = conversation.operator_id, conversation.operator_name
    await end(tx, conversation, Reason.FINISHED, operator_id=holder, name=name)
    return True
