"""A person is called, offered first to the operator the visitor knows, and called off again.

A visitor who calls again soon is offered first to the operator who led their last conversation, and then to everybody.
The offer stands in the database and ends by the clock of whatever process lives. It never keeps anybody waiting: it is
made only to an operator who is present with free hands, and ends as soon as that is not so any more. In the queue
nothing changes.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations, operators
from vink_chat.conversations import AnyConversation, Author, Conversation, Reason, Status
from vink_chat.conversations.queue import QueueRow
from vink_chat.events import QuestionPutAgain, WaitChanged
from vink_chat.handover import estimate, store, waiting
from vink_chat.handover.contacts import contacts_instead_of_notice
from vink_chat.handover.errors import AlreadyJoined, NoOpenConversation
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.preferences import Branch, Handover, current

OFFER: Final = timedelta(seconds=60)
# So long an operator's screen may still show the call.
_JUST_NOW: Final = timedelta(seconds=5)
_THREAD: Final = 40


async def request(tx: Transaction, conversation: Conversation, reason: Reason, *, run_id: UUID | None = None) -> None:
    """Call a person: move to WAITING and tell the visitor, in one transaction, once.

    A conversation that already waits for a person, or has one, stays as it is. ``run_id`` is the assistant's run that
    calls: the staff read beside the notice what it did not show.

    Raises:
        NoOpenConversation: The conversation is over.
    """
    if conversation.status in {Status.WAITING, Status.ATTENDED}:
        return
    if conversation.status is Status.CLOSED and reason is not Reason.BUTTON:
        raise NoOpenConversation
    await store.one_by_one(tx)
    what = await waiting.branch(tx, conversation)
    conversations.move(tx, conversation, Status.WAITING, reason)
    conversation.promised_at = promised = waiting.promised_until(what)
    # The notice of these branches asks for contacts already.
    conversation.form_offered_at = now() if promised else None
    wait = await waiting.estimated_wait(tx, conversation) if what is Branch.BUSY else None
    if wait and wait > estimate.LONG:
        conversation.form_offered_at = now()
    conversation.card = conversation.queue_notice_id = None
    await waiting.update_card(tx, conversation)
    if promised and await contacts_instead_of_notice(tx, conversation, run_id):
        return
    text = await waiting.notice_text(tx, conversation, what)
    told = await conversations.post(tx, conversation, Author.SYSTEM, text, run_id=run_id)
    conversation.queue_notice_id = told.id if what is Branch.BUSY else None
    if not promised:
        await _offer(tx, conversation)


async def _offer(tx: Transaction, conversation: Conversation) -> None:
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


async def withdraw(tx: Transaction, visitor_id: UUID) -> None:
    """Give a waiting visitor back to the assistant; where nobody waits, nothing happens.

    Raises:
        AlreadyJoined: A person was quicker.
    """
    newest = await conversations.newest(tx, visitor_id)
    if newest is None:
        return
    conversation = await conversations.get(tx, newest.id, lock=True)
    if conversation.status is Status.ATTENDED:
        raise AlreadyJoined(name=conversation.operator_name)
    if conversation.status is not Status.WAITING:
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
    """Return the place of the first message that asks something and was answered by nobody; 0 when there is none."""
    thread = await conversations.conversation_messages(tx, conversation.id, limit=_THREAD)
    ours = {Author.ASSISTANT, Author.OPERATOR}
    answered = max((one.position for one in thread if one.author in ours and not one.note), default=0)
    asking = (one for one in thread if one.author is Author.VISITOR and waiting.question_in(one.text))
    return next((one.position for one in asking if one.position > answered), 0)


def just_withdrawn(conversation: Conversation) -> bool:
    """Tell whether the call was taken back so lately that whoever presses «Взять» has not seen it."""
    return (
        conversation.status is Status.ASSISTED
        and conversation.reason is Reason.WITHDRAWN
        and now() - conversation.moved_at < _JUST_NOW
    )
