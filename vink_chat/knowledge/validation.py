"""Validation of an article's fields: each function returns the value to store, or refuses it."""

import re
from typing import Final
from urllib.parse import urlsplit

from vink_chat.knowledge.errors import EmptyAnswer, EmptyQuestion, NotAnAddress, TooLong, TooManyAliases

MAX_QUESTION: Final = 500
MAX_ALIASES: Final = 50
MAX_ANSWER: Final = 8_000
MAX_URL: Final = 500
MAX_TAGS: Final = 200

# PostgreSQL stores no NUL, and nobody types the others on purpose.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def question(text: str) -> str:
    """Return a question fit to store."""
    tidy = " ".join(_tidy(text).split())
    if not tidy:
        raise EmptyQuestion
    return _within(tidy, MAX_QUESTION, "question")


def answer(text: str) -> str:
    """Return an answer fit to store."""
    tidy = _tidy(text).strip()
    if not tidy:
        raise EmptyAnswer
    return _within(tidy, MAX_ANSWER, "answer")


def aliases(text: str) -> str:
    """Return other wordings fit to store, one a line, each once."""
    lines = dict.fromkeys(" ".join(line.split()) for line in _tidy(text).splitlines())
    kept = [_within(line, MAX_QUESTION, "aliases") for line in lines if line]
    if len(kept) > MAX_ALIASES:
        raise TooManyAliases(limit=MAX_ALIASES)
    return "\n".join(kept)


def url(text: str) -> str:
    """Return an address fit to store; empty for none."""
    tidy = _within(_tidy(text).strip(), MAX_URL, "url")
    if not tidy:
        return ""
    try:
        parts = urlsplit(tidy)
    except ValueError:
        raise NotAnAddress from None
    # Browsers read a backslash as a slash and pass over a line break: the address would lead elsewhere than it says.
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s\\]", tidy):
        raise NotAnAddress
    return tidy


def tags(text: str) -> str:
    """Return tags fit to store, separated by commas."""
    words = dict.fromkeys(" ".join(word.split()) for word in _tidy(text).split(","))
    return _within(", ".join(word for word in words if word), MAX_TAGS, "tags")


def _within(text: str, limit: int, field: str) -> str:
    if len(text) > limit:
        raise TooLong(limit=limit, field=field)
    return text


def _tidy(text: str) -> str:
    # A surrogate that stands alone cannot be sent to a database.
    whole = text.replace("\r\n", "\n").encode("utf-8", "ignore").decode()
    return _CONTROL.sub("", whole)
