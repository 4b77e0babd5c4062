"""What visitor and operators see of a wait: the place in the queue, the notices, the card with the question.

A visitor who is not on the page has no place in the queue, nor has one who was promised an answer for later. An open
tab counts as being on the page, and so does polling over REST.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from babel.dates import format_datetime

from vink_chat import conversations
from vink_chat.conversations import AnyConversation, Author, Conversation, DialogueMessage, Status
from vink_chat.events import QuestionChanged
from vink_chat.handover import estimate, store
from vink_chat.handover.contacts import only_contacts, save_contacts_in, sort_callback
from vink_chat.handover.policy import only_calls
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import on_shift
from vink_chat.preferences import Handover, Hours, Notices, Situation, current

# «At the beginning of the working day».
_FIRST_THING: Final = timedelta(hours=1)
_OPENS: Final = "d MMMM (EEE), HH:mm"
_THREAD_LIMIT: Final = 40
# Characters of a message that are read: a card shows less.
_MAX_TEXT_CHARS: Final = 1000
_SENTENCES: Final = re.compile(r"(?<=[.!?…])\s+|\n+")


async def place(tx: Transaction, conversation: AnyConversation) -> int:
    """Return a conversation's place in the queue, from 1; 0 if it has none."""
    if conversation.status is not Status.WAITING or conversation.promised_at or not conversation.waiting_since:
        return 0
    if not await store.is_here(tx, conversation.id, now()):
        return 0
    return 1 + await store.ahead(tx, conversation, now())


async def places(tx: Transaction) -> dict[UUID, int]:
    """Return the places of the visitors at the front of the queue."""
    waiting = await store.waiting_here(tx, now())
    return {visitor: number for number, (visitor, promised) in enumerate(waiting, 1) if not promised}


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether operators answer now.

    Attributes:
        present: Whether an operator is on shift, within the working hours.
        opens: When the working hours begin again, in the shop's time zone; None during them.
    """

    present: bool
    opens: datetime | None = None


async def availability(tx: Transaction) -> Availability:
    """Tell whether operators answer now, for visitors who have not called one yet."""
    opens = _opens_again()
    return Availability(present=not opens and bool(await on_shift(tx)), opens=opens)


async def expected_situation(
    tx: Transaction, conversation: AnyConversation, since: datetime | None = None
) -> Situation:
    """Tell what a visitor who calls a person now, or has waited since a moment, can expect."""
    moment = now()
    if _opens_again():
        return Situation.CLOSED
    here = {operator.id for operator in await on_shift(tx)}
    if not here:
        return Situation.NOBODY
    # Visitors who wait already are taken first: one free operator must not be promised to two.
    free = len(here - await store.busy_operators(tx)) - await store.ahead(
        tx, conversation, moment, since=since or moment
    )
    return Situation.FREE if free > 0 else Situation.BUSY


def promised_until(situation: Situation) -> datetime | None:
    """Return until when an answer is promised; None if none is."""
    if situation in {Situation.FREE, Situation.BUSY}:
        return None
    opening = current(Hours).next_opening(now()) if situation is Situation.CLOSED else None
    return (
        opening.astimezone(UTC) + _FIRST_THING if opening else now() + timedelta(hours=current(Handover).promised_hours)
    )


async def estimated_wait(tx: Transaction, conversation: Conversation) -> float | None:
    """Return the estimated wait of a conversation in seconds; None if unknown."""
    moment = now()
    number = 1 + await store.ahead(tx, conversation, moment)
    first = await store.first_ahead(tx, conversation, moment)
    waited = (moment - first).total_seconds() if first else 0.0
    return estimate.seconds(await store.last_waits(tx, estimate.SAMPLE_SIZE), number, len(await on_shift(tx)), waited)


async def notice_text(tx: Transaction, conversation: Conversation, situation: Situation) -> str:
    """Return the notice for a conversation that begins to wait."""
    preference = current(Handover)
    number = 1 + await store.ahead(tx, conversation, now())
    wait = await estimated_wait(tx, conversation) if situation is Situation.BUSY else None
    words = _worded(preference, situation, conversation.language, _values(conversation, number, wait))
    if wait is None or wait <= estimate.MAX_ANNOUNCED_SECONDS:
        return words
    offer = say("Можно не ждать: оставьте имя и телефон или почту, и мы ответим.", conversation.language)
    return f"{words} {offer}"


async def to_restate(tx: Transaction, conversation_id: UUID, before: int | None = None) -> list[UUID]:
    """List the conversations whose notice may be untrue since another one waits, or waits with another priority.

    ``before`` is the priority it had, if that has changed: its own notice may then be untrue as well.
    """
    conversation = await conversations.get_row(tx, conversation_id)
    if conversation.status is not Status.WAITING:
        return []
    return [*([] if before is None else [conversation_id]), *await store.overtaken(tx, conversation, before)]


async def restate_notice(tx: Transaction, conversation_id: UUID) -> None:
    """Say in the notice of a waiting conversation what its visitor can expect now."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation.status is not Status.WAITING or conversation.queue_notice_id is None:
        return
    free = await expected_situation(tx, conversation, conversation.waiting_since) is Situation.FREE
    text = await notice_text(tx, conversation, Situation.FREE if free else Situation.BUSY)
    await conversations.reword(tx, conversation, conversation.queue_notice_id, text)


