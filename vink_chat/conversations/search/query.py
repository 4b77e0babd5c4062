"""What an operator looks for, as conditions on terms; the same condition is written for either database."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from vink_chat.conversations.search.terms import NUMBER, ON_CARD, WORD, digits_of, fold
from vink_chat.kit import lemmas, letters

_MOST_WORDS: Final = 12
_SHORTEST_BEGINNING: Final = 3
_SHORTEST_STEM: Final = 4
_SHORTEST_TELEPHONE: Final = 7
# What a declined noun or adjective may end with.
_ENDING: Final = re.compile(r"(?:[аеиоуыэюяйьъ]|[аяыиео]ми?|[аяиы]х|[оеы]в|[ое]го|[ое]му)$")


@dataclass(frozen=True, slots=True)
class Term:
    """A term a text must have, or the beginning of one."""

    text: str
    begins: bool = False

    def fts5(self) -> str:
        """Write it for SQLite."""
        return f'"{self.text}"*' if self.begins else f'"{self.text}"'

    def tsquery(self) -> str:
        """Write it for PostgreSQL."""
        return f"'{self.text}':*" if self.begins else f"'{self.text}'"

    def holds(self, terms: Collection[str]) -> bool:
        """Tell whether a text with these terms has it."""
        return any(term.startswith(self.text) for term in terms) if self.begins else self.text in terms


@dataclass(frozen=True)
class AllOf:
    """Every one of some conditions."""

    parts: tuple["Condition", ...]

    def fts5(self) -> str:
        """Write it for SQLite."""
        return "(" + " AND ".join(part.fts5() for part in self.parts) + ")"

    def tsquery(self) -> str:
        """Write it for PostgreSQL."""
        return "(" + " & ".join(part.tsquery() for part in self.parts) + ")"

    def holds(self, terms: Collection[str]) -> bool:
        """Tell whether a text with these terms meets it."""
        return all(part.holds(terms) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """At least one of some conditions."""

    parts: tuple["Condition", ...]

    def fts5(self) -> str:
        """Write it for SQLite."""
        return "(" + " OR ".join(part.fts5() for part in self.parts) + ")"

    def tsquery(self) -> str:
        """Write it for PostgreSQL."""
        return "(" + " | ".join(part.tsquery() for part in self.parts) + ")"

    def holds(self, terms: Collection[str]) -> bool:
        """Tell whether a text with these terms meets it."""
        return any(part.holds(terms) for part in self.parts)


Condition = Term | AllOf | AnyOf


@dataclass(frozen=True)
class Query:
    """The words an operator looks for, each a condition."""

    words: tuple[Condition, ...]

    @cached_property
    def whole(self) -> Condition:
        """All the words."""
        return AllOf(self.words)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The terms its words speak of."""
        return tuple(term for word in self.words for term in leaves(word))

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """What a word of a text begins with that was looked for."""
        return tuple(term.text for term in self.terms if term.begins)

    @cached_property
    def written(self) -> frozenset[str]:
        """Every other word of a text that was looked for, in each of its forms."""
        whole = [term.text for term in self.terms if not term.begins]
        return frozenset(whole).union(*(lemmas.forms(text) for text in whole if letters.is_russian(text)))

    @cached_property
    def on_cards(self) -> Condition:
        """Visitors' cards with some of the words."""
        return AnyOf(tuple(map(_on_card, self.words)))


def parse(text: str) -> Query:
    """Read what was typed into the search: every word counts, in whichever form, or by its beginning.

    A word of the dictionary that others follow is finished, and no beginning: those are dear to look up.
    """
    folded = fold(text)
    numbers = NUMBER.findall(folded)
    words = WORD.findall(NUMBER.sub(" ", folded))
    unfinished = words[-1:] if words and folded.endswith(words[-1]) else []
    read = (_word(word, finished=word not in unfinished) for word in words)
    conditions: Iterable[Condition] = (*map(_number, numbers), *read)
    return Query(tuple(dict.fromkeys(conditions))[:_MOST_WORDS])


def with_owners(query: Query, there: Mapping[Condition, Sequence[str]]) -> Condition:
    """Return what meets the query, where some of its words may stand on the visitor's card instead.

    Args:
        query: What is looked for.
        there: Of each word the visitors whose card has it, by the term of their thread (see ``terms.owner``).
    """
    return AllOf(
        tuple(AnyOf((word, *map(Term, owners))) if (owners := there.get(word)) else word for word in query.words)
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
        known = lemmas.normal_forms(word)
        if known and finished:
            forms[0] = Term(word)
        forms += [Term(form) for form in known if form != word]
        stem = _ENDING.sub("", word)
        # Trade words that no dictionary has are found in other forms by what they begin with.
        if not known and stem != word and len(stem) >= _SHORTEST_STEM:
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
    """Return the terms a condition speaks of."""
    return [condition] if isinstance(condition, Term) else [leaf for part in condition.parts for leaf in leaves(part)]
