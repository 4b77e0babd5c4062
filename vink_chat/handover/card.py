"""What an operator should know before the first word, written by code."""

from typing import Final

from vink_chat import conversations
from vink_chat.conversations import Author, Conversation
from vink_chat.kit.db import Transaction
from vink_chat.kit.excerpts import cut, plain

_LONGEST: Final = 200


async def by_code(tx: Transaction, conversation: Conversation) -> dict[str, str]:
    """Return what the visitor wants and what the assistant tried, each on one line."""
    thread = await conversations.conversation_messages(tx, conversation.id, limit=40)
    asked = [message.text for message in thread if message.author is Author.VISITOR]
    tried = [message.text for message in thread if message.author is Author.ASSISTANT]
    return {"wish": cut("".join(asked[-1:]), _LONGEST), "tried": cut(plain("".join(tried[-1:])), _LONGEST)}
