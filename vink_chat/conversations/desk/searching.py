"""Finds conversations by what was said in them and by who their visitor is."""

import asyncio
from itertools import islice
from typing import Final
from uuid import UUID

from vink_chat.conversations.desk import store
from vink_chat.kit.db import Transaction
from vink_chat.kit.excerpts import around

_PORTION: Final = 50
_PORTIONS: Final = 200
_FOUND: Final = 100
_FEWEST_DIGITS: Final = 5
_EXCERPT: Final = 100


async def search(tx: Transaction, words: str) -> dict[UUID, str]:
    """Return the newest conversations, up to a hundred, that hold every one of these words, each with an excerpt.

    A word may stand in a message or a note, in the visitor's name or contacts, and be a part of a longer one. Capitals,
    the dots of «ё» and the signs between a number's digits do not count. The newest ten thousand conversations are
    looked through, in portions: a whole reading would keep everybody else waiting.
    """
    wanted, number = _folded(words).split(), _digits(words)
    found: dict[UUID, str] = {}
    last: store.Place | None = None
    for _ in range(_PORTIONS if wanted else 0):
        portion = await store.said(tx, last, _PORTION)
        for begun, key, phone, text in portion:
            last = begun, key
            folded = _folded(text)
            if all(word in folded for word in wanted) or (number and number in _digits(phone)):
                # Of a number with other signs between its digits there is no place to show.
                found[key] = around(text, place, _EXCERPT) if (place := folded.find(wanted[0])) >= 0 else ""
        if len(portion) < _PORTION or len(found) >= _FOUND:
            break
        await asyncio.sleep(0)
    return dict(islice(found.items(), _FOUND))


def _folded(text: str) -> str:
    return text.lower().replace("ё", "е")


def _digits(text: str) -> str:
    """Return the digits of a telephone number; nothing for a text that is none."""
    digits = "".join(filter(str.isdecimal, text))
    return "" if len(digits) < _FEWEST_DIGITS or any(map(str.isalpha, text)) else digits
