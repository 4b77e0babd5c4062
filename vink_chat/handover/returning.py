"""Who calls again soon is offered first to the operator who led their last conversation, and then to everybody.

The offer stands in the database and ends by the clock of whatever process lives. It never keeps anybody waiting: it is
made only to who is present with free hands, and ends as soon as that is not so any more. In the queue nothing changes.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations, operators
from vink_chat.conversations import AnyConversation, Conversation
from vink_chat.conversations.queue import QueueRow
from vink_chat.events import WaitChanged
from vink_chat.handover import store
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.preferences import Handover, current

OFFER: Final = timedelta(seconds=60)


async def offer(tx: Transaction, conversation: Conversation) -> None:
    """Offer a call that begins now to who led the visitor's last conversation, where that can answer at once."""
    minutes = current(Handover).returning_minutes
    if not minutes:
        return
    moment = now()
    led_by = await store.last_led_by(tx, conversation.visitor_id, moment - timedelta(minutes=minutes))
    if led_by is None or led_by not in await _with_free_hands(tx):
        return
    conversation.offered_to, conversation.offered_until = led_by, moment + OFFER
    conversation.offered_name = (await operators.operator(tx, led_by)).name
    tx.session.add(conversation)


async def ended_offers(tx: Transaction) -> list[UUID]:
    """List the calls whose operator let the time pass, went away, or has taken another conversation."""
    found = await store.offers(tx)
    if not found:
        return []
    moment, free = now(), await _with_free_hands(tx)
    return [key for key, operator_id, until in found if until is None or until <= moment or operator_id not in free]


async def offer_to_all(tx: Transaction, conversation_id: UUID) -> bool:
    """Offer to everybody what was offered to one operator. Returns whether it was done now."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation_id not in await ended_offers(tx):
        return False
    conversation.offered_to, conversation.offered_name, conversation.offered_until = None, "", now()
    tx.session.add(conversation)
    tx.emit(WaitChanged(conversation.id, conversation.visitor_id))
    return True


def offer_words(conversation: AnyConversation | QueueRow, language: str, reader: UUID | None = None) -> str:
    """Say to whom a call is offered first, to the reader themselves as such; nothing when it is everybody's."""
    if conversation.offered_to is None:
        return ""
    if conversation.offered_to == reader:
        return say("Вернулся · сначала предложен вам", language)
    return say("Вернулся · сначала предложен: {name}", language, name=conversation.offered_name)


async def _with_free_hands(tx: Transaction) -> set[UUID]:
    return {one.id for one in await operators.on_shift(tx)} - await store.busy_operators(tx)
