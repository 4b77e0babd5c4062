"""What the scheduler does when time passes: alert again, offer the contact form, requeue, close.

Every verb checks the conversation again before it changes it, so several processes may run the same round at once.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations, operators
from vink_chat.conversations import Author, Conversation, HandoffKind, Reason, Status
from vink_chat.events import ConversationOverdue
from vink_chat.handover import store, waiting
from vink_chat.handover.actions import to_queue
from vink_chat.handover.ending import end
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import Presence
from vink_chat.preferences import Handover, Situation, current

_RUNNING: Final = frozenset({Status.ASSISTED, Status.ATTENDED})


async def alert_again(tx: Transaction) -> int:
    """Alert all operators to conversations that nobody claims, in one conditional UPDATE. Returns how many.

    Alerts are repeated until the contact form is offered with a promise.
    """
    moment = now()
    overdue = await store.mark_alerted(tx, moment, moment - timedelta(minutes=current(Handover).minutes_until_alert))
    for conversation_id, visitor_id in overdue:
        tx.emit(ConversationOverdue(conversation_id, visitor_id))
    return len(overdue)


async def without_form(tx: Transaction) -> list[UUID]:
    """List the conversations whose contact form is due: they have waited long enough, or nobody is on shift."""
    return await store.without_form(tx, await _form_due(tx, now()))


async def offer_form(tx: Transaction, conversation_id: UUID) -> bool:
    """Offer the contact form with a promised time, once in each wait. Returns whether it was done now."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    moment = now()
    if conversation.form_offered_at or not _waits_since(conversation, await _form_due(tx, moment)):
        return False
    late = _waits_since(conversation, _patient_until(moment))
    situation = Situation.LATE if late else await waiting.expected_situation(tx, conversation)
    conversation.form_offered_at, conversation.promised_at = moment, waiting.promised_until(situation)
    text = await waiting.notice_text(tx, conversation, situation)
    await conversations.post(tx, conversation, Author.SYSTEM, text)
    return True


async def abandoned(tx: Transaction, only: UUID | None = None) -> list[UUID]:
    """List the attended conversations whose visitor has waited too long for a reply; with ``only``, check that one.

    Holders who chose to be away get only the time of a repeated alert. A disconnected desk is handled elsewhere
    (``leaving.absent``), because a server that has just started knows of no desks yet.
    """
    preference, moment = current(Handover), now()
    longest = timedelta(minutes=preference.minutes_until_return)
    if not longest:
        return []
    shortest = min(longest, timedelta(minutes=preference.minutes_until_alert))
    here = {operator.id for operator in await operators.operators(tx) if operator.presence is Presence.HERE}
    return [
        key
        for key, holder, since in await store.owed(tx, moment - shortest, only=only)
        if since <= moment - (longest if holder in here else shortest)
    ]


async def requeue_abandoned(tx: Transaction, conversation_id: UUID) -> bool:
    """Return a conversation that its holder has abandoned to the queue. Returns whether it was done now."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if not await abandoned(tx, conversation_id):
        return False
    name = conversation.operator_name
    [(_, _, since)] = await store.owed(tx, now(), only=conversation_id)
    minutes = int((now() - since).total_seconds() // 60)
    await to_queue(tx, conversation, HandoffKind.UNANSWERED, minutes=minutes)
    note = say("{name} не отвечает, разговор вернулся в очередь.", "ru", name=name)
    await conversations.post(tx, conversation, Author.SYSTEM, note, note=True)
    return True


async def silent(tx: Transaction) -> list[UUID]:
    """List the conversations that have been silent for too long; none if preferences keep them open."""
    minutes = current(Handover).idle_close_minutes
    return await store.silent(tx, now() - timedelta(minutes=minutes)) if minutes else []


async def close_silent(tx: Transaction, conversation_id: UUID) -> bool:
    """Close a conversation that has been silent for too long. Returns whether it was done now."""
    minutes = current(Handover).idle_close_minutes
    conversation = await conversations.get(tx, conversation_id, lock=True)
    quiet_since = now() - timedelta(minutes=minutes)
    if not minutes or conversation.status not in _RUNNING or conversation.last_at >= quiet_since:
        return False
    if conversations.awaits_assistant(conversation) or await store.owes(tx, conversation_id):
        return False
    await end(tx, conversation, Reason.IDLE)
    return True


async def gone(tx: Transaction, only: UUID | None = None) -> list[UUID]:
    """List the waiting conversations whose visitors left the page without contacts; none if preferences keep them."""
    minutes = current(Handover).gone_close_minutes
    return await store.gone(tx, now() - timedelta(minutes=minutes), only=only) if minutes else []


async def close_gone(tx: Transaction, conversation_id: UUID) -> bool:
    """Close the conversation of a visitor who left the page. Returns whether it was done now."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if not await gone(tx, conversation_id):
        return False
    await waiting.retire_notice(tx, conversation)
    conversations.move(tx, conversation, Status.CLOSED, Reason.GONE)
    text = say("Вы ушли со страницы, и ожидание закончено. Напишите, чтобы продолжить.", conversation.language)
    await conversations.post(tx, conversation, Author.SYSTEM, text, reason=Reason.GONE)
    return True


def _waits_since(conversation: Conversation, before: datetime) -> bool:
    # Not ``waiting_since``: for a requeued conversation that is the first call, but the timeout starts again.
    return conversation.status is Status.WAITING and conversation.moved_at <= before


async def _form_due(tx: Transaction, moment: datetime) -> datetime:
    return _patient_until(moment) if await operators.on_shift(tx) else moment


def _patient_until(moment: datetime) -> datetime:
    return moment - timedelta(minutes=current(Handover).minutes_until_form)
