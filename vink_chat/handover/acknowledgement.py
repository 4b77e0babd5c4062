"""What a waiting visitor is told while nobody answers: once for each topic of a wait, and without losing the place."""

from enum import StrEnum
from typing import Final

from babel.dates import format_datetime

from vink_chat import conversations
from vink_chat.conversations import AnyConversation, Author
from vink_chat.handover.notice import availability
from vink_chat.handover.places import place
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say

_OPENS: Final = "d MMMM (EEE), HH:mm"


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
