"""What a wait looks like: its number in the queue, what the visitor reads of it, and the card operators read.

A visitor who is not there has no number, nor has one who was promised an answer for later. Who is there is known by
``store``: the page is open, or somebody asks over REST. Who left contacts and is not there is to be called back (see
``contacts``).
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
from vink_chat.preferences import Branch, Handover, Hours, Notices, current

# «At the beginning of the working day».
_FIRST_THING: Final = timedelta(hours=1)
_OPENS: Final = "d MMMM (EEE), HH:mm"
_THREAD: Final = 40
# Of a longer message the beginning is read: a card shows less.
_LONGEST: Final = 1000
_SENTENCES: Final = re.compile(r"(?<=[.!?…])\s+|\n+")


async def place(tx: Transaction, conversation: AnyConversation) -> int:
    """Return a conversation's number in the queue, from 1; 0 when it has none."""
    if conversation.status is not Status.WAITING or conversation.promised_at or not conversation.waiting_since:
        return 0
    if not await store.is_here(tx, conversation.id, now()):
        return 0
    return 1 + await store.ahead(tx, conversation, now())


async def places(tx: Transaction) -> dict[UUID, int]:
    """Return the numbers of those who wait longest, by visitor."""
    standing = await store.standing(tx, now())
    return {visitor: number for number, (visitor, promised) in enumerate(standing, 1) if not promised}


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether operators answer now.

    Attributes:
        present: Somebody is on shift, within the working hours.
        opens: When the working hours begin again, in the shop's zone; nothing while they last.
    """

    present: bool
    opens: datetime | None = None


async def availability(tx: Transaction) -> Availability:
    """Tell whether operators answer now, for those who have not called one yet."""
    opens = _opens_again()
    return Availability(present=not opens and bool(await on_shift(tx)), opens=opens)


async def branch(tx: Transaction, conversation: AnyConversation) -> Branch:
    """Tell what a visitor whose conversation is handed over now can expect."""
    moment = now()
    if _opens_again():
        return Branch.CLOSED
    here = {operator.id for operator in await on_shift(tx)}
    if not here:
        return Branch.NOBODY
    # Whoever waits already is taken first: one free colleague is not promised to two.
    free = len(here - await store.busy_operators(tx)) - await store.ahead(tx, conversation, moment, since=moment)
    return Branch.FREE if free > 0 else Branch.BUSY


def promised_until(what: Branch) -> datetime | None:
    """Tell until when a visitor was promised an answer, where one was promised."""
    if what in {Branch.FREE, Branch.BUSY}:
        return None
    opening = current(Hours).next_opening(now()) if what is Branch.CLOSED else None
    return (
        opening.astimezone(UTC) + _FIRST_THING if opening else now() + timedelta(hours=current(Handover).promised_hours)
    )


async def estimated_wait(tx: Transaction, conversation: Conversation) -> float | None:
    """Return how many seconds a conversation may have to wait; None when that is not known."""
    moment = now()
    number = 1 + await store.ahead(tx, conversation, moment)
    first = await store.first_ahead(tx, conversation, moment)
    waited = (moment - first).total_seconds() if first else 0.0
    return estimate.seconds(await store.last_waits(tx, estimate.LAST), number, len(await on_shift(tx)), waited)


async def notice_text(tx: Transaction, conversation: Conversation, what: Branch) -> str:
    """Word the notice for a conversation that begins to wait."""
    preference = current(Handover)
    number = 1 + await store.ahead(tx, conversation, now())
    wait = await estimated_wait(tx, conversation) if what is Branch.BUSY else None
    words = _worded(preference, what, conversation.language, _values(conversation, number, wait))
    if wait is None or wait <= estimate.LONG:
        return words
    left = say("Можно не ждать: оставьте имя и телефон или почту, и мы ответим.", conversation.language)
    return f"{words} {left}"


async def retire_notice(tx: Transaction, conversation: Conversation) -> None:
    """Take the place and the wait out of the notice of a conversation that waits no longer."""
    text = say("Передаю вопрос специалисту.", conversation.language)
    await conversations.retire_queue_notice(tx, conversation, text)


def _values(conversation: Conversation, number: int, wait: float | None) -> dict[str, object]:
    language, opening = conversation.language, current(Hours).next_opening(now())
    told = estimate.words(wait, language) if wait is not None else ""
    return {
        "place": number,
        "minutes": max(1, round(wait / 60)) if wait is not None else "",
        "wait": say(", ждать {time}", language, time=told) if told else "",
        "hours": current(Handover).promised_hours,
        "opens": format_datetime(opening, "d MMMM (EEE), HH:mm", locale=language) if opening else "",
    }


def _worded(preference: Handover, what: Branch, language: str, values: dict[str, object]) -> str:
    notices = preference.notices
    if "{minutes}" in getattr(notices, what.value) and not values["minutes"]:
        # A wording that counts on a figure, and there is none.
        notices = Notices()
    # A wording nobody edited is known to the catalogue; an edited one is shown as it was written.
    if language != "ru" and getattr(notices, what.value) == getattr(Notices(), what.value):
        return say(getattr(notices, what.value), language, **values)
    return notices.text(what, **values)


def _opens_again() -> datetime | None:
    """Return when the working hours begin again; nothing while they last, or where nobody says when that will be."""
    hours, moment = current(Hours), now()
    return None if hours.is_open(moment) else hours.next_opening(moment)


class Topic(StrEnum):
    """What a waiting visitor wrote: a word to see whether anybody is there, or something for a person to read."""

    PRESENCE = "presence"
    QUESTION = "question"


async def acknowledge(tx: Transaction, conversation: AnyConversation, topic: Topic) -> None:
    """Tell a waiting visitor that they are heard; nothing when they were told so in this wait."""
    # A thread takes a name once, so of several processes one posts it.
    name = f"wait:{topic}:{conversation.waiting_since:%Y%m%d%H%M%S%f}"
    if await conversations.sent_before(tx, conversation.visitor_id, name):
        return
    text = say("Передам специалисту: он увидит это сообщение.", conversation.language)
    if topic is Topic.PRESENCE:
        text = await _standing(tx, conversation)
    await conversations.post(tx, conversation, Author.SYSTEM, text, client_id=name)


async def _standing(tx: Transaction, conversation: AnyConversation) -> str:
    """Word how the wait stands now."""
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
    """Return what a visitor asks in a message, without sentences that only call a person; empty if none is left."""
    return " ".join(part for part in _SENTENCES.split(text[:_LONGEST].strip()) if not only_calls(part))


def question_words(question: str, language: str) -> str:
    """Return a visitor's question, or say that there is none."""
    return question or say("Вопроса пока нет: только зовёт специалиста", language)


