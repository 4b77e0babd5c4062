"""The terms a text is indexed by: its words as written, their dictionary forms, the digits of its numbers.

Case, «ё» and Unicode variants are normalized here and not in the database, whose locale may not know Cyrillic.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Final
from uuid import UUID

from vink_chat.kit import lemmas, letters

WORD: Final = re.compile(r"[^\W_]+")
HYPHENED: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
NUMBER: Final = re.compile(r"\d(?:[\s().-]{0,3}\d){4,19}")
"""A number of five digits or more, with the separators people write."""
ON_CARD: Final = "\ue002"
"""Prefix of the terms of visitors' cards, so that they can be searched alone and quickly."""
_MARKS: Final = re.compile("[\u0300-\u036f]")
# Unicode normalizes «№» to «No», a word nobody searches for.
_NUMERO: Final = "\N{NUMERO SIGN}"
_OWNER: Final = "\ue001"
_DIGITS: Final = re.compile(r"\d{3,}")
_LONGEST_TEXT: Final = 8000
_LONGEST_TERM: Final = 40
_SHORTEST_INFLECTED: Final = 3
# A dictionary lookup takes 30 µs: in a text of very many different words the rest is indexed as written.
_MAX_LOOKUPS: Final = 200
_NATIONAL: Final = 10


def fold(text: str) -> str:
    """Return a text in the normalized form in which texts are compared, without stress marks."""
    plain = unicodedata.normalize("NFKC", text.replace(_NUMERO, " "))
    return _MARKS.sub("", plain.casefold()).replace("ё", "е")


def owner(visitor_id: UUID) -> str:
    """Return the term that every message of a visitor's thread has."""
    return f"{_OWNER}{visitor_id.hex[:16]}"


def terms(text: str) -> list[str]:
    """Return the terms of a text, each once."""
    folded = fold(text[:_LONGEST_TEXT])[:_LONGEST_TEXT]
    words = dict.fromkeys(word[:_LONGEST_TERM] for word in WORD.findall(folded))
    inflected = (word for word in words if len(word) >= _SHORTEST_INFLECTED and letters.is_russian(word))
    read = [form for word in islice(inflected, _MAX_LOOKUPS) for form in lemmas.normal_forms(word)]
    joined = (word.replace("-", "")[:_LONGEST_TERM] for word in HYPHENED.findall(folded) if "-" in word)
    digits = (run for word in list(words) if not word.isdigit() for run in _DIGITS.findall(word))
    words.update(dict.fromkeys([*read, *joined, *digits, *_numbers(folded)]))
    return list(words)


def _numbers(folded: str) -> Iterator[str]:
    """Yield the numbers of a text as digits; a phone number also without its trunk code, and its last digits."""
    for written in NUMBER.findall(folded):
        number = digits_of(written)
        yield number
        yield from national(number)
        if len(number) >= _NATIONAL:
            yield from (number[-4:], number[-7:])


def digits_of(text: str) -> str:
    """Return the digits of a text."""
    return "".join(filter(str.isdecimal, text))


def national(number: str) -> list[str]:
    """Return a phone number without its leading 7 or 8, if it has one."""
    return [number[1:]] if len(number) == _NATIONAL + 1 and number[0] in "78" else []
