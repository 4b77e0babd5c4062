"""What an operator should know before the first word, written by code."""

from vink_chat import conversations
from vink_chat.conversations import Author, Conversation
from vink_chat.kit.db import Transaction


async def by_code(tx: Transaction, conversation: Conversation) -> dict[str, str]:
    """Return what the visitor wants and what the assistant tried, each on one line."""
    thread = await conversations.conversation_messages(tx, conversation.id, limit=40)
    last = {message.author: message.text for message in thread}
    wish, tried = (conversations.preview(who, last.get(who, "")) for who in (Author.VISITOR, Author.ASSISTANT))
    return {"wish": wish, "tried": tried}