async def retire_notice(tx: Transaction, conversation: Conversation) -> None:
    """Remove what was to be expected from the notice of a conversation that no longer waits."""
    text = say("Передаю вопрос специалисту.", conversation.language)
    await conversations.retire_queue_notice(tx, conversation, text)


def _values(conversation: Conversation, number: int, wait: float | None) -> dict[str, object]:
    language, opening = conversation.language, current(Hours).next_opening(now())
    time = estimate.words(wait, language) if wait is not None else ""
    return {
        "place": number,
        "minutes": max(1, round(wait / 60)) if wait is not None else "",
        "wait": say(", ждать {time}", language, time=time) if time else "",
        "hours": current(Handover).promised_hours,
        "opens": format_datetime(opening, _OPENS, locale=language) if opening else "",
    }


def _worded(preference: Handover, situation: Situation, language: str, values: dict[str, object]) -> str:
    notices = preference.notices
    if "{minutes}" in getattr(notices, situation.value) and not values["minutes"]:
        # The edited wording needs a number, and there is none.
        notices = Notices()
    # Only the default wording is in the catalogue; an edited one is shown as written.
    if language != "ru" and getattr(notices, situation.value) == getattr(Notices(), situation.value):
        return say(getattr(notices, situation.value), language, **values)
    return notices.text(situation, **values)


def _opens_again() -> datetime | None:
    """Return when the working hours begin again; None during them, or if they never do."""
    hours, moment = current(Hours), now()
    return None if hours.is_open(moment) else hours.next_opening(moment)


class Topic(StrEnum):
    """What a waiting visitor wrote: just to see whether anybody is there, or something for an operator to read."""

    PRESENCE = "presence"
    QUESTION = "question"


async def acknowledge(tx: Transaction, conversation: AnyConversation, topic: Topic) -> None:
    """Tell a waiting visitor that their message was received, once for each topic and wait."""
    # A client id is unique in a thread, so only one of several processes posts the notice.
    name = f"wait:{topic}:{conversation.waiting_since:%Y%m%d%H%M%S%f}"
    if await conversations.sent_before(tx, conversation.visitor_id, name):
        return
    text = say("Передам специалисту: он увидит это сообщение.", conversation.language)
    if topic is Topic.PRESENCE:
        text = await _state_of_wait(tx, conversation)
    await conversations.post(tx, conversation, Author.SYSTEM, text, client_id=name)


async def _state_of_wait(tx: Transaction, conversation: AnyConversation) -> str:
    """Say when the visitor can expect an operator."""
    language, staffed = conversation.language, await availability(tx)
    if staffed.opens:
        opens = format_datetime(staffed.opens, _OPENS, locale=language)
        return say("Специалист уже позван. Сейчас нерабочее время, ответим {opens}.", language, opens=opens)
    if not staffed.present:
        return say(
            "Специалист уже позван. Сейчас никого нет на месте, вы остаётесь в очереди: сообщение увидят.", language
        )
    if number := await place(tx, conversation):
        return say("Специалист уже позван, вы {place}-й в очереди.", language, place=number)
    return say("Специалист уже позван: он увидит ваше сообщение.", language)


def question_in(text: str) -> str:
    """Return a message without the sentences that only call a person; empty if none is left."""
    return " ".join(part for part in _SENTENCES.split(text[:_MAX_TEXT_CHARS].strip()) if not only_calls(part))


def question_words(question: str, language: str) -> str:
    """Return a visitor's question, or a sentence that there is none."""
    return question or say("Вопроса пока нет: только зовёт специалиста", language)


def wish_words(conversation: AnyConversation, language: str) -> str:
    """Return what the card says the visitor wants; empty if there is no card."""
    card = conversation.card
    return "" if card is None else question_words(str(card.get("wish", "")), language)


async def update_card(tx: Transaction, conversation: AnyConversation) -> bool:
    """Store the visitor's last question and a card for it; a card that a model wrote for the same question stays.

    Returns:
        Whether the question has changed.
    """
    thread = await conversations.dialogue(tx, conversation.id, _THREAD_LIMIT)
    before, question = conversation.question, _last_question(thread)
    if conversation.card and question == before:
        return False
    tried = next((message.text for message in reversed(thread) if message.author is Author.ASSISTANT), "")
    await conversations.record_question(tx, conversation, question, conversations.preview(Author.ASSISTANT, tried))
    return question != before


async def update_wait(tx: Transaction, conversation_id: UUID, message_id: UUID) -> None:
    """Update a wait after a message of its visitor: their question, their contacts, the place among callbacks.

    It runs for every message to the queue, hence reads rows only.
    """
    conversation = await conversations.get_row(tx, conversation_id, lock=True)
    message = await conversations.dialogue_message(tx, message_id)
    if conversation.status is not Status.WAITING or message is None:
        return
    if conversation.callback_since:
        await sort_callback(tx, conversation_id)
    if question_in(message.text) and await update_card(tx, conversation):
        tx.emit(QuestionChanged(conversation.id))
    await save_contacts_in(tx, conversation, message.text)


def _last_question(thread: Sequence[DialogueMessage]) -> str:
    last = ""
    for question in (question_in(message.text) for message in reversed(thread) if message.author is Author.VISITOR):
        last = last or question
        # A phone number is not a question, unless there is nothing else.
        if question and not only_contacts(question):
            last = question
            break
    return conversations.preview(Author.VISITOR, last)
