"""Single articles: add, edit, enable, disable, remove, list."""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from vink_chat.events import KnowledgeChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.knowledge import errors, store, validation
from vink_chat.knowledge.model import Article
from vink_chat.knowledge.sameness import other_with, sameness

_LONGEST_QUERY: Final = 200
_MOST_WORDS: Final = 8
_LARGEST_PAGE: Final = 200


async def add(  # noqa: PLR0913  one argument a field of the form
    tx: Transaction,
    *,
    question: str,
    answer: str,
    aliases: str = "",
    url: str = "",
    tags: str = "",
    enabled: bool = True,
) -> Article:
    """Add an article.

    Args:
        tx: The open transaction.
        question: The question, in a visitor's words.
        answer: Simple Markdown.
        aliases: The same question in other words, one a line.
        url: Where a visitor can read more, or empty.
        tags: Free words, separated by commas.
        enabled: Whether the search may find it.

    Raises:
        QuestionTaken: Another article has the same question.
        VinkError: A field is empty, too long or malformed; nothing is stored.
    """
    article = Article(
        question=validation.question(question),
        answer=validation.answer(answer),
        aliases=validation.aliases(aliases),
        url=validation.url(url),
        tags=validation.tags(tags),
        enabled=enabled,
    )
    await _begin(tx, question=article.question)
    await store.add(tx, article)
    return article


async def edit(  # noqa: PLR0913  one argument a field of the form
    tx: Transaction,
    article_id: UUID,
    *,
    question: str | None = None,
    answer: str | None = None,
    aliases: str | None = None,
    url: str | None = None,
    tags: str | None = None,
) -> Article:
    """Change the given fields of an article (see ``add``).

    Raises:
        NoSuchArticle: It is gone.
        QuestionTaken: The question was changed to that of another article.
        VinkError: A field is empty, too long or malformed; nothing is stored.
    """
    article = await _found(tx, article_id)
    changes = {"question": question, "answer": answer, "aliases": aliases, "url": url, "tags": tags}
    fit = {name: getattr(validation, name)(text) for name, text in changes.items() if text is not None}
    asked = fit.get("question", article.question)
    # Old articles may have the same question: each can still be edited.
    await _begin(tx, question="" if sameness(asked) == sameness(article.question) else asked, but=article_id)
    for name, text in fit.items():
        setattr(article, name, text)
    article.updated_at = now()
    await store.save(tx, article)
    return article


async def switch(tx: Transaction, article_id: UUID, enabled: bool) -> Article:  # noqa: FBT001  the verb's one choice
    """Let the search find an article, or hide it.

    Raises:
        NoSuchArticle: It is gone.
    """
    article = await _found(tx, article_id)
    await _begin(tx)
    article.enabled = enabled
    article.updated_at = now()
    await store.save(tx, article)
    return article


async def remove(tx: Transaction, article_id: UUID) -> None:
    """Delete an article.

    Raises:
        NoSuchArticle: It is gone.
    """
    await _found(tx, article_id)
    await _begin(tx)
    await store.remove(tx, article_id)


async def article(tx: Transaction, article_id: UUID) -> Article:
    """Return one article.

    Raises:
        NoSuchArticle: It is gone.
    """
    return await _found(tx, article_id)


async def articles(tx: Transaction, query: str = "", page: int = 1, size: int = 50) -> list[Article]:
    """Return a page of the articles that contain all words of the query, last changed first.

    Args:
        tx: The open transaction.
        query: Words, or parts of words, of a question, an answer or a tag; empty for all.
        page: From 1.
        size: 1 to 200.
    """
    limit = min(max(size, 1), _LARGEST_PAGE)
    return await store.listed(tx, _words(query), offset=(max(page, 1) - 1) * limit, limit=limit)


async def questions(tx: Transaction) -> Sequence[tuple[UUID, str]]:
    """Return the id and question of every article, oldest first."""
    return await store.questions(tx)


async def count(tx: Transaction, query: str = "") -> int:
    """Count the articles that contain all words of the query."""
    return await store.count(tx, _words(query))


async def _begin(tx: Transaction, *, question: str = "", but: UUID | None = None) -> None:
    """Begin a change; refuse a question that another article than ``but`` has."""
    # Lock before reading: two concurrent changes would otherwise pass.
    await store.begin_change(tx)
    if question:
        existing = await store.questions(tx)
        taken = await asyncio.to_thread(other_with, question, existing, but)
        if taken is not None:
            raise errors.QuestionTaken(question=taken)
    tx.emit(KnowledgeChanged())


async def _found(tx: Transaction, article_id: UUID) -> Article:
    there = await store.get(tx, article_id)
    if there is None:
        raise errors.NoSuchArticle
    return there


def _words(query: str) -> list[str]:
    tidy = query[:_LONGEST_QUERY].replace("\x00", " ").encode("utf-8", "ignore").decode()
    return tidy.split()[:_MOST_WORDS]
