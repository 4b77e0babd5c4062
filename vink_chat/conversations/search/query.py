"""The words of a search as conditions on terms, which translate to the query language of either database."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from vink_chat.conversations.search.terms import NUMBER, ON_CARD, WORD, digits_of, fold
from vink_chat.kit import lemmas, letters

_MAX_WORDS: Final = 12
_SHORTEST_BEGINNING: Final = 3
_SHORTEST_STEM: Final = 4
_SHORTEST_TELEPHONE: Final = 7
# Endings of declined nouns and adjectives.
_ENDING: Final = re.compile(r"(?:[аеиоуыэюяйьъ]|[аяыиео]ми?|[аяиы]х|[оеы]в|[ое]го|[ое]му)$")


@dataclass(frozen=True, slots=True)
class Term:
    """A term a text must have; with ``begins``, any term that starts with it."""

    text: str
    begins: bool = False

    def fts5(self) -> str:
        """Return it in the syntax of SQLite's FTS5."""
        return f'"{self.text}"*' if self.begins else f'"{self.text}"'

    def tsquery(self) -> str:
        """Return it in the syntax of PostgreSQL's tsquery."""
        return f"'{self.text}':*" if self.begins else f"'{self.text}'"

    def holds(self, terms: Collection[str]) -> bool:
        """Tell whether a text with these terms matches."""
        return any(term.startswith(self.text) for term in terms) if self.begins else self.text in terms


@dataclass(frozen=True)
class AllOf:
    """All of some conditions."""

    parts: tuple["Condition", ...]

    def fts5(self) -> str:
        """Return it in the syntax of SQLite's FTS5."""
        return "(" + " AND ".join(part.fts5() for part in self.parts) + ")"

    def tsquery(self) -> str:
        """Return it in the syntax of PostgreSQL's tsquery."""
        return "(" + " & ".join(part.tsquery() for part in self.parts) + ")"

    def holds(self, terms: Collection[str]) -> bool:
        """Tell whether a text with these terms matches."""
        return all(part.holds(terms) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """At least one of some conditions."""

    parts: tuple["Condition", ...]

    def fts5(self) -> str:
        """Return it in the syntax of SQLite's FTS5."""
        return "(" + " OR ".join(part.fts5() for part in self.parts) + ")"

    def tsquery(self) -> str:
        """Return it in the syntax of PostgreSQL's tsquery."""
        return "(" + " | ".join(part.tsquery() for part in self.parts) + ")"

    def holds(self, terms: Collection[str]) -> bool:
        """Tell whether a text with these terms matches."""
        return any(part.holds(terms) for part in self.parts)


Condition = Term | AllOf | AnyOf


@dataclass(frozen=True)
class Query:
    """The words of a search, each a condition."""

    words: tuple[Condition, ...]

    @cached_property
    def whole(self) -> Condition:
        """All the words."""
        return AllOf(self.words)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """All terms in its words."""
        return tuple(term for word in self.words for term in leaves(word))

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """The prefixes that a word of a text may match."""
        return tuple(term.text for term in self.terms if term.begins)

    @cached_property
    def written(self) -> frozenset[str]:
        """The whole words that match, in all their forms."""
        whole = [term.text for term in self.terms if not term.begins]
        return frozenset(whole).union(*(lemmas.forms(text) for text in whole if letters.is_russian(text)))

    @cached_property
    def on_cards(self) -> Condition:
        """Matches visitors' cards with any of the words."""
        return AnyOf(tuple(map(_on_card, self.words)))


def parse(text: str) -> Query:
    """Parse the text of a search: every word must match, in any form, or as a prefix.

    A dictionary word with others after it is finished and not taken as a prefix: prefixes are costly to look up.
    """
    folded = fold(text)
    numbers = NUMBER.findall(folded)
    words = WORD.findall(NUMBER.sub(" ", folded))
    unfinished = words[-1:] if words and folded.endswith(words[-1]) else []
    read = (_word(word, finished=word not in unfinished) for word in words)
    conditions: Iterable[Condition] = (*map(_number, numbers), *read)
    return Query(tuple(dict.fromkeys(conditions))[:_MAX_WORDS])


def with_owners(query: Query, owners_of: Mapping[Condition, Sequence[str]]) -> Condition:
    """Return the condition of a query whose words may be on the visitor's card instead.

    Args:
        query: The query.
        owners_of: For each word, the visitors whose card has it, as the terms of their threads (see ``terms.owner``).
    """
    return AllOf(
        tuple(AnyOf((word, *map(Term, owners))) if (owners := owners_of.get(word)) else word for word in query.words)
    )


def _on_card(condition: Condition) -> Condition:
    match condition:
        case Term(text, begins):
            return Term(ON_CARD + text, begins=begins)
        case AllOf(parts):
            return AllOf(tuple(map(_on_card, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(_on_card, parts)))


def _word(word: str, *, finished: bool) -> Condition:
    if len(word) < _SHORTEST_BEGINNING:
        return Term(word)
    forms: list[Condition] = [Term(word, begins=True)]
    if letters.is_russian(word):
        lemmas_of_word = lemmas.normal_forms(word)
        if lemmas_of_word and finished:
            forms[0] = Term(word)
        forms += [Term(form) for form in lemmas_of_word if form != word]
        stem = _ENDING.sub("", word)
        # A trade word that is not in the dictionary matches its other forms by its stem.
        if not lemmas_of_word and stem != word and len(stem) >= _SHORTEST_STEM:
            forms[0] = Term(stem, begins=True)
    return AnyOf(tuple(forms)) if len(forms) > 1 else forms[0]


def _number(written: str) -> Condition:
    number = digits_of(written)
    trunk = number[0] in "78" and len(number) >= _SHORTEST_TELEPHONE
    joined = [Term(number, begins=True), *([Term(number[1:], begins=True)] if trunk else [])]
    parts = [Term(part, begins=len(part) >= _SHORTEST_BEGINNING) for part in re.findall(r"\d+", written)]
    # «2025 48213» may be two numbers.
    return AnyOf((*joined, AllOf(tuple(parts)))) if len(parts) > 1 else AnyOf(tuple(joined))


def leaves(condition: Condition) -> list[Term]:
    """Return all terms in a condition."""
    return [condition] if isinstance(condition, Term) else [leaf for part in condition.parts for leaf in leaves(part)]
