"""Calling a person, offering the call to the operator the visitor knows, and withdrawing it.

The call of a visitor who comes back soon is offered first to the operator who held their last conversation, and then to
all. The offer is stored in the database and ended by the scheduler of any process. It delays nobody: it is made only to
an operator who is present and holds no conversation, ends as soon as that changes, and leaves the queue as it is.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations, operators
from vink_chat.conversations import AnyConversation, Author, Conversation, NoOpenConversation, Reason, Status
from vink_chat.conversations.queue import QueueRow
from vink_chat.events import QuestionPutAgain, WaitChanged
from vink_chat.handover import estimate, store, waiting
from vink_chat.handover.contacts import contacts_instead_of_notice
from vink_chat.handover.errors import AlreadyJoined
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.preferences import Handover, Situation, current

OFFER: Final = timedelta(seconds=60)
# How long an operator's screen may still show a withdrawn call.
_JUST_NOW: Final = timedelta(seconds=5)
_THREAD_LIMIT: Final = 40
_ANSWERING: Final = frozenset({Author.ASSISTANT, Author.OPERATOR})


async def request(tx: Transaction, conversation: Conversation, reason: Reason, *, run_id: UUID | None = None) -> None:
    """Call a person: move the conversation to WAITING and tell the visitor.

    Nothing happens if it already waits or an operator holds it. ``run_id`` is the run of the assistant that calls: with
    it the staff can see the answer that was not shown.

    Raises:
        NoOpenConversation: The conversation is closed.
    """
    if conversation.status in {Status.WAITING, Status.ATTENDED}:
        return
    if conversation.status is Status.CLOSED and reason is not Reason.BUTTON:
        raise NoOpenConversation
    await store.lock_queue(tx)
    situation = await waiting.expected_situation(tx, conversation)
    conversations.move(tx, conversation, Status.WAITING, reason)
    conversation.promised_at = promised = waiting.promised_until(situation)
    # A notice with a promise already asks for contacts.
    conversation.form_offered_at = now() if promised else None
    wait = await waiting.estimated_wait(tx, conversation) if situation is Situation.BUSY else None
    if wait and wait > estimate.MAX_ANNOUNCED_SECONDS:
        conversation.form_offered_at = now()
    conversation.card = conversation.queue_notice_id = None
    await waiting.update_card(tx, conversation)
    if promised and await contacts_instead_of_notice(tx, conversation, run_id):
        return
    text = await waiting.notice_text(tx, conversation, situation)
    notice = await conversations.post(tx, conversation, Author.SYSTEM, text, run_id=run_id)
    conversation.queue_notice_id = None if promised else notice.id
    if not promised:
        await _offer(tx, conversation)


async def _offer(tx: Transaction, conversation: Conversation) -> None:
    """Offer a new call to the operator who held the visitor's last conversation, if they can answer at once."""
    minutes = current(Handover).returning_minutes
    if not minutes:
        return
    moment = now()
    led_by = await store.last_led_by(tx, conversation.visitor_id, moment - timedelta(minutes=minutes))
    if led_by is None or led_by not in await _free_operators(tx):
        return
    conversation.offered_to, conversation.offered_until = led_by, moment + OFFER
    conversation.offered_name = (await operators.operator(tx, led_by)).name
    tx.session.add(conversation)


async def ended_offers(tx: Transaction) -> list[UUID]:
    """List the offered calls whose operator let the time pass, went away, or holds another conversation now."""
    offers = await store.offers(tx)
    if not offers:
        return []
    moment, free = now(), await _free_operators(tx)
    return [key for key, operator_id, until in offers if until is None or until <= moment or operator_id not in free]


async def offer_to_all(tx: Transaction, conversation_id: UUID) -> bool:
    """Offer a call to all operators whose offer to one has ended. Returns whether it was done now."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation_id not in await ended_offers(tx):
        return False
    conversation.offered_to, conversation.offered_name, conversation.offered_until = None, "", now()
    tx.session.add(conversation)
    tx.emit(WaitChanged(conversation.id, conversation.visitor_id))
    return True


def offer_words(conversation: AnyConversation | QueueRow, language: str, reader: UUID | None = None) -> str:
    """Say to whom a call is offered first, with its own words if that is the reader; empty if it is offered to all."""
    if conversation.offered_to is None:
        return ""
    if conversation.offered_to == reader:
        return say("Вернулся · сначала предложен вам", language)
    return say("Вернулся · сначала предложен: {name}", language, name=conversation.offered_name)


async def _free_operators(tx: Transaction) -> set[UUID]:
    return {operator.id for operator in await operators.on_shift(tx)} - await store.busy_operators(tx)


async def withdraw(tx: Transaction, visitor_id: UUID) -> None:
    """Withdraw the call of a visitor, if they wait: the assistant takes over, and answers the questions nobody has.

    Raises:
        AlreadyJoined: An operator was quicker.
    """
    conversation = await conversations.newest(tx, visitor_id, lock=True)
    if conversation and conversation.status is Status.ATTENDED:
        raise AlreadyJoined(name=conversation.operator_name)
    if conversation is None or conversation.status is not Status.WAITING:
        return
    conversations.move(tx, conversation, Status.ASSISTED, Reason.WITHDRAWN)
    await waiting.retire_notice(tx, conversation)
    await conversations.record_withdrawal(tx, conversation)
    text = say("Хорошо, специалиста больше не ждём. Спрашивайте, я отвечу.", conversation.language)
    await conversations.post(tx, conversation, Author.SYSTEM, text)
    if unanswered := await _first_unanswered(tx, conversation):
        await conversations.reopen_question(tx, conversation, unanswered)
        tx.emit(QuestionPutAgain(conversation.id))


async def _first_unanswered(tx: Transaction, conversation: Conversation) -> int:
    """Return the position of the first question that nobody has answered; 0 if there is none."""
    thread = await conversations.conversation_messages(tx, conversation.id, limit=_THREAD_LIMIT)
    answers = [message for message in thread if message.author in _ANSWERING and not message.note]
    answered = max((message.position for message in answers), default=0)
    left = (message for message in thread if message.author is Author.VISITOR and message.position > answered)
    return next((message.position for message in left if waiting.question_in(message.text)), 0)


def just_withdrawn(conversation: Conversation) -> bool:
    """Tell whether the call was withdrawn so recently that an operator who presses «Взять» may not have seen it."""
    return (
        conversation.status is Status.ASSISTED
        and conversation.reason is Reason.WITHDRAWN
        and now() - conversation.moved_at < _JUST_NOW
    )
