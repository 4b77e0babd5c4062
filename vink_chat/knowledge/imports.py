"""Import and export of files, and the demo knowledge base."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from vink_chat.events import KnowledgeChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Begin, Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.kit.event_loop import yield_to_ready_tasks
from vink_chat.knowledge import errors, exchange, store, validation
from vink_chat.knowledge.model import Article, BadLine, Import, ImportedArticle, ImportReport, ImportView, UndoReport
from vink_chat.knowledge.sameness import by_words, sameness

MAX_IMPORT_LINES: Final = 5_000
MAX_IMPORT_MEGABYTES: Final = 10
_LINES_AT_ONCE: Final = 100
_KEPT: Final = 10

Changes = dict[UUID, tuple[Article, dict[str, Any] | None]]
"""Changed articles with their previous fields, or None if they are new."""


@dataclass
class _Known:
    """Articles by the words of their questions.

    Attributes:
        number: The number of the last change that is included.
    """

    articles: dict[str, UUID] = field(default_factory=dict[str, UUID])
    number: int = -1


async def import_jsonl(begin: Begin, text: str, by: str = "") -> ImportReport:
    """Import a file of pairs (see ``exchange``): new questions are added, existing ones get the new fields.

    Invalid lines are reported and skipped. Importing the same file twice changes nothing, so an interrupted import can
    be repeated. Each transaction covers 100 lines, so that visitors' messages can be written in between.

    Args:
        begin: Opens a transaction.
        text: The content of the file.
        by: The importing administrator, for the list of imports.

    Raises:
        TooMuchAtOnce: The file is over the limit of one import.
    """
    if text.count("\n") > MAX_IMPORT_LINES or len(text) > MAX_IMPORT_MEGABYTES * 1_000_000:
        raise errors.TooMuchAtOnce(lines=MAX_IMPORT_LINES, megabytes=MAX_IMPORT_MEGABYTES)
    done = Import(by=by)
    unchanged = 0
    bad: list[BadLine] = []
    existing = _Known()
    read = exchange.read_lines(text)
    while lines := list(islice(read, _LINES_AT_ONCE)):
        async with begin() as tx:
            changes: Changes = {}
            part = await _take_in(tx, lines, existing, changes)
            done.added, done.updated = done.added + part.added, done.updated + part.updated
            if changes:
                await store.record_import(tx, done, changes, most=_KEPT)
                tx.emit(KnowledgeChanged())
        unchanged += part.unchanged
        bad += part.bad_lines
        await yield_to_ready_tasks()
    return ImportReport(done.added, done.updated, unchanged, bad_lines=tuple(bad))


async def _take_in(
    tx: Transaction, lines: Sequence[exchange.Pair | BadLine], known: _Known, changes: Changes
) -> ImportReport:
    # Lock before reading: two concurrent imports would otherwise create duplicates.
    await store.begin_change(tx)
    there = await _named(tx, lines, known)
    tally = Counter[str]()
    bad: list[BadLine] = []
    for line in lines:
        if isinstance(line, BadLine):
            bad.append(line)
            continue
        try:
            tally[await _take(tx, line, there, changes)] += 1
        except VinkError as error:
            bad.append(BadLine(line.number, error))
    known.articles |= {key: article.id for key, article in there.items()}
    known.number = (await store.state(tx)).number
    return ImportReport(tally["added"], tally["updated"], tally["unchanged"], bad_lines=tuple(bad))


async def _named(tx: Transaction, lines: Iterable[exchange.Pair | BadLine], existing: _Known) -> dict[str, Article]:
    """Return the existing articles with the questions of some lines; reread all questions if others changed any."""
    if (await store.state(tx)).number != existing.number:
        existing.articles = await asyncio.to_thread(by_words, await store.questions(tx))
    keys = {_key(line.question) for line in lines if isinstance(line, exchange.Pair)} & existing.articles.keys()
    read = {article.id: article for article in await store.some(tx, [existing.articles[key] for key in keys])}
    return {key: read[existing.articles[key]] for key in keys}


async def _take(tx: Transaction, pair: exchange.Pair, existing: dict[str, Article], changes: Changes) -> str:
    question, answer = validation.question(pair.question), validation.answer(pair.answer)
    checked = {name: getattr(validation, name)(value) for name, value in pair.more.items() if name != "enabled"}
    fields: dict[str, Any] = {"answer": answer, **pair.more, **checked}
    article = existing.get(sameness(question))
    if article is None:
        article = existing[sameness(question)] = Article(question=question, **fields)
        await store.add(tx, article)
        changes[article.id] = (article, None)
        return "added"
    before = article.fields()
    if before == before | fields:
        return "unchanged"
    for name, value in fields.items():
        setattr(article, name, value)
    article.updated_at = now()
    await store.save(tx, article)
    changes.setdefault(article.id, (article, before))
    return "updated"


async def imports(tx: Transaction) -> list[ImportView]:
    """Return the imports that can be undone, newest first; the last ten are kept."""
    return [ImportView.of(row) for row in await store.imports(tx)]


async def undo_import(begin: Begin, import_id: UUID) -> UndoReport:
    """Undo an import, except for articles that were changed since.

    It is done by transactions of 100 articles; one that broke off goes on when it is asked for again.

    Raises:
        NoSuchImport: It is none of those kept.
    """
    tally = Counter[str]()
    left = True
    while left:
        async with begin() as tx:
            await store.begin_change(tx)
            if not await store.import_exists(tx, import_id):
                raise errors.NoSuchImport
            rows = await store.imported(tx, import_id, limit=_LINES_AT_ONCE)
            for row in rows:
                tally[await _undo(tx, row)] += 1
            left = len(rows) == _LINES_AT_ONCE
            if not left:
                await store.mark_undone(tx, import_id, now())
            tx.emit(KnowledgeChanged())
        await yield_to_ready_tasks()
    return UndoReport(tally["removed"], tally["restored"], tally["kept"])


async def _undo(tx: Transaction, row: ImportedArticle) -> str:
    article = await store.get(tx, row.article_id)
    await store.forget_imported(tx, row)
    if article is None or article.fields() != row.after:
        return "kept"
    if row.before is None:
        await store.remove(tx, row.article_id)
        return "removed"
    for name, value in row.before.items():
        setattr(article, name, value)
    article.updated_at = now()
    await store.save(tx, article)
    return "restored"


async def export_jsonl(tx: Transaction, system: str = "") -> str:
    """Export all articles as a file of pairs (see ``exchange``), oldest first.

    Args:
        tx: The open transaction.
        system: A system text before every question, as for fine-tuning; empty for none.
    """
    return exchange.write_lines(await store.everything(tx), system)


async def load_demo(tx: Transaction) -> int:
    """Load the demo knowledge base, once per database and only into an empty one.

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


def _key(written: str) -> str:
    try:
        return sameness(validation.question(written))
    except VinkError:
        return ""


_FILE: Final = Path(__file__).with_name("demo_ru.json")


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One entry of the demo knowledge base."""

    question: str
    aliases: tuple[str, ...]
    answer: str
    url: str
    tags: str


def demo_articles() -> list[DemoArticle]:
    """Read the demo knowledge base."""
    entries: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return [
        DemoArticle(
            question=entry["question"],
            aliases=tuple(entry["aliases"]),
            answer=entry["answer"],
            url=entry["url"],
            tags=entry["tags"],
        )
        for entry in entries
    ]
