"""What a person typed, made safe to keep: still plain text, nothing of it is ever HTML."""

import re
import unicodedata
from typing import Final

from vink_chat.conversations.errors import BadMessage, EmptyMessage, LongMessage
from vink_chat.conversations.model import LONGEST_MESSAGE, Author, ReplyKind
from vink_chat.conversations.rows import AnyMessage, DialogueMessage
from vink_chat.kit.excerpts import cut, plain, plain_from_operator
from vink_chat.kit.words import say

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_PREVIEW: Final = 200
# As such messages have always been named; the names are kept with them.
_DRAFT: Final = "tg:draft:"
_INVISIBLE: Final = frozenset({"Cf", "Zs", "Zl", "Zp", "Cc", "Mn"})
# Letters and signs to Unicode, though they show nothing: blank Braille, the fillers of Hangul, a place for an object.
_BLANK: Final = frozenset("\u2800\u3164\u115f\u1160\uffa0\ufffc")


def clean_text(value: object, limit: int = LONGEST_MESSAGE) -> str:
    """Return the text of a message without control characters and outer blanks.

    Raises:
        BadMessage: It is not text.
        EmptyMessage: Nothing visible is in it.
        LongMessage: It is longer than ``limit`` characters.
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
    """Return a text from its first visible letter on: what stands before it must not hide what it begins with."""
    return text[next((at for at, letter in enumerate(text) if not _shows_nothing(letter)), len(text)) :]


def _shows_nothing(letter: str) -> bool:
    return letter in _BLANK or unicodedata.category(letter) in _INVISIBLE


def preview(author: Author, text: str) -> str:
    """Return the beginning of a message for lists, cards and quotations; visitors write no Markdown."""
    read = {Author.ASSISTANT: plain, Author.OPERATOR: plain_from_operator}.get(author, str)
    return cut(read(text), _PREVIEW)


def draft_name(key: object) -> str:
    """Name a reply in which an operator sends the assistant's draft as it is; a thread takes each name once."""
    return f"{_DRAFT}{key}"


def is_markdown(message: AnyMessage) -> bool:
    """Tell whether a message was written in Markdown: by the assistant, also where an operator sent it, or by the chat.

    What people typed is no Markdown, nor are the chat's notes to operators: they hold what visitors typed.
    """
    if message.author is Author.SYSTEM:
        return not message.note
    return message.author is Author.ASSISTANT or (
        message.author is Author.OPERATOR and (message.client_id or "").startswith(_DRAFT)
    )


def offers_person(message: AnyMessage | DialogueMessage) -> bool:
    """Tell whether a message has a button that calls a person."""
    return any(reply["kind"] == ReplyKind.CALL for reply in message.quick_replies)


def spelled_out(message: AnyMessage) -> str:
    """Return a message's text with its quick replies written out, for readers who have no buttons."""
    questions = [f"• {reply['text']}" for reply in message.quick_replies if reply["kind"] == ReplyKind.QUESTION]
    offer = [say("Чтобы позвать специалиста, ответьте «да».")] if offers_person(message) else []
    return "\n".join([message.text, *questions, *offer])


def one_line(value: object, limit: int) -> str:
    """Return one clean line of at most ``limit`` characters; anything but text gives an empty one."""
    if not isinstance(value, str):
        return ""
    return " ".join(_CONTROL.sub(" ", value[: limit * 4]).split())[:limit]
