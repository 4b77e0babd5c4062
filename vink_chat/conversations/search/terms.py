"""The terms by which a text is found: its words as written, their dictionary forms, the digits of its numbers.

Case, «ё» and Unicode's writings of one letter are evened out here and not in the database, whose locale may know no
Cyrillic.
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
"""A number of five digits or more, with the signs people write between them."""
ON_CARD: Final = "\ue002"
"""What a term begins with that stands on a visitor's card: such terms are few, and quickly read."""
_MARKS: Final = re.compile("[\u0300-\u036f]")
# Unicode takes «№» for «No», a word of its own that nobody looks for.
_NUMERO: Final = "\N{NUMERO SIGN}"
_OWNER: Final = "\ue001"
_DIGITS: Final = re.compile(r"\d{3,}")
_LONGEST_TEXT: Final = 8000
_LONGEST_TERM: Final = 40
_SHORTEST_INFLECTED: Final = 3
# Reading a word in the dictionary takes 30 µs: of a text that is all different words the rest is found as written.
_MOST_READ: Final = 200
_NATIONAL: Final = 10


def fold(text: str) -> str:
    """Return a text in the one writing in which it is compared, without marks of stress."""
    plain = unicodedata.normalize("NFKC", text.replace(_NUMERO, " "))
    return _MARKS.sub("", plain.casefold()).replace("ё", "е")


def owner(visitor_id: UUID) -> str:
    """Return the term every message of a visitor's thread has."""
    return f"{_OWNER}{visitor_id.hex[:16]}"


def terms(text: str) -> list[str]:
    """Return the terms of a text, each once."""
    folded = fold(text[:_LONGEST_TEXT])[:_LONGEST_TEXT]
    found = dict.fromkeys(word[:_LONGEST_TERM] for word in WORD.findall(folded))
    inflected = (word for word in found if len(word) >= _SHORTEST_INFLECTED and letters.is_russian(word))
    read = [form for word in islice(inflected, _MOST_READ) for form in lemmas.normal_forms(word)]
    joined = (word.replace("-", "")[:_LONGEST_TERM] for word in HYPHENED.findall(folded) if "-" in word)
    digits = (run for word in list(found) if not word.isdigit() for run in _DIGITS.findall(word))
    found.update(dict.fromkeys([*read, *joined, *digits, *_numbers(folded)]))
    return list(found)


def _numbers(folded: str) -> Iterator[str]:
    """Yield the numbers of a text as digits; a telephone also without its trunk code, and by its last ones."""
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
    """Return a telephone without the 7 or the 8 before it, if it has one."""
    return [number[1:]] if len(number) == _NATIONAL + 1 and number[0] in "78" else []
