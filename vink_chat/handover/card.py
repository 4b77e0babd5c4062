"""What an operator should know before the first word, written by code."""

import re
from typing import Final

from vink_chat import conversations
from vink_chat.conversations import Author, Conversation
from vink_chat.kit.db import Transaction

_LONGEST: Final = 200
_MARKS: Final = re.compile(r"[*_`#]+")


async def by_code(tx: Transaction, conversation: Conversation) -> dict[str, str]:
    """Return what the visitor wants and what the assistant tried, each on one line."""
    thread = await conversations.conversation_messages(tx, conversation.id, limit=40)
    asked = [message.text for message in thread if message.author is Author.VISITOR]
    tried = [message.text for message in thread if message.author is Author.ASSISTANT]
    return {"wish": _line(asked[-1:]), "tried": _line(tried[-1:])}


def _line(texts: list[str]) -> str:
    return " ".join(_MARKS.sub("", " ".join(texts)).split())[:_LONGEST]
