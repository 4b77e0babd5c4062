"""One article as the search reads it: its concepts, their roots, their letters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
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
class Phrase:
    """One question of an article: its concepts, their roots and their letters."""

    terms: frozenset[str]
    roots: frozenset[str]
    grams: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as the ranking sees it.

    Attributes:
        terms: Concepts of the questions and the answer.
        asked: Concepts of the questions alone.
        roots: The first letters of the longer terms, for words of one family.
        tells: The attributes it says something of (``lexicon.attributes``).
        forms: The words as written, for the repair of typing errors.
    """

    source: Source
    phrases: tuple[Phrase, ...]
    terms: frozenset[str]
    asked: frozenset[str]
    roots: frozenset[str]
    tells: frozenset[str]
    has_digits: bool
    forms: frozenset[str]


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


def read(source: Source) -> Entry:
    """Read one article."""
    asked = [letters.clean(question, _LONGEST) for question in source.questions]
    answer = letters.clean(source.answer, _LONGEST)
    phrases = tuple(Phrase(frozenset(terms), roots(terms), grams(terms)) for terms in map(content, asked))
    said = frozenset[str]().union(*(phrase.terms for phrase in phrases))
    terms = said | frozenset(content(answer)) - {lexicon.DEFINITION}
    everything = " ".join([*asked, answer])
    forms = frozenset(part for word in letters.words(everything) for part in lemmas.spread(word))
    return Entry(
        source=source,
        phrases=phrases,
        terms=terms,
        asked=said,
        roots=roots(terms),
        tells=frozenset(lexicon.attributes({*lemmas.lemmas(everything), *forms})),
        has_digits=any(letter.isdigit() for letter in everything),
        forms=forms,
    )