def wish_words(conversation: AnyConversation, language: str) -> str:
    """Return what a visitor wants, as the card has it; nothing while no card was written."""
    card = conversation.card
    return "" if card is None else question_words(str(card.get("wish", "")), language)


async def update_card(tx: Transaction, conversation: AnyConversation) -> bool:
    """Write down the visitor's last question, and the card with it; what a model wrote of the same question stays.

    Returns:
        Whether the question is another one now.
    """
    thread = await conversations.dialogue(tx, conversation.id, _THREAD)
    before, question = conversation.question, _last_question(thread)
    if conversation.card and question == before:
        return False
    tried = next((one.text for one in reversed(thread) if one.author is Author.ASSISTANT), "")
    await conversations.record_question(tx, conversation, question, conversations.preview(Author.ASSISTANT, tried))
    return question != before


async def update_wait(tx: Transaction, conversation_id: UUID, message_id: UUID) -> None:
    """Bring a wait up to date with a message of its visitor: their question, their contacts, who is to be called back.

    Every message to the queue takes this way, so the conversation is read once, and past the tables' classes.
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
    found = ""
    for one in reversed(thread):
        question = question_in(one.text) if one.author is Author.VISITOR else ""
        # A telephone number is no question, unless there is nothing else.
        if question and not only_contacts(question):
            found = question
            break
        found = found or question
    return conversations.preview(Author.VISITOR, found)
