"""Fit the weights of ``vink_chat/knowledge/ranking.py`` and print them. Plain Python, no numpy; about a minute.

    python bench/fit_retrieval.py ARTICLES.jsonl QUESTIONS.jsonl

Learns from the ``dev`` half of the questions and from the demo knowledge base: each alias is asked of a base without
that alias (an answer exists), and of a base without its article (no answer exists).
"""

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.retrieval import NO_ANSWER, asked, sources
from vink_chat.kit.clock import now
from vink_chat.knowledge import ranking, spelling
from vink_chat.knowledge.entries import Source
from vink_chat.knowledge.imports import demo_articles
from vink_chat.knowledge.index import Index, build
from vink_chat.knowledge.question import understand

Case = tuple[str, UUID | None, float, Index]


def cases(articles: Path, questions: Path) -> Iterator[Case]:
    whole = build(sources(articles))
    for text, right, kind in asked(questions, "dev"):
        yield text, right, 1.0 if kind in {"answer", NO_ANSWER} else 0.3, whole
        if right:
            yield text, None, 0.25, without(whole, right)
    base = build(demo_sources())
    for entry in base.entries.values():
        source = entry.source
        for alias in source.questions[1:]:
            rest = tuple(question for question in source.questions if question != alias)
            changed = [replace(source, questions=rest) if one.id == source.id else one for one in texts(base)]
            yield alias, source.id, 0.6, build(changed)
            yield alias, None, 0.3, without(base, source.id)


def demo_sources() -> list[Source]:
    moment = now()
    return [
        Source(UUID(int=number), (one.question, *one.aliases), one.answer, moment)
        for number, one in enumerate(demo_articles(), 1)
    ]


def texts(index: Index) -> list[Source]:
    return [entry.source for entry in index.entries.values()]


def without(index: Index, left_out: UUID) -> Index:
    return build(source for source in texts(index) if source.id != left_out)


def fit_order(rows: list[tuple[float, int, list[tuple[float, ...]]]]) -> list[float]:
    """Fit by gradient descent on the softmax of the right article among all."""
    weights = list(ranking.FIT_WEIGHTS)
    whole = sum(row[0] for row in rows)
    for _ in range(150):
        slope = [0.02 * (weight - 2.0) for weight in weights]
        for importance, right, candidates in rows:
            scores = [ranking.dot(weights, candidate) for candidate in candidates]
            top = max(scores)
            powers = [math.exp(score - top) for score in scores]
            total = sum(powers)
            for place, candidate in enumerate(candidates):
                pull = powers[place] / total - (place == right)
                for at, value in enumerate(candidate):
                    slope[at] += importance * pull * value / whole
        weights = [weight - 4.0 * step for weight, step in zip(weights, slope, strict=True)]
    return weights


def fit_trust(rows: list[tuple[float, bool, tuple[float, ...]]]) -> list[float]:
    """Fit by gradient descent on the logistic loss, with a mild pull to zero."""
    weights = [0.0] * len(ranking.TRUST)
    whole = sum(row[0] for row in rows)
    for _ in range(3000):
        slope = [0.002 * weight * (at > 0) for at, weight in enumerate(weights)]
        for importance, right, row in rows:
            error = importance * (ranking.sigmoid(ranking.dot(weights, row)) - right) / whole
            for at, value in enumerate(row):
                slope[at] += error * value
        weights = [weight - 0.8 * step for weight, step in zip(weights, slope, strict=True)]
    return weights


def main() -> None:
    learned = list(cases(Path(sys.argv[1]), Path(sys.argv[2])))
    prepared = []
    for text, right, importance, index in learned:
        question = understand(text, index, spelling.Effort())
        candidates = map(index.candidate, index.entries)
        compared = [(entry, ranking.fit_features(question, entry, index)) for entry in candidates]
        # The search compares only what the full-text table found.
        compared = [(entry, row) for entry, row in compared if row[1] > 0]
        entries, rows = [entry for entry, _ in compared], [row for _, row in compared]
        prepared.append((right, importance, question, entries, rows))
    order = [
        (importance, next(at for at, entry in enumerate(entries) if entry.source.id == right), rows)
        for right, importance, _, entries, rows in prepared
        if right and any(entry.source.id == right for entry in entries)
    ]
    weights = fit_order(order)
    trust = []
    for right, importance, question, entries, rows in prepared:
        scores = sorted((ranking.dot(weights, row) for row in rows), reverse=True)
        if not entries:
            continue
        place, row = max(enumerate(rows), key=lambda item: ranking.dot(weights, item[1]))
        if ranking.mismatch(question, entries[place]):
            continue
        features = ranking.trust_features(question, entries[place], row, ranking.standing(scores, 0))
        trust.append((importance, entries[place].source.id == right, features))
    print("FIT_WEIGHTS", json.dumps([round(weight, 2) for weight in weights]))
    print("TRUST_WEIGHTS", json.dumps(dict(zip(ranking.TRUST, (round(w, 2) for w in fit_trust(trust)), strict=True))))


if __name__ == "__main__":
    main()
