"""What an operator should know before the first word, written by code."""

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import AnyConversation, Author, Said, Status
from vink_chat.events import QuestionChanged
from vink_chat.handover.callbacks import sort_callback
from vink_chat.handover.contacts import keep_contacts, only_contacts
from vink_chat.handover.policy import only_calls
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say

_THREAD: Final = 40
# Of a longer message the beginning is read: a card shows less.
_LONGEST: Final = 1000
_SENTENCES: Final = re.compile(r"(?<=[.!?…])\s+|\n+")


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


async def fill(tx: Transaction, conversation: AnyConversation) -> bool:
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
    message = await conversations.said(tx, message_id)
    if conversation.status is not Status.WAITING or message is None:
        return
    if conversation.callback_since:
        await sort_callback(tx, conversation_id)
    if question_in(message.text) and await fill(tx, conversation):
        tx.emit(QuestionChanged(conversation.id))
    await keep_contacts(tx, conversation, message.text)


def _last_question(thread: Sequence[Said]) -> str:
    found = ""
    for one in reversed(thread):
        question = question_in(one.text) if one.author is Author.VISITOR else ""
        # A telephone number is no question, unless there is nothing else.
        if question and not only_contacts(question):
            found = question
            break
        found = found or question
    return conversations.preview(Author.VISITOR, found)
