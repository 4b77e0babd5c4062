"""How many conversations one address may open within an hour, and how often a person may be called from it.

Behind a full address somebody new may still call a person, as long as the calls of that hour last.

Asked before the transaction that opens or calls: the windows may be in Redis, and no transaction waits for a network.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import Conversation, Status
from vink_chat.handover.errors import TooManyCalls, TooManyConversations
from vink_chat.handover.policy import has_calling_word, wants_person
from vink_chat.kit import throttle
from vink_chat.operators import Begin
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
    body = conversations.clean(text)
    async with reading() as tx:
        if client_id and await conversations.sent_before(tx, owner, client_id):
            return
        newest = await conversations.glance(tx, owner)
    calls = wants_person(body) or has_calling_word(body, current(Handover).words)
    await _admit(newest, address, calls=calls)


async def admit_call(reading: Begin, owner: UUID, address: object) -> None:
    """Count the press of the button that calls a person; where one was called already nothing is counted.

    Raises:
        TooManyCalls: As in ``admit_message``.
    """
    async with reading() as tx:
        newest = await conversations.glance(tx, owner)
    await _admit(newest, address, calls=True)


async def _admit(newest: Conversation | None, address: object, *, calls: bool) -> None:
    limits, windows = current(Limits), throttle.current()
    # Each has its own limit: who may call nobody may still ask the assistant, and the other way round.
    if calls and not (newest and newest.status in _WITH_PERSON):
        try:
            await windows.admit_address("call", address, limits.calls_per_hour, throttle.HOUR)
        except throttle.TooFast as refusal:
            raise TooManyCalls(refusal.seconds) from None
    elif not conversations.goes_on(newest, timedelta(hours=current(Handover).reopen_hours)):
        try:
            await windows.admit_address("conversation", address, limits.conversations_per_hour, throttle.HOUR)
        except throttle.TooFast as refusal:
            raise TooManyConversations(refusal.seconds) from None
