"""What a process remembers of the articles to rank them: terms, their weight, their letters.

An index belongs to one version of the knowledge and is never changed; a new version makes a new index, which takes over
the entries of the articles that stayed the same.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from uuid import UUID

from vink_chat.kit import letters
from vink_chat.knowledge import lexicon
from vink_chat.knowledge.entries import Entry, Phrase, Source, read

# A term this frequent finds no candidates: it is in too many articles.
_COMMON: Final = 50
_COMMON_SHARE: Final = 0.2


@dataclass(frozen=True)
class Index:
    """Every enabled article of one version of the knowledge."""

    version: str = ""
    entries: dict[UUID, Entry] = field(default_factory=dict[UUID, Entry])

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(term for entry in self.entries.values() for term in entry.terms)

    @cached_property
    def _weights(self) -> dict[str, float]:
        return {term: _idf(count, len(self.entries)) for term, count in self._counts.items()}

    @cached_property
    def _gram_weights(self) -> dict[str, float]:
        counts = Counter(
            gram
            for entry in self.entries.values()
            for gram in frozenset[str]().union(*(phrase.grams for phrase in entry.phrases))
        )
        return {gram: _idf(count, len(self.entries)) for gram, count in counts.items()}

    @cached_property
    def _strange(self) -> float:
        return _idf(0, len(self.entries))

    @cached_property
    def _masses(self) -> dict[int, float]:
        phrases = (phrase for entry in self.entries.values() for phrase in entry.phrases)
        return {id(phrase): self.mass(phrase.grams) for phrase in phrases}

    @cached_property
    def _phrase_weights(self) -> dict[int, float]:
        phrases = (phrase for entry in self.entries.values() for phrase in entry.phrases)
        return {id(phrase): sum(map(self.weight, phrase.terms)) for phrase in phrases}

    @cached_property
    def concepts(self) -> frozenset[str]:
        """Every concept some article has."""
        return frozenset(self._counts)

    @cached_property
    def forms(self) -> frozenset[str]:
        """Every word as some article writes it."""
        return frozenset[str]().union(*(entry.forms for entry in self.entries.values()))

    @cached_property
    def roots(self) -> frozenset[str]:
        """The roots of every concept."""
        return frozenset[str]().union(*(entry.roots for entry in self.entries.values()))

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """The words a mistyped word may have meant."""
        listed = lexicon.CONCEPTS.keys() | lexicon.HOW_MANY | frozenset[str]().union(*lexicon.ATTRIBUTES.values())
        known = self.forms | self.concepts | listed
        return tuple(sorted(word for word in known if len(word) > 2 and not word[0].isdigit()))  # noqa: PLR2004

    @cached_property
    def by_bare(self) -> dict[str, str]:
        """Vocabulary by its spelling without soft signs (see ``letters.bare``)."""
        return {letters.bare(word): word for word in reversed(self.vocabulary)}

    @cached_property
    def by_sound(self) -> dict[str, str]:
        """Vocabulary by its sound (see ``letters.sound``)."""
        return {letters.sound(word): word for word in reversed(self.vocabulary)}

    def weight(self, term: str) -> float:
        """Return how telling a concept is (inverse document frequency); unknown ones tell most."""
        return self._weights.get(term, self._strange)

    def company_of(self, term: str) -> frozenset[str]:
        """Return the concepts that some question of an article names together with this one."""
        phrases = (phrase.terms for entry in self.entries.values() if term in entry.asked for phrase in entry.phrases)
        return frozenset[str]().union(*(terms for terms in phrases if term in terms)) - {term}

    def prepare(self) -> None:
        """Count everything that is counted once."""
        _ = (self.by_bare, self.by_sound, self.roots, self._weights, self._masses, self._phrase_weights)

    def is_telling(self, term: str) -> bool:
        """Whether a concept is rare enough to look for articles by it."""
        return self._counts[term] <= max(_COMMON, _COMMON_SHARE * len(self.entries))

    def mass(self, pieces: frozenset[str]) -> float:
        """Return how telling some pieces of words are together."""
        weights, strange = self._gram_weights, self._strange
        try:
            return sum(map(weights.__getitem__, pieces))
        except KeyError:
            return sum(weights.get(piece, strange) for piece in pieces)

    def mass_of(self, phrase: Phrase) -> float:
        """Return the mass of a phrase of this index, counted once."""
        return self._masses[id(phrase)]

    def weight_of(self, phrase: Phrase) -> float:
        """Return how telling the concepts of a phrase of this index are together, counted once."""
        return self._phrase_weights[id(phrase)]


def _idf(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def build(version: str, sources: Iterable[Source], before: Index) -> Index:
    """Make the index of a version, reading only the articles that changed since ``before``."""
    entries: dict[UUID, Entry] = {}
    for source in sources:
        old = before.entries.get(source.id)
        entries[source.id] = old if old is not None and old.source == source else read(source)
    made = Index(version, entries)
    # Computed here, in the builder's thread, and not under the first visitor's question.
    made.prepare()
    return made
