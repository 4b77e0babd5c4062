"""Validation of an article's fields: each function returns the value to store, or refuses it."""

import re
from typing import Final
from urllib.parse import urlsplit

from vink_chat.kit import letters
from vink_chat.knowledge.errors import EmptyAnswer, EmptyQuestion, NotAnAddress, TooLong, TooManyAliases

MAX_QUESTION: Final = 500
MAX_ALIASES: Final = 50
MAX_ANSWER: Final = 8_000
MAX_URL: Final = 500
MAX_TAGS: Final = 200

# PostgreSQL cannot store NUL, and nobody types the others on purpose.
_CONTROL: Final = re.compile(f"[{letters.CONTROL}]")


def question(text: str) -> str:
    """Return a valid question."""
    tidy = " ".join(_tidy(text).split())
    if not tidy:
        raise EmptyQuestion
    return _within(tidy, MAX_QUESTION, "question")


def answer(text: str) -> str:
    """Return a valid answer."""
    tidy = _tidy(text).strip()
    if not tidy:
        raise EmptyAnswer
    return _within(tidy, MAX_ANSWER, "answer")


def aliases(text: str) -> str:
    """Return valid aliases, one per line, without duplicates."""
    lines = dict.fromkeys(" ".join(line.split()) for line in _tidy(text).splitlines())
    kept = [_within(line, MAX_QUESTION, "aliases") for line in lines if line]
    if len(kept) > MAX_ALIASES:
        raise TooManyAliases(limit=MAX_ALIASES)
    return "\n".join(kept)


def url(text: str) -> str:
    """Return a valid URL; empty for none."""
    tidy = _within(_tidy(text).strip(), MAX_URL, "url")
    if not tidy:
        return ""
    try:
        parts = urlsplit(tidy)
    except ValueError:
        raise NotAnAddress from None
    # Browsers treat a backslash as a slash and ignore line breaks, so such a URL would lead elsewhere than it seems to.
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s\\]", tidy):
        raise NotAnAddress
    return tidy


def tags(text: str) -> str:
    """Return valid tags, separated by commas."""
    words = dict.fromkeys(" ".join(word.split()) for word in _tidy(text).split(","))
    return _within(", ".join(word for word in words if word), MAX_TAGS, "tags")


def _within(text: str, limit: int, field: str) -> str:
    if len(text) > limit:
        raise TooLong(limit=limit, field=field)
    return text


def _tidy(text: str) -> str:
    # A lone surrogate cannot be sent to a database.
    whole = text.replace("\r\n", "\n").encode("utf-8", "ignore").decode()
    return _CONTROL.sub("", whole)
