"""How many conversations one address may open within an hour, and how often it may call a person.

The two limits are separate: an address that may open no more conversations may still call a person. Every way to a
person counts as a call: the button, words, «да» to an offer, a question the assistant cannot answer.

Check them before the transaction that opens or calls: the counters may be in Redis, and no transaction waits for a
network.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import ConversationRow, Status, visitors
from vink_chat.handover.errors import TooManyCalls, TooManyConversations
from vink_chat.handover.policy import has_calling_word, wants_person
from vink_chat.kit import rate_limit
from vink_chat.kit.db import Begin
from vink_chat.preferences import Handover, Limits, current

_WITH_PERSON: Final = frozenset({Status.WAITING, Status.ATTENDED})


async def admit_message(reading: Begin, owner: UUID, address: object, text: object, client_id: str = "") -> None:
    """Count a visitor's message if it opens a conversation or calls a person.

    Args:
        reading: Opens a transaction that reads.
        owner: The visitor's id.
        address: Where it comes from.
        text: As sent.
        client_id: The id the browser gave it; a message that is stored already is not counted again.

    Raises:
        TooManyConversations: The address may open no more conversations within this hour.
        TooManyCalls: The address may call a person no more within this hour.
        EmptyMessage, LongMessage, BadMessage: As in ``conversations.receive``.
    """
    body = conversations.clean_text(text)
    async with reading() as tx:
        if client_id and await conversations.sent_before(tx, owner, client_id):
            return
        newest = await conversations.newest_row(tx, owner)
    await _admit(newest, address, owner, calls=calls_person(body))


async def admit_call(reading: Begin, owner: UUID, address: object) -> None:
    """Count a press of the button that calls a person, unless one was called already.

    Raises:
        TooManyCalls: As in ``admit_message``.
    """
    async with reading() as tx:
        newest = await conversations.newest_row(tx, owner)
    await _admit(newest, address, owner, calls=True)


def calls_person(text: str) -> bool:
    """Tell whether the words of a message call a person: ``admit_message`` then counts it as a call."""
    return wants_person(text) or has_calling_word(text, current(Handover).words)


async def admit_handover(reading: Begin, owner: UUID) -> None:
    """Count a call that the assistant is about to make for a visitor.

    Raises:
        TooManyCalls: As in ``admit_message``.
    """
    async with reading() as tx:
        visitor = await visitors.get_row(tx, owner)
    # Stored as it is counted: an IPv6 address as its network.
    await _count_call(visitor.address.partition("/")[0] or None, owner)


async def _count_call(address: object, owner: UUID) -> None:
    windows, most = rate_limit.current(), current(Limits).calls_per_hour
    try:
        if address is None:
            await windows.admit(f"call:{owner}", most, rate_limit.HOUR)
        else:
            await windows.admit_address("call", address, most, rate_limit.HOUR)
    except rate_limit.TooFast as refusal:
        raise TooManyCalls(refusal.seconds) from None


async def _admit(newest: ConversationRow | None, address: object, owner: UUID, *, calls: bool) -> None:
    limits, windows = current(Limits), rate_limit.current()
    # Separate limits: an address that may call nobody may still ask the assistant, and the reverse.
    if calls and not (newest and newest.status in _WITH_PERSON):
        await _count_call(address, owner)
    elif not conversations.goes_on(newest, timedelta(hours=current(Handover).reopen_hours)):
        try:
            await windows.admit_address("conversation", address, limits.conversations_per_hour, rate_limit.HOUR)
        except rate_limit.TooFast as refusal:
            raise TooManyConversations(refusal.seconds) from None
