"""Texts of messages: cleaned before they are stored, and shortened or spelled out for readers. Never HTML."""

import re
import unicodedata
from typing import Final

from vink_chat.conversations.errors import BadMessage, EmptyMessage, LongMessage
from vink_chat.conversations.model import LONGEST_MESSAGE, Author, ReplyKind
from vink_chat.conversations.rows import AnyMessage, DialogueMessage
from vink_chat.kit import letters
from vink_chat.kit.excerpts import cut, plain, plain_from_operator
from vink_chat.kit.words import say

_CONTROL: Final = re.compile(rf"[{letters.CONTROL}\x80-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_PREVIEW_CHARS: Final = 200
# Stored in the client ids of such messages.
_DRAFT: Final = "tg:draft:"
_INVISIBLE: Final = frozenset({"Cf", "Zs", "Zl", "Zp", "Cc", "Mn"})
# Letters and signs to Unicode, but invisible: blank Braille, Hangul fillers, the object replacement character.
_BLANK: Final = frozenset("\u2800\u3164\u115f\u1160\uffa0\ufffc")


def clean_text(value: object, limit: int = LONGEST_MESSAGE) -> str:
    """Return the text of a message without control characters and outer white space.

    Raises:
        BadMessage: The value is not text.
        EmptyMessage: The text has no visible characters.
        LongMessage: The text is longer than ``limit`` characters.
    """
    if not isinstance(value, str):
        raise BadMessage
    if len(value) > limit * 10:
        raise LongMessage(length=len(value), limit=limit)
    text = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not visible(text):
        raise EmptyMessage
    if len(text) > limit:
        raise LongMessage(length=len(text), limit=limit)
    return text


def visible(text: str) -> str:
    """Return a text from its first visible character on, so that invisible ones cannot hide what it starts with."""
    return text[next((at for at, letter in enumerate(text) if not _is_invisible(letter)), len(text)) :]


def _is_invisible(letter: str) -> bool:
    return letter in _BLANK or unicodedata.category(letter) in _INVISIBLE


def preview(author: Author, text: str) -> str:
    """Return the beginning of a message for lists, cards and quotations; only visitors never write Markdown."""
    to_plain = {Author.ASSISTANT: plain, Author.OPERATOR: plain_from_operator}.get(author, str)
    return cut(to_plain(text), _PREVIEW_CHARS)


def draft_name(key: object) -> str:
    """Return the client id of a reply in which an operator sends the assistant's draft unchanged."""
    return f"{_DRAFT}{key}"


def is_markdown(message: AnyMessage) -> bool:
    """Tell whether a message is Markdown: an answer of the assistant, even if an operator sent it, or a notice.

    What people type is not Markdown, and neither are the notes of the chat, which quote visitors.
    """
    if message.author is Author.SYSTEM:
        return not message.note
    return message.author is Author.ASSISTANT or (
        message.author is Author.OPERATOR and (message.client_id or "").startswith(_DRAFT)
    )


def offers_person(message: AnyMessage | DialogueMessage) -> bool:
    """Tell whether a message has a quick reply that calls a person."""
    return any(reply["kind"] == ReplyKind.CALL for reply in message.quick_replies)


def spelled_out(message: AnyMessage) -> str:
    """Return a message's text with its quick replies written out, for readers without buttons."""
    questions = [f"• {reply['text']}" for reply in message.quick_replies if reply["kind"] == ReplyKind.QUESTION]
    offer = [say("Чтобы позвать специалиста, ответьте «да».")] if offers_person(message) else []
    return "\n".join([message.text, *questions, *offer])


def one_line(value: object, limit: int) -> str:
    """Return a value as one clean line of at most ``limit`` characters; empty if it is not text."""
    if not isinstance(value, str):
        return ""
    return " ".join(_CONTROL.sub(" ", value[: limit * 4]).split())[:limit]
