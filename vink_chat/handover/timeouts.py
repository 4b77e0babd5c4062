"""What is done when nobody comes: alert again, offer the form, take back what lies about, close what is quiet.

Every verb looks again at the conversation it changes, so that several processes may do the same round at once.
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
from vink_chat.preferences import Branch, Handover, current

_RUNNING: Final = frozenset({Status.ASSISTED, Status.ATTENDED})


async def alert_again(tx: Transaction) -> int:
    """Alert everybody to conversations that nobody takes, in one conditional UPDATE. Returns how many.

    An alert is repeated until the contact form is offered; from then on a promise stands instead.
    """
    moment = now()
    overdue = await store.mark_alerted(tx, moment, moment - timedelta(minutes=current(Handover).minutes_until_alert))
    for conversation_id, visitor_id in overdue:
        tx.emit(ConversationOverdue(conversation_id, visitor_id))
    return len(overdue)


async def without_form(tx: Transaction) -> list[UUID]:
    """List the conversations whose contact form is due: they wait so long, or nobody is left who could come."""
    return await store.without_form(tx, await _form_due(tx, now()))


async def offer_form(tx: Transaction, conversation_id: UUID) -> bool:
    """Offer the contact form with a promised time, once in a wait. Returns whether it was done now."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    moment = now()
    if conversation.form_offered_at or not _waits_since(conversation, await _form_due(tx, moment)):
        return False
    what = Branch.LATE if _waits_since(conversation, _patient_until(moment)) else await waiting.branch(tx, conversation)
    conversation.form_offered_at, conversation.promised_at = moment, waiting.promised_until(what)
    text = await waiting.notice_text(tx, conversation, what)
    await conversations.post(tx, conversation, Author.SYSTEM, text)
    return True


async def abandoned(tx: Transaction, only: UUID | None = None) -> list[UUID]:
    """List the conversations whose visitor has waited too long for a word of whoever holds them; or look at one only.

    Holders who chose to be away are given the time of a repeated alert, and nobody more than they say. A desk that was
    lost is another matter (``leaving.absent``): a server that has just started knows of none yet.
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
    """Put a conversation that its holder leaves lying back into the queue. Returns whether it was done now."""
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
    """List the conversations that have been quiet for too long; none when preferences keep them open."""
    minutes = current(Handover).idle_close_minutes
    return await store.silent(tx, now() - timedelta(minutes=minutes)) if minutes else []


async def close_silent(tx: Transaction, conversation_id: UUID) -> bool:
    """Close a conversation that has been quiet for too long. Returns whether it was done now."""
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
    """List the waiting conversations whose visitors have gone and left nothing; none when preferences keep them."""
    minutes = current(Handover).gone_close_minutes
    return await store.gone(tx, now() - timedelta(minutes=minutes), only=only) if minutes else []


async def close_gone(tx: Transaction, conversation_id: UUID) -> bool:
    """End the wait of a visitor who has gone. Returns whether it was done now; who comes back goes on by writing."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if not await gone(tx, conversation_id):
        return False
    await waiting.retire_notice(tx, conversation)
    conversations.move(tx, conversation, Status.CLOSED, Reason.GONE)
    text = say("Вы ушли со страницы, и ожидание закончено. Напишите, чтобы продолжить.", conversation.language)
    await conversations.post(tx, conversation, Author.SYSTEM, text, reason=Reason.GONE)
    return True


def _waits_since(conversation: Conversation, before: datetime) -> bool:
    # Who was put back waits by the visitor's clock since the first call; ours starts again.
    return conversation.status is Status.WAITING and conversation.moved_at <= before


async def _form_due(tx: Transaction, moment: datetime) -> datetime:
    return _patient_until(moment) if await operators.on_shift(tx) else moment


def _patient_until(moment: datetime) -> datetime:
    return moment - timedelta(minutes=current(Handover).minutes_until_form)
