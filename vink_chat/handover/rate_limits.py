"""How many conversations one address may open within an hour, and how often a person may be called from it.

Behind a full address somebody new may still call a person, as long as the calls of that hour last. Whatever leads
a visitor to a person counts: the button, words, «да» to an offer, questions nobody knows an answer to.

Asked before the transaction that opens or calls: the windows may be in Redis, and no transaction waits for a network.
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
    """Count what a visitor's message is about to open or whom it calls; one that does neither is not counted.

    Args:
        reading: Opens a transaction that reads.
        owner: The visitor's id.
        address: Where it comes from.
        text: As sent.
        client_id: The browser's name for it; a message that was taken before is not counted again.

    Raises:
        TooManyConversations: It would open one more than the address may within an hour.
        TooManyCalls: It would call a person once more than may be called from the address within an hour.
        EmptyMessage, LongMessage, BadMessage: It would not be taken at all.
    """
    body = conversations.clean_text(text)
    async with reading() as tx:
        if client_id and await conversations.sent_before(tx, owner, client_id):
            return
        newest = await conversations.newest_row(tx, owner)
    await _admit(newest, address, owner, calls=calls_person(body))


async def admit_call(reading: Begin, owner: UUID, address: object) -> None:
    """Count the press of the button that calls a person; where one was called already nothing is counted.

    Raises:
        TooManyCalls: As in ``admit_message``.
    """
    async with reading() as tx:
        newest = await conversations.newest_row(tx, owner)
    await _admit(newest, address, owner, calls=True)


def calls_person(text: str) -> bool:
    """Tell whether a message calls a person by its words: then ``admit_message`` counts it as it comes."""
    return wants_person(text) or has_calling_word(text, current(Handover).words)


async def admit_handover(reading: Begin, owner: UUID) -> None:
    """Count that the assistant is about to call a person for a visitor whose words did not, but led to it.

    Raises:
        TooManyCalls: As in ``admit_message``.
    """
    async with reading() as tx:
        visitor = await visitors.get_row(tx, owner)
    # Kept as it is counted: of an IPv6 address its network.
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
    # Each has its own limit: who may call nobody may still ask the assistant, and the other way round.
    if calls and not (newest and newest.status in _WITH_PERSON):
        await _count_call(address, owner)
    elif not conversations.goes_on(newest, timedelta(hours=current(Handover).reopen_hours)):
        try:
            await windows.admit_address("conversation", address, limits.conversations_per_hour, rate_limit.HOUR)
        except rate_limit.TooFast as refusal:
            raise TooManyConversations(refusal.seconds) from None
