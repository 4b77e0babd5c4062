"""Asks each question and notes how it ends, as a visitor without a model would see it."""

import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from enum import StrEnum

from vink_chat import answering, handover, knowledge, preferences
from vink_chat.evaluation.cases import Case
from vink_chat.kit.db import Begin

_MAX_PASSAGES = 5


class Outcome(StrEnum):
    """How a question ends."""

    ANSWERED = "answered"
    OFFERED = "offered"
    UNSURE = "unsure"
    SMALL_TALK = "smalltalk"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Answer:
    """How one question ended.

    Attributes:
        found: The questions of the articles found, the best first, at most five.
        confidence: Of the first article, 0.0 to 1.0.
        milliseconds: How long the search took.
    """

    case: Case
    outcome: Outcome
    found: tuple[str, ...]
    confidence: float
    milliseconds: float


async def run(begin: Begin, cases: Iterable[Case]) -> AsyncIterator[Answer]:
    """Ask each question of the knowledge base and yield how it ends.

    Args:
        begin: Opens a snapshot of the database, as ``db.reading`` does.
        cases: The questions.
    """
    for case in cases:
        question = case.turns[-1]
        began = time.perf_counter()
        async with begin() as tx:
            passages = await knowledge.search(tx, question, _MAX_PASSAGES)
        took = (time.perf_counter() - began) * 1000
        found = tuple(passage.title for passage in passages)
        confidence = passages[0].score if passages else 0.0
        yield Answer(case, _outcome(question, confidence), found, confidence, took)


def _outcome(question: str, confidence: float) -> Outcome:
    words = preferences.current(preferences.Handover).words
    if handover.wants_person(question) or handover.has_calling_word(question, words):
        return Outcome.PERSON
    if answering.is_small_talk(question):
        return Outcome.SMALL_TALK
    if confidence >= answering.QUOTED_FROM:
        return Outcome.ANSWERED
    return Outcome.OFFERED if confidence >= answering.MIN_SUGGESTION_SCORE else Outcome.UNSURE
