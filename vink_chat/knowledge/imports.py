"""Whole files of knowledge: import, export, and the demo knowledge base."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from itertools import islice
from typing import Final

from vink_chat.events import KnowledgeChanged
from vink_chat.kit import letters
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.kit.turns import after_you
from vink_chat.knowledge import exchange, fields, store
from vink_chat.knowledge.demo import demo_articles
from vink_chat.knowledge.model import Article, BadLine, ImportReport

MAX_IMPORT_LINES: Final = 5_000
MAX_IMPORT_MEGABYTES: Final = 10
_LINES_AT_ONCE: Final = 100

Begin = Callable[[], AbstractAsyncContextManager[Transaction]]


async def import_jsonl(begin: Begin, text: str) -> ImportReport:
    """Take in a file of pairs (see ``exchange``): new questions are added, known ones get the new answer.

    A bad line is reported and passed over; the others are kept. The same file twice changes nothing, so one that broke
    off may be sent again: it is taken in by transactions of 100 lines, between which visitors' messages are written.

    Args:
        begin: The way to open a transaction.
        text: The file.

    Raises:
        TooMuchAtOnce: The file is over the limit of one import.
    """
    if text.count("\n") > MAX_IMPORT_LINES or len(text) > MAX_IMPORT_MEGABYTES * 1_000_000:
        raise fields.TooMuchAtOnce(lines=MAX_IMPORT_LINES, megabytes=MAX_IMPORT_MEGABYTES)
    tally = Counter[str]()
    bad: list[BadLine] = []
    read = exchange.read_lines(text)
    while lines := list(islice(read, _LINES_AT_ONCE)):
        async with begin() as tx:
            await _take_in(tx, lines, tally, bad)
        await after_you()
    return ImportReport(tally["added"], tally["updated"], tally["unchanged"], bad_lines=tuple(bad))


async def _take_in(
    tx: Transaction, lines: Iterable[exchange.Pair | BadLine], tally: Counter[str], bad: list[BadLine]
) -> None:
    # First the lock, then the look: two imports at once would otherwise make doubles.
    await store.begin_change(tx)
    known = {_sameness(one.question): one for one in await store.everything(tx)}
    done = Counter[str]()
    for line in lines:
        if isinstance(line, BadLine):
            bad.append(line)
            continue
        try:
            done[await _take(tx, line, known)] += 1
        except VinkError as error:
            bad.append(BadLine(line.number, error))
    if done["added"] or done["updated"]:
        tx.emit(KnowledgeChanged())
    tally.update(done)


async def _take(tx: Transaction, pair: exchange.Pair, known: dict[str, Article]) -> str:
    question, answer = fields.question(pair.question), fields.answer(pair.answer)
    there = known.get(_sameness(question))
    if there is None:
        there = known[_sameness(question)] = Article(question=question, answer=answer)
        await store.add(tx, there)
        return "added"
    if there.answer == answer:
        return "unchanged"
    there.answer = answer
    there.updated_at = now()
    await store.save(tx, there)
    return "updated"


async def export_jsonl(tx: Transaction, system: str = "") -> str:
    """Return every article as a file of pairs (see ``exchange``), the oldest first; aliases and links stay behind.

    Args:
        tx: The open transaction.
        system: A system text to put before every question, as fine-tuning wants it; empty for none.
    """
    return exchange.write_lines(await store.everything(tx), system)


async def load_demo(tx: Transaction) -> int:
    """Put in the demo knowledge base, once in the life of a database and only into an empty one.

    Returns:
        How many articles were added.
    """
    if await store.count(tx, []) or await store.demo_loaded(tx):
        return 0
    await store.begin_change(tx)
    if not await store.take_demo(tx) or await store.count(tx, []):
        return 0
    entries = demo_articles()
    for entry in entries:
        await store.add(
            tx,
            Article(
                question=entry.question,
                aliases="\n".join(entry.aliases),
                answer=entry.answer,
                url=entry.url,
                tags=entry.tags,
            ),
        )
    tx.emit(KnowledgeChanged())
    return len(entries)


def _sameness(question: str) -> str:
    return " ".join(letters.words(letters.clean(question, fields.MAX_QUESTION)))
