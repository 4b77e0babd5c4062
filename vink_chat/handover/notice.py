"""What the visitor reads at a handover, chosen and worded by code."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from babel.dates import format_datetime

from vink_chat import conversations
from vink_chat.conversations import Conversation
from vink_chat.handover import estimate, store
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import on_shift
from vink_chat.preferences import Branch, Handover, Hours, Notices, current

# «At the beginning of the working day».
_FIRST_THING: Final = timedelta(hours=1)


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


async def branch(tx: Transaction) -> Branch:
    """Tell what a visitor who is handed over now can expect."""
    moment = now()
    if _opens_again():
        return Branch.CLOSED
    here = {operator.id for operator in await on_shift(tx)}
    if not here:
        return Branch.NOBODY
    # Whoever waits already is taken first: one free colleague is not promised to two.
    free = len(here - await store.busy_operators(tx)) - await store.ahead(tx, moment, moment)
    return Branch.FREE if free > 0 else Branch.BUSY


async def estimated(tx: Transaction, conversation: Conversation) -> float | None:
    """Return how many seconds a conversation may have to wait; None when that is not known."""
    moment = now()
    since = conversation.waiting_since or moment
    number = 1 + await store.ahead(tx, since, moment)
    first = await store.first_ahead(tx, since, moment)
    waited = (moment - first).total_seconds() if first else 0.0
    return estimate.seconds(await store.last_waits(tx, estimate.LAST), number, len(await on_shift(tx)), waited)


async def text(tx: Transaction, conversation: Conversation, what: Branch) -> str:
    """Word the notice for a conversation that begins to wait."""
    preference = current(Handover)
    number = 1 + await store.ahead(tx, conversation.waiting_since or now(), now())
    wait = await estimated(tx, conversation) if what is Branch.BUSY else None
    words = _worded(preference, what, conversation.language, _values(conversation, number, wait))
    if wait is None or wait <= estimate.LONG:
        return words
    left = say("Можно не ждать: оставьте имя и телефон или почту, и мы ответим.", conversation.language)
    return f"{words} {left}"


async def retire(tx: Transaction, conversation: Conversation) -> None:
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


def promise(what: Branch) -> datetime | None:
    """Tell until when a visitor was promised an answer, where one was promised."""
    if what in {Branch.FREE, Branch.BUSY}:
        return None
    opening = current(Hours).next_opening(now()) if what is Branch.CLOSED else None
    return (
        opening.astimezone(UTC) + _FIRST_THING if opening else now() + timedelta(hours=current(Handover).promised_hours)
    )
