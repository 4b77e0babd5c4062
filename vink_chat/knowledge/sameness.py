"""Which questions are the same: those with the same words, whatever their case, blanks and punctuation."""

from collections.abc import Iterable
from uuid import UUID

from vink_chat.kit import letters
from vink_chat.knowledge import validation


def sameness(question: str) -> str:
    """Return the words of a valid question; the same for the same questions."""
    return " ".join(letters.words(letters.clean(question, validation.MAX_QUESTION)))


def by_words(questions: Iterable[tuple[UUID, str]]) -> dict[str, UUID]:
    """Return the articles by the words of their questions."""
    return {sameness(question): article_id for article_id, question in questions}


def other_with(question: str, questions: Iterable[tuple[UUID, str]], but: UUID | None) -> str | None:
    """Return the question of another article that is the same; None if there is none.

    Args:
        question: A valid question.
        questions: The id and question of every article.
        but: The article that asks; None for a new one.
    """
    words = sameness(question)
    others = (text for article_id, text in questions if article_id != but)
    return next((text for text in others if sameness(text) == words), None) if words else None
