"""The search: from a visitor's text to passages with a calibrated confidence."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar
from uuid import UUID

from vink_chat.kit import lemmas, letters
from vink_chat.kit.db import Transaction
from vink_chat.knowledge import entries, index, lexicon, ranking, spelling, store, upkeep
from vink_chat.knowledge.model import Passage
from vink_chat.knowledge.question import Question, understand

CANDIDATES: Final = 60
_MOST_TERMS: Final = 80
_USUAL: Final = 120
# One thread for all long questions: several would compete with the event loop for the GIL.
_LONG: Final = ThreadPoolExecutor(1, thread_name_prefix="long-question")

_T = TypeVar("_T")


def warm_up() -> None:
    """Load the Russian dictionary (about 0.1 s), so that the first visitor does not wait for it."""
    lemmas.warm_up()


async def search(tx: Transaction, query: str, limit: int = 5) -> list[Passage]:
    """Return the passages that fit a question, best first.

    Any text may be asked: the wrong keyboard layout, Latin letters, typing errors, other words for the same thing.
    Of a long one, of several hundred letters, each question is looked for by itself, and so is the rest in pieces.

    Args:
        tx: The open transaction, whose snapshot is searched.
        query: The visitor's text.
        limit: The maximum number of passages.
    """
    # A lone surrogate cannot be sent to a database.
    asked = query.encode("utf-8", "ignore").decode()
    articles = await upkeep.current(tx)
    if not articles.entries or not asked.strip() or limit < 1:
        return []
    best: dict[UUID, float] = {}
    effort = spelling.Effort()
    for piece in letters.pieces(asked):
        for fit in await _fits(tx, piece, articles, limit, effort):
            best[fit.id] = max(fit.confidence, best.get(fit.id, 0.0))
    order = sorted(best, key=lambda article: -best[article])[:limit]
    return [
        _passage(articles.entries[article_id].source, best[article_id])
        for article_id in order
        if article_id in articles.entries
    ]


async def _fits(
    tx: Transaction, asked: str, articles: index.Index, limit: int, effort: spelling.Effort
) -> Sequence[ranking.Fit]:
    question = await _aside(asked, understand, asked, articles, effort)
    if not question.terms:
        return []
    ids = await store.candidates(tx, *_search_terms(question, articles), CANDIDATES)
    compared = [articles.candidate(article_id) for article_id in ids if article_id in articles.entries]
    return await _aside(asked, ranking.rank, question, compared, articles, limit)


async def _aside(asked: str, work: Callable[..., _T], *arguments: object) -> _T:
    # A long question may take 20 ms, a usual one less than switching to a thread and back.
    if len(asked) > _USUAL:
        return await asyncio.get_running_loop().run_in_executor(_LONG, work, *arguments)
    await asyncio.sleep(0)
    return work(*arguments)


def _passage(source: entries.Source, confidence: float) -> Passage:
    return Passage(source.id, source.questions[0], source.answer, source.url, confidence)


def _search_terms(question: Question, articles: index.Index) -> tuple[list[str], list[str]]:
    """Return the words to look up in the full-text table, heaviest first, and the roots."""
    terms = sorted((term for term in question.terms if term.known), key=lambda term: -term.weight)
    telling = [term for term in terms if articles.is_telling(term.concept)] or terms
    words = [word for term in telling for word in (term.lemma, *lexicon.members(term.concept))]
    plain = [word for word in dict.fromkeys(words) if word.isalnum()]
    roots = [root for term in telling if (root := entries.root(term.concept))]
    return plain[:_MOST_TERMS], list(dict.fromkeys(roots))
