"""What an operator should know before the first word, written by code."""

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import Author, Conversation, Message, Status
from vink_chat.events import ConversationSeen
from vink_chat.handover.contacts import only_contacts
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


def wish_words(conversation: Conversation, language: str) -> str:
    """Return what a visitor wants, as the card has it; nothing while no card was written."""
    card = conversation.card
    return "" if card is None else question_words(str(card.get("wish", "")), language)


async def fill(tx: Transaction, conversation: Conversation) -> None:
    """Write down the visitor's last question, and the card with it; what a model wrote of the same question stays."""
    thread = await conversations.conversation_messages(tx, conversation.id, limit=_THREAD)
    question = _last_question(thread)
    if conversation.card and question == conversation.question:
        return
    tried = next((one.text for one in reversed(thread) if one.author is Author.ASSISTANT), "")
    conversation.question = question
    conversation.card = {"wish": question, "tried": conversations.preview(Author.ASSISTANT, tried)}
    tx.session.add(conversation)


async def restate(tx: Transaction, conversation_id: UUID) -> None:
    """Look again at what a waiting visitor asks, after they wrote again."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    before = conversation.question
    if conversation.status is not Status.WAITING:
        return
    await fill(tx, conversation)
    if conversation.question != before:
        tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


def _last_question(thread: Sequence[Message]) -> str:
    said = [text for one in reversed(thread) if one.author is Author.VISITOR and (text := question_in(one.text))]
    # A telephone number is no question, unless there is nothing else.
    questions = [text for text in said if not only_contacts(text)] or said
    return conversations.preview(Author.VISITOR, questions[0] if questions else "")
