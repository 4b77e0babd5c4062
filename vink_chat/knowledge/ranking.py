"""How well an article fits a question, and how confident the match is.

The weights come from ``bench/fit_retrieval.py``, the bounds of the confidence are set by hand.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from vink_chat.knowledge.entries import root
from vink_chat.knowledge.index import Candidate, Index, Phrase
from vink_chat.knowledge.question import THINGS, Question

MISMATCH_CAP: Final = 0.30
PASSING_CAP: Final = 0.45
SAME_FLOOR: Final = 0.80
_SAME: Final = 0.97
_FAMILY: Final = 0.6

FIT: Final = ("asked", "told", "reverse", "letters")
FIT_WEIGHTS: Final = (1.3, 3.5, 2.1, 2.1)
TRUST: Final = ("bias", "asked", "told", "reverse", "letters", "lead", "share", "strange", "strange_things",
                "missing_things", "length")  # fmt: skip
TRUST_WEIGHTS: Final = (-3.8, -0.5, 1.5, 0.2, 1.3, 0.75, 1.05, -1.4, -0.3, 0.2, 1.4)
_LEAD_CAP: Final = 3.0
_COMPARED: Final = 10
_LENGTH_CAP: Final = 6


@dataclass(frozen=True, slots=True)
class Fit:
    """An article with its score for a question."""

    id: UUID
    confidence: float


def rank(question: Question, candidates: Iterable[Candidate], index: Index, limit: int) -> list[Fit]:
    """Return the best fitting articles, best first, with a calibrated confidence of 0.0 to 1.0."""
    rows = [(entry, fit_features(question, entry, index)) for entry in candidates]
    scored = [(entry, row, dot(FIT_WEIGHTS, row)) for entry, row in rows]
    scored.sort(key=lambda item: (-item[2], str(item[0].source.id)))
    scores = [score for _, _, score in scored]
    fits: list[Fit] = []
    ceiling = 1.0
    for at, (entry, row, _) in enumerate(scored[:limit]):
        sure = sigmoid(dot(TRUST_WEIGHTS, trust_features(question, entry, row, standing(scores, at))))
        sure = _bounded(sure, question, entry, row)
        ceiling = min(ceiling, sure)
        fits.append(Fit(entry.source.id, ceiling))
    return fits


def _bounded(sure: float, question: Question, entry: Candidate, row: tuple[float, ...]) -> float:
    asked, _, reverse, alike = row
    if question.own:
        # No article can answer what happened to a particular order.
        return min(sure, MISMATCH_CAP)
    if alike >= _SAME and asked >= _SAME and reverse >= _SAME:
        return max(sure, SAME_FLOOR)
    if mismatch(question, entry):
        return min(sure, MISMATCH_CAP)
    # A word mentioned in passing in an answer is no evidence of its subject.
    return min(sure, PASSING_CAP) if not asked and sum(term.known for term in question.terms) == 1 else sure


def fit_features(question: Question, entry: Candidate, index: Index) -> tuple[float, ...]:
    """Return the features of ``FIT``, each 0.0 to 1.0."""
    asked = reverse = alike = 0.0
    for phrase in entry.phrases:
        asked = max(asked, _coverage(question, phrase.terms, phrase.roots))
        reverse = max(reverse, _reverse(phrase, question, index))
        alike = max(alike, _likeness(question, phrase, index))
    return asked, _coverage(question, entry.terms, entry.roots), reverse, alike


def standing(scores: Sequence[float], at: int) -> tuple[float, float]:
    """Return a score's lead over the best other one, and its share among the top ones (softmax).

    Args:
        scores: The scores of all candidates, best first.
        at: The index of the candidate.
    """
    best_other = scores[1] if at == 0 and len(scores) > 1 else scores[0] if at else 0.0
    lead = max(-_LEAD_CAP, min(_LEAD_CAP, scores[at] - best_other))
    # Only the top ten, so that the share does not shrink as the knowledge base grows.
    total = sum(math.exp(score - scores[0]) for score in scores[:_COMPARED])
    return lead, math.exp(scores[at] - scores[0]) / total


def trust_features(
    question: Question, entry: Candidate, row: tuple[float, ...], place: tuple[float, float]
) -> tuple[float, ...]:
    """Return the features of ``TRUST``."""
    whole = question.weight or 1.0
    strange = sum(term.weight for term in question.terms if not term.known) / whole
    things = [term for term in question.terms if term.part in THINGS]
    count = len(things) or 1
    unknown = sum(not term.known for term in things) / count
    missing = sum(term.concept not in entry.terms for term in things) / count
    length = min(len(question.terms), _LENGTH_CAP) / _LENGTH_CAP
    return 1.0, *row, *place, strange, unknown, missing, length


def mismatch(question: Question, entry: Candidate) -> bool:
    """Tell whether the question asks for a price, a size, a number… that the article does not mention."""
    if question.how_many and not entry.has_digits:
        return True
    return not question.asks <= entry.tells


def dot(weights: Sequence[float], row: Sequence[float]) -> float:
    """Return the weighted sum."""
    return sum(weight * value for weight, value in zip(weights, row, strict=True))


def sigmoid(value: float) -> float:
    """Return the logistic function, 0.0 to 1.0."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def _coverage(question: Question, terms: frozenset[str], families: frozenset[str]) -> float:
    if not question.weight or (question.concepts.isdisjoint(terms) and question.roots.isdisjoint(families)):
        return 0.0
    covered = 0.0
    for term in question.terms:
        if term.concept in terms:
            covered += term.weight
        elif term.root in families:
            covered += term.weight * _FAMILY
    return covered / question.weight


def _reverse(phrase: Phrase, question: Question, index: Index) -> float:
    whole = phrase.weight
    if not whole:
        return 0.0
    shared = phrase.terms & question.concepts
    covered = sum(map(index.weight, shared))
    if not question.roots.isdisjoint(phrase.roots):
        family = (term for term in phrase.terms - shared if root(term) in question.roots)
        covered += _FAMILY * sum(map(index.weight, family))
    return covered / whole


def _likeness(question: Question, phrase: Phrase, index: Index) -> float:
    shared = index.mass(question.grams & phrase.grams)
    return shared / math.sqrt(question.mass * phrase.mass) if shared else 0.0
