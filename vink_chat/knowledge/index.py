"""The in-memory index of the articles: terms, their weights, their n-grams.

An edit changes it in place, by what the one article adds or takes away; nothing is counted again. What depends on all
articles together, such as how telling a word is, is worked out when it is asked for and kept until the next edit.
"""

import math
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final
from uuid import UUID

from vink_chat.knowledge import lexicon
from vink_chat.knowledge.entries import Entry, Source, forms, grams, read, roots
from vink_chat.knowledge.vocabulary import LISTED, Vocabulary

# A term in this many articles is too frequent to find candidates.
_COMMON: Final = 50
_COMMON_SHARE: Final = 0.2
_MOST_KEPT: Final = 2000


@dataclass(frozen=True, slots=True)
class Phrase:
    """One question of an article.

    Attributes:
        mass: The total weight of the n-grams.
        weight: The total weight of the concepts.
    """

    terms: frozenset[str]
    roots: frozenset[str]
    grams: frozenset[str]
    mass: float
    weight: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """One article prepared for the ranking.

    Attributes:
        terms: Concepts of the questions and the answer.
        roots: The roots of the longer terms, shared by words of one family.
    """

    source: Source
    phrases: tuple[Phrase, ...]
    terms: frozenset[str]
    roots: frozenset[str]
    tells: frozenset[str]
    has_digits: bool


class Index:
    """The enabled articles, indexed."""

    def __init__(self) -> None:
        self.entries: dict[UUID, Entry] = {}
        self.vocabulary = Vocabulary()
        self._counts = Counter[str]()
        self._gram_counts = Counter[str]()
        self._roots = Counter[str]()
        self._forms = Counter[str]()
        self._town_company = Counter[str]()
        self._weights: dict[int, float] = {}
        self._candidates: dict[UUID, Candidate] = {}

    @property
    def concepts(self) -> Container[str]:
        """All concepts of the articles."""
        return self._counts

    @property
    def forms(self) -> Container[str]:
        """All word forms of the articles."""
        return self._forms

    @property
    def roots(self) -> Container[str]:
        """The roots of all concepts."""
        return self._roots

    @property
    def town_company(self) -> Iterable[str]:
        """Concepts that some article's question names together with a town."""
        return self._town_company

    def put(self, entry: Entry) -> None:
        """Add an article, or replace its text."""
        self.drop(entry.source.id)
        self.entries[entry.source.id] = entry
        for word in self._unknown(entry):
            self.vocabulary.add(word)
        for counted, things in self._parts(entry):
            counted.update(things)
        self._forget()

    def drop(self, article_id: UUID) -> None:
        """Remove an article, if it is there."""
        entry = self.entries.pop(article_id, None)
        if entry is None:
            return
        for counted, things in self._parts(entry):
            counted.subtract(things)
            for thing in things:
                if counted[thing] <= 0:
                    del counted[thing]
        for word in self._unknown(entry):
            self.vocabulary.remove(word)
        self._forget()

    def _unknown(self, entry: Entry) -> Iterable[str]:
        """Return the words of an article that are new to the vocabulary."""
        words = forms(entry.source).union(entry.terms)
        return [word for word in words if word not in LISTED and word not in self._forms and word not in self._counts]

    def _parts(self, entry: Entry) -> Iterable[tuple[Counter[str], Iterable[str]]]:
        """Return the counts that an article contributes to."""
        town = [set(terms) for terms in entry.phrases if lexicon.TOWN in terms]
        return (
            (self._counts, entry.terms),
            (self._gram_counts, grams(chain(*entry.phrases))),
            (self._roots, roots(entry.terms)),
            (self._forms, forms(entry.source)),
            (self._town_company, set[str]().union(*town) - {lexicon.TOWN}),
        )

    def _forget(self) -> None:
        self._weights, self._candidates = {}, {}

    def candidate(self, article_id: UUID) -> Candidate:
        """Return an article prepared for the ranking."""
        candidate = self._candidates.get(article_id)
        if candidate is None:
            if len(self._candidates) >= _MOST_KEPT:
                self._candidates = {}
            candidate = self._candidates[article_id] = self._compared(self.entries[article_id])
        return candidate

    def _compared(self, entry: Entry) -> Candidate:
        terms = frozenset(entry.terms)
        return Candidate(
            source=entry.source,
            phrases=tuple(map(self._phrase, entry.phrases)),
            terms=terms,
            roots=roots(terms),
            tells=entry.tells,
            has_digits=entry.has_digits,
        )

    def _phrase(self, named: tuple[str, ...]) -> Phrase:
        pieces = grams(named)
        return Phrase(frozenset(named), roots(named), pieces, self.mass(pieces), sum(map(self.weight, named)))

    def weight(self, term: str) -> float:
        """Return the weight of a concept (inverse document frequency); unknown ones weigh most."""
        return self._idf(self._counts.get(term, 0))

    def mass(self, pieces: frozenset[str]) -> float:
        """Return the total weight of some n-grams."""
        counts = self._gram_counts
        return math.fsum(self._idf(counts.get(piece, 0)) for piece in pieces)

    def is_telling(self, term: str) -> bool:
        """Tell whether a concept is rare enough to find articles by it."""
        return self._counts.get(term, 0) <= max(_COMMON, _COMMON_SHARE * len(self.entries))

    def _idf(self, count: int) -> float:
        weight = self._weights.get(count)
        if weight is None:
            total = len(self.entries)
            weight = self._weights[count] = math.log(1 + (total - count + 0.5) / (count + 0.5))
        return weight


def build(sources: Iterable[Source]) -> Index:
    """Build an index of some articles."""
    made = Index()
    for source in sources:
        made.put(read(source))
    return made
