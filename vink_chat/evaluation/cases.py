"""The questions of an evaluation: one JSON object a line.

A line is ``{"turns": ["…"], "expect": ["name", …]}``. ``turns`` are the visitor's messages, of which the last is the
question; ``expect`` names the articles that answer it, or is ``"none"``, ``"person"`` or ``"smalltalk"``. An article is
named by its id or by its question. ``"kind"`` groups the questions of a report and may be left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import orjson

from vink_chat.kit.errors import VinkError


class BadCases(VinkError):
    """A file of questions has an invalid line."""

    sentence = (
        "Строка {number}: нужен объект JSON с полями turns (список реплик) и expect (список статей "
        "или none, person, smalltalk)."
    )


class Expected(StrEnum):
    """What a question should end with."""

    ARTICLE = "article"
    NONE = "none"
    PERSON = "person"
    SMALL_TALK = "smalltalk"


@dataclass(frozen=True, slots=True)
class Case:
    """One question.

    Attributes:
        turns: The visitor's messages; the last one is the question.
        articles: The names of the articles that answer it, the best first; empty unless ``expected`` is ``ARTICLE``.
        kind: Its group in a report, or empty.
    """

    turns: tuple[str, ...]
    expected: Expected
    articles: tuple[str, ...] = ()
    kind: str = ""

    @property
    def is_dialogue(self) -> bool:
        """Whether the question follows earlier messages."""
        return len(self.turns) > 1


def read(text: str) -> list[Case]:
    """Read a file of questions; empty lines are skipped.

    Raises:
        BadCases: A line is not such an object.
    """
    return list(_read(text))


def _read(text: str) -> Iterator[Case]:
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if line.strip():
            try:
                yield _case(orjson.loads(line))
            except (orjson.JSONDecodeError, TypeError, ValueError) as error:
                raise BadCases(number=number) from error


def _case(line: Any) -> Case:
    if not isinstance(line, dict):
        raise TypeError
    fields = cast("dict[str, Any]", line)
    turns, expect = _texts(fields.get("turns")), fields.get("expect")
    kind = str(fields.get("kind") or "")
    if isinstance(expect, str):
        return Case(turns, Expected(expect), kind=kind)
    return Case(turns, Expected.ARTICLE, _texts(expect), kind)


def _texts(value: object) -> tuple[str, ...]:
    found = cast("list[object]", value) if isinstance(value, list) else []
    texts = tuple(text for text in found if isinstance(text, str) and text.strip())
    if not texts or len(texts) != len(found):
        raise ValueError
    return texts
