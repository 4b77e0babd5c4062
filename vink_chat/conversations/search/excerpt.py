"""Cuts an excerpt around the first match in a text, and marks the matches."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from vink_chat.conversations.search.query import Query
from vink_chat.conversations.search.terms import NUMBER, digits_of, fold, national

_MAX_EXCERPT_CHARS: Final = 160
_CHARS_BEFORE_HIT: Final = 28
# Includes combining stress marks.
_WORD: Final = re.compile("[^\\W_]+(?:[\u0300-\u036f]+[^\\W_]*)*")
_HYPHENED: Final = re.compile(f"{_WORD.pattern}(?:-{_WORD.pattern})*")
_SIGNS: Final = re.compile(r"[*#`]+|\s+")

Span = tuple[int, int]


class Piece(NamedTuple):
    """A part of an excerpt.

    Attributes:
        marked: Whether it matches the query.
    """

    text: str
    marked: bool


def excerpt(text: str, query: Query) -> tuple[Piece, ...]:
    """Return the text around its first match as one line, without Markdown signs."""
    line = _SIGNS.sub(lambda match: " " if match[0].isspace() else "", unicodedata.normalize("NFC", text)).strip()
    spans = _merged(_spans(line, query))
    first = next(spans, (0, 0))
    begin = max(0, first[0] - _CHARS_BEFORE_HIT)
    if begin:
        begin = line.find(" ", begin, first[0]) + 1 or begin
    end = min(len(line), max(begin + _MAX_EXCERPT_CHARS, first[1]))
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
    """Drop spans inside an earlier one: the parts of a number belong to the number."""
    reached = 0
    for start, stop in spans:
        if start >= reached:
            reached = stop
            yield start, stop


def _spans(line: str, query: Query) -> Iterator[Span]:
    numbers = [match.span() for match in NUMBER.finditer(line) if _is_number(digits_of(match[0]), query)]
    for match in _HYPHENED.finditer(line):
        while numbers and numbers[0][0] <= match.start():
            yield numbers.pop(0)
        if "-" in match[0] and _is_word(match[0].replace("-", ""), query):
            yield match.span()
        for word in _WORD.finditer(line, *match.span()):
            if _is_word(word[0], query):
                yield word.span()


def _is_number(number: str, query: Query) -> bool:
    written = {number, number[-4:], number[-7:], *national(number)}
    return any(term.holds(written) for term in query.terms)


def _is_word(written: str, query: Query) -> bool:
    # The query knows all forms of its words, so the words of the texts need no dictionary lookup.
    word = fold(written)
    return word in query.written or word.startswith(query.beginnings)
