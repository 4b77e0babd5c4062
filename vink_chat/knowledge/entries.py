"""One article as the search reads it: its concepts, their roots, their letters."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Final
from uuid import UUID

from vink_chat.kit import lemmas, letters
from vink_chat.knowledge import lexicon

_LONGEST: Final = 20_000
_ROOT: Final = 5


@dataclass(frozen=True, slots=True)
class Source:
    """What an index keeps of one article.

    Attributes:
        questions: The question and its aliases.
    """

    id: UUID
    questions: tuple[str, ...]
    answer: str
    updated_at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as an index keeps it: as little as that takes.

    Attributes:
        phrases: Concepts of each question.
        told: Concepts of the answer.
        tells: The attributes it says something of (``lexicon.attributes``).
    """

    source: Source
    phrases: tuple[tuple[str, ...], ...]
    told: tuple[str, ...]
    tells: frozenset[str]
    has_digits: bool

    @property
    def terms(self) -> tuple[str, ...]:
        """Concepts of the questions and the answer, each once."""
        return tuple(dict.fromkeys(chain(*self.phrases, self.told)))


def root(term: str) -> str:
    """Return the first letters of a longer word, which its family shares (надежный, надежность); else nothing."""
    return term[:_ROOT] if len(term) > _ROOT and term[0] != "#" else ""


def roots(terms: Iterable[str]) -> frozenset[str]:
    """Return the roots of the longer words."""
    return frozenset(found for term in terms if (found := root(term)))


def grams(terms: Iterable[str]) -> frozenset[str]:
    """Return the three- and four-letter pieces of some words."""
    found: set[str] = set()
    for term in terms:
        padded = f" {term} "
        for size in (3, 4):
            found.update(padded[at : at + size] for at in range(len(padded) - size + 1))
    return frozenset(found)


def content(text: str) -> list[str]:
    """Return the concepts of a cleaned text in its order, words that carry no question left out."""
    found = [lexicon.concept(lemma) for lemma in lemmas.lemmas(text) if lemma not in lexicon.STOP]
    if any(phrase in text for phrase in lexicon.DEFINITION_PHRASES):
        found.append(lexicon.DEFINITION)
    return found


def forms(source: Source) -> frozenset[str]:
    """Return the words of an article as written, for the repair of typing errors."""
    return frozenset(part for word in letters.words(_said(source)) for part in lemmas.spread(word))


def _said(source: Source) -> str:
    return " ".join(letters.clean(text, _LONGEST) for text in (*source.questions, source.answer))


def read(source: Source) -> Entry:
    """Read one article."""
    asked = [content(letters.clean(question, _LONGEST)) for question in source.questions]
    told = [term for term in content(letters.clean(source.answer, _LONGEST)) if term != lexicon.DEFINITION]
    everything = _said(source)
    return Entry(
        source=source,
        phrases=tuple(_each_once(terms) for terms in asked),
        told=_each_once(told),
        tells=_shared(frozenset(lexicon.attributes({*lemmas.lemmas(everything), *forms(source)}))),
        has_digits=any(letter.isdigit() for letter in everything),
    )


def _each_once(terms: list[str]) -> tuple[str, ...]:
    # One copy of a word serves all articles.
    return tuple(map(sys.intern, dict.fromkeys(terms)))


@cache
def _shared(tells: frozenset[str]) -> frozenset[str]:
    return tells
