"""A few words of a text about the first one that was looked for, with those words marked."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from vink_chat.conversations.search.query import Query
from vink_chat.conversations.search.terms import NUMBER, digits_of, fold, national

_LONGEST: Final = 160
_BEFORE: Final = 28
# As it is written: with marks of stress.
_WORD: Final = re.compile("[^\\W_]+(?:[\u0300-\u036f]+[^\\W_]*)*")
_HYPHENED: Final = re.compile(f"{_WORD.pattern}(?:-{_WORD.pattern})*")
_SIGNS: Final = re.compile(r"[*#`]+|\s+")

Span = tuple[int, int]


class Piece(NamedTuple):
    """A part of an excerpt.

    Attributes:
        marked: Whether it is what was looked for.
    """

    text: str
    marked: bool


def excerpt(text: str, query: Query) -> tuple[Piece, ...]:
    """Return the words about the first hit in a text, on one line; Markdown's signs are left out."""
    line = _SIGNS.sub(lambda found: " " if found[0].isspace() else "", unicodedata.normalize("NFC", text)).strip()
    spans = _merged(_spans(line, query))
    first = next(spans, (0, 0))
    begin = max(0, first[0] - _BEFORE)
    if begin:
        begin = line.find(" ", begin, first[0]) + 1 or begin
    end = min(len(line), max(begin + _LONGEST, first[1]))
    if end < len(line):
        end = max(line.rfind(" ", first[1], end), first[1]) if " " in line[first[1] : end] else end
    marked = [first, *_until(spans, end)] if first[1] else []
    return tuple(piece for piece in _pieces(line, begin, end, marked) if piece.text)


def _pieces(line: str, begin: int, end: int, marked: Iterable[Span]) -> Iterator[Piece]:
    at = begin
    yield Piece("…" if begin else "", marked=False)
    for start, stop in marked:
        yield Piece(line[at:start], marked=False)
        yield Piece(line[start:stop], marked=True)
        at = stop
    yield Piece(line[at:end] + ("…" if end < len(line) else ""), marked=False)


def _until(spans: Iterator[Span], end: int) -> Iterator[Span]:
    for span in spans:
        if span[1] > end:
            return
        yield span


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans in order, none inside another: a number's parts belong to the number."""
    reached = 0
    for start, stop in spans:
        if start >= reached:
            reached = stop
            yield start, stop


def _spans(line: str, query: Query) -> Iterator[Span]:
    numbers = [found.span() for found in NUMBER.finditer(line) if _is_number(digits_of(found[0]), query)]
    for found in _HYPHENED.finditer(line):
        while numbers and numbers[0][0] <= found.start():
            yield numbers.pop(0)
        if "-" in found[0] and _is_word(found[0].replace("-", ""), query):
            yield found.span()
        for word in _WORD.finditer(line, *found.span()):
            if _is_word(word[0], query):
                yield word.span()


def _is_number(number: str, query: Query) -> bool:
    written = {number, number[-4:], number[-7:], *national(number)}
    return any(term.holds(written) for term in query.terms)


def _is_word(written: str, query: Query) -> bool:
    # The words looked for are known in all their forms, so that those of a hundred texts need no dictionary.
    word = fold(written)
    return word in query.written or word.startswith(query.beginnings)
