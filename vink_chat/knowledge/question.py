"""A visitor's question as the search understands it: weighted terms, and what is asked about them."""

from dataclasses import dataclass
from typing import Final

from vink_chat.knowledge import lexicon, spelling
from vink_chat.knowledge.entries import grams, root, roots
from vink_chat.knowledge.index import Index

_PARTS: Final = {"NOUN": 1.0, "LATN": 1.0, "NUMB": 0.8, "ADJF": 0.8, "ADJS": 0.7, "PRTF": 0.8, "VERB": 0.6, "INFN": 0.6}
_SILENT: Final = frozenset({"PREP", "CONJ", "PRCL", "INTJ", "NPRO"})
THINGS: Final = frozenset({"NOUN", "LATN"})


@dataclass(frozen=True, slots=True)
class Term:
    """One meaningful word of a question.

    Attributes:
        concept: See ``lexicon.concept``.
        lemma: Its dictionary form.
        part: Its part of speech.
        weight: Its weight, 0.0 upwards.
        known: Whether any article contains it.
        root: The root of the concept, see ``entries.root``.
        place: Whether it is a geographic name.
    """

    concept: str
    lemma: str
    part: str
    weight: float
    known: bool
    root: str
    place: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the search understands it.

    Attributes:
        concepts: The concepts of the terms.
        roots: The roots of the terms that have one.
        weight: The total weight of the terms.
        mass: The total weight of the n-grams, see ``Index.mass``.
        asks: The attributes asked about (``lexicon.attributes``).
        how_many: Whether it asks for a number.
        own: Whether it is only about something of the visitor's own: «где мой заказ?».
    """

    terms: tuple[Term, ...]
    concepts: frozenset[str]
    roots: frozenset[str]
    weight: float
    grams: frozenset[str]
    mass: float
    asks: frozenset[str]
    how_many: bool
    own: bool


def understand(text: str, index: Index, effort: spelling.Effort) -> Question:
    """Parse a visitor's text, or a piece of it, with the vocabulary of an index."""
    said = spelling.meant(text, index, effort)
    terms: dict[str, Term] = {}
    for word in said:
        term = _term(word, index, effort)
        if term is not None:
            terms.setdefault(term.concept, term)
    terms = _placed(terms, index, effort)
    if any(phrase in " ".join(said) for phrase in lexicon.DEFINITION_PHRASES):
        known = lexicon.DEFINITION in index.concepts
        weight = index.weight(lexicon.DEFINITION) if known else 0.5
        terms[lexicon.DEFINITION] = Term(lexicon.DEFINITION, "", "VERB", weight * 0.6, known, root(lexicon.DEFINITION))
    found = {effort.readings(word)[0].lemma for word in said} | {term.lemma for term in terms.values()} | set(said)
    pieces = grams(terms)
    return Question(
        terms=tuple(terms.values()),
        concepts=frozenset(terms),
        roots=roots(terms),
        weight=sum(term.weight for term in terms.values()),
        grams=pieces,
        mass=index.mass(pieces),
        asks=frozenset(lexicon.attributes(found)),
        how_many=not lexicon.HOW_MANY.isdisjoint(said),
        own=len(terms) == 1 and lexicon.OWN in found,
    )


def _has(index: Index, lemma: str) -> bool:
    return lexicon.concept(lemma) in index.concepts


def _term(word: str, index: Index, effort: spelling.Effort) -> Term | None:
    options = effort.readings(word)
    reading = next((option for option in options if _has(index, option.lemma)), options[0])
    if {word, reading.lemma, options[0].lemma} & lexicon.STOP or reading.part in _SILENT:
        return None
    direct = word if word in lexicon.CONCEPTS else reading.lemma
    concept = lexicon.concept(direct)
    # A word of a known family (надежный, надежность) counts as known; towns have no families.
    known = concept in index.concepts or (root(concept) in index.roots and not reading.place)
    weight = index.weight(concept) * _PARTS.get(reading.part, 0.4)
    if not known and reading.part not in THINGS:
        weight *= 0.5
    return Term(concept, reading.lemma, reading.part, weight, known, root(concept), place=reading.place)


def _placed(terms: dict[str, Term], index: Index, effort: spelling.Effort) -> dict[str, Term]:
    """Treat a place that no article names as any town, if some article mentions towns together with the other terms."""
    strange = {name for name, term in terms.items() if term.place and not term.known}
    town = _term(lexicon.TOWN, index, effort)
    if not strange or town is None or terms.keys().isdisjoint(index.town_company):
        return terms
    return {town.concept: town, **{name: term for name, term in terms.items() if name not in strange}}
