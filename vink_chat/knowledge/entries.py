"""One article as the search sees it: its concepts, their roots, their n-grams."""

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

_MAX_TEXT_CHARS: Final = 20_000
_ROOT: Final = 5


@dataclass(frozen=True, slots=True)
class Source:
    """The parts of an article that an index stores.

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
    """One indexed article, in little memory.

    Attributes:
        phrases: Concepts of each question.
        told: Concepts of the answer.
        tells: The attributes that it mentions (``lexicon.attributes``).
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
    """Return the first letters of a longer word, shared by its family (надежный, надежность); else empty."""
    return term[:_ROOT] if len(term) > _ROOT and term[0] != "#" else ""


def roots(terms: Iterable[str]) -> frozenset[str]:
    """Return the roots of the longer words."""
    return frozenset(found for term in terms if (found := root(term)))


def grams(terms: Iterable[str]) -> frozenset[str]:
    """Return the three- and four-letter pieces of some words."""
    result: set[str] = set()
    for term in terms:
        padded = f" {term} "
        for size in (3, 4):
            result.update(padded[at : at + size] for at in range(len(padded) - size + 1))
    return frozenset(result)


def content(text: str) -> list[str]:
    """Return the concepts of a cleaned text in order, without stop words."""
    concepts = [lexicon.concept(lemma) for lemma in lemmas.lemmas(text) if lemma not in lexicon.STOP]
    if any(phrase in text for phrase in lexicon.DEFINITION_PHRASES):
        concepts.append(lexicon.DEFINITION)
    return concepts


def forms(source: Source) -> frozenset[str]:
    """Return the words of an article as written, for the correction of typing errors."""
    return frozenset(part for word in letters.words(_said(source)) for part in lemmas.spread(word))


def _said(source: Source) -> str:
    return " ".join(letters.clean(text, _MAX_TEXT_CHARS) for text in (*source.questions, source.answer))


def read(source: Source) -> Entry:
    """Index one article."""
    asked = [content(letters.clean(question, _MAX_TEXT_CHARS)) for question in source.questions]
    told = [term for term in content(letters.clean(source.answer, _MAX_TEXT_CHARS)) if term != lexicon.DEFINITION]
    everything = _said(source)
    return Entry(
        source=source,
        phrases=tuple(_each_once(terms) for terms in asked),
        told=_each_once(told),
        tells=_shared(frozenset(lexicon.attributes({*lemmas.lemmas(everything), *forms(source)}))),
        has_digits=any(letter.isdigit() for letter in everything),
    )


def _each_once(terms: list[str]) -> tuple[str, ...]:
    # All articles share one copy of a word.
    return tuple(map(sys.intern, dict.fromkeys(terms)))


@cache
def _shared(tells: frozenset[str]) -> frozenset[str]:
    return tells
