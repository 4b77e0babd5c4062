"""Every SQL statement of the knowledge room."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

import sqlalchemy as sql
from sqlalchemy import ColumnElement, func, or_, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, delete, select, update

from vink_chat.kit import lemmas, letters
from vink_chat.kit.db import Transaction
from vink_chat.kit.prepared import Prepared
from vink_chat.knowledge.entries import Source
from vink_chat.knowledge.model import Article, ArticleChange, Edition, Import, ImportedArticle

_ONLY: Final = 1
_MAX_TEXT_CHARS: Final = 20_000
_MOST_POSITIONS: Final = 16_000

# A transaction's own uncommitted changes must not reach the shared index.
_changing: Final[WeakKeyDictionary[Transaction, str]] = WeakKeyDictionary()
_KEPT_CHANGES: Final = 20_000

_edition, _change = (SQLModel.metadata.tables[name] for name in ("knowledge_edition", "knowledge_change"))
# Every question runs these.
_STATE: Final = Prepared(
    sql.select(
        sql.func.coalesce(sql.select(sql.func.max(_change.c.number)).scalar_subquery(), 0).label("number"),
        sql.func.coalesce(sql.select(_edition.c.version).where(_edition.c.id == _ONLY).scalar_subquery(), "").label(
            "version"
        ),
    )
)
_NOTE: Final = Prepared(_change.insert())
_CHANGES: Final = Prepared(
    sql.select(_change.c.number, _change.c.article_id, _change.c.version)
    .where(_change.c.number >= sql.bindparam("since"))
    .order_by(_change.c.number)
    .limit(sql.bindparam("most"))
)
_SQLITE_CANDIDATES: Final = Prepared(
    text(
        "SELECT article_id FROM article_terms WHERE article_terms MATCH :wanted "
        "ORDER BY bm25(article_terms, 0.0, 3.0, 1.0) LIMIT :limit"
    )
)
_POSTGRESQL_CANDIDATES: Final = Prepared(
    text(
        "SELECT article_id FROM article_terms, CAST(CAST(:wanted AS text) AS tsquery) AS wanted "
        "WHERE terms @@ wanted ORDER BY ts_rank(terms, wanted) DESC, article_id LIMIT :limit"
    )
)

_SQLITE_DDL: Final = [
    "CREATE VIRTUAL TABLE IF NOT EXISTS article_terms "
    "USING fts5(article_id UNINDEXED, q, a, tokenize = 'unicode61 remove_diacritics 0')"
]
_POSTGRESQL_DDL: Final = [
    "CREATE TABLE IF NOT EXISTS article_terms "
    "(article_id uuid PRIMARY KEY, q text NOT NULL, a text NOT NULL, terms tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS article_terms_terms ON article_terms USING gin (terms)",
]


def search_ddl(dialect: str) -> list[str]:
    """Return the statements that make the full-text table ``article_terms``, which no model describes.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
    """
    return list({"sqlite": _SQLITE_DDL, "postgresql": _POSTGRESQL_DDL}[dialect])


async def get(tx: Transaction, article_id: UUID) -> Article | None:
    """Return one article."""
    return await tx.session.get(Article, article_id)


async def listed(tx: Transaction, words: Sequence[str], *, offset: int, limit: int) -> list[Article]:
    """Return a page of articles that contain all the words, last changed first."""
    query = select(Article).where(*_having(words)).order_by(col(Article.updated_at).desc(), col(Article.id))
    return list((await tx.session.exec(query.offset(offset).limit(limit))).all())


async def count(tx: Transaction, words: Sequence[str]) -> int:
    """Count the articles that contain all the words."""
    return (await tx.session.exec(select(func.count()).select_from(Article).where(*_having(words)))).one()


def _having(words: Sequence[str]) -> list[ColumnElement[bool]]:
    columns = (Article.question, Article.aliases, Article.answer, Article.tags)
    # SQLite lower-cases ASCII only, so three usual capitalizations of a word are searched.
    return [
        or_(
            *(
                col(column).contains(form, autoescape=True)
                for column in columns
                for form in {word, word.lower(), word.capitalize()}
            )
        )
        for word in words
    ]


async def everything(tx: Transaction) -> list[Article]:
    """Return all articles, oldest first."""
    query = select(Article).order_by(col(Article.created_at), col(Article.id))
    return list((await tx.session.exec(query)).all())


async def questions(tx: Transaction) -> Sequence[tuple[UUID, str]]:
    """Return the id and question of every article, oldest first."""
    query = select(Article.id, Article.question).order_by(col(Article.created_at), col(Article.id))
    return [(row[0], row[1]) for row in await tx.session.exec(query)]


async def some(tx: Transaction, article_ids: Iterable[UUID]) -> list[Article]:
    """Return the existing articles with these ids."""
    return list(await tx.session.exec(select(Article).where(col(Article.id).in_(article_ids))))


async def sources(tx: Transaction, after: UUID | None = None, *, limit: int) -> list[Source]:
    """Return a portion of the enabled articles for an index, in the order of ids."""
    query = select(Article).where(col(Article.enabled)).order_by(col(Article.id)).limit(limit)
    articles = await tx.session.exec(query.where(col(Article.id) > after) if after else query)
    return list(map(_source, articles))


async def sources_of(tx: Transaction, article_ids: Iterable[UUID]) -> list[Source]:
    """Return some articles for an index, those that exist and are enabled."""
    articles = await tx.session.exec(select(Article).where(col(Article.enabled), col(Article.id).in_(article_ids)))
    return list(map(_source, articles))


def _source(article: Article) -> Source:
    return Source(article.id, article.questions, article.answer, article.updated_at, article.url)


async def save(tx: Transaction, article: Article) -> None:
    """Update an article and its terms."""
    await _forget_terms(tx, article.id)
    await add(tx, article)


async def add(tx: Transaction, article: Article) -> None:
    """Insert an article and its terms."""
    tx.session.add(article)
    await tx.session.flush()
    asked, told = await asyncio.to_thread(_terms, article)
    row: dict[str, object] = {"id": _key(tx, article.id), "q": " ".join(asked), "a": " ".join(told)}
    if tx.dialect == "sqlite":
        statement = "INSERT INTO article_terms (rowid, article_id, q, a) VALUES (:row, :id, :q, :a)"
        row["row"] = _row(article.id)
    else:
        statement = (
            "INSERT INTO article_terms (article_id, q, a, terms) "
            "VALUES (CAST(:id AS uuid), :q, :a, CAST(CAST(:terms AS text) AS tsvector))"
        )
        row["terms"] = _vector(asked, told)
    await (await tx.session.connection()).execute(text(statement), row)
    await _note_change(tx, article.id)


async def remove(tx: Transaction, article_id: UUID) -> None:
    """Delete an article and its terms."""
    await _forget_terms(tx, article_id)
    await tx.session.exec(delete(Article).where(col(Article.id) == article_id))
    await _note_change(tx, article_id)


async def _note_change(tx: Transaction, article_id: UUID) -> None:
    """Record a change for all processes. Call after ``begin_change``, which admits one writer at a time."""
    version = _changing.get(tx) or (await state(tx)).version
    await tx.rows(_NOTE, article_id=article_id, version=version)


async def candidates(tx: Transaction, terms: Sequence[str], roots: Sequence[str], limit: int) -> list[UUID]:
    """Return the ids of articles with some of the terms, best full-text rank first.

    Args:
        tx: The open transaction.
        terms: Whole lemmas.
        roots: The first letters of lemmas.
        limit: The maximum number of ids.
    """
    if not terms and not roots:
        return []
    if tx.dialect == "sqlite":
        statement = _SQLITE_CANDIDATES
        query = " OR ".join([*(f'"{term}"' for term in terms), *(f'"{root}"*' for root in roots)])
    else:
        statement = _POSTGRESQL_CANDIDATES
        query = " | ".join([*(f"'{term}'" for term in terms), *(f"'{root}':*" for root in roots)])
    rows = await tx.rows(statement, wanted=query, limit=limit)
    return [UUID(str(row[0])) for row in rows]


class State(NamedTuple):
    """The state of the knowledge base: the number of the last change, and the version."""

    number: int
    version: str


async def state(tx: Transaction) -> State:
    """Return the state of the knowledge base in this snapshot."""
    return State(*(await tx.rows(_STATE))[0])


async def changes(tx: Transaction, since: State, limit: int) -> list[tuple[State, UUID]] | None:
    """Return the changes after a state, oldest first; None if the state is unknown."""
    rows: Sequence[Any] = await tx.rows(_CHANGES, since=since.number, most=limit + 2)
    found = [(State(row.number, row.version), row.article_id) for row in rows]
    return found[1:] if found and found[0][0] == since else None


def is_changing(tx: Transaction) -> bool:
    """Tell whether a transaction has started to change the knowledge base."""
    return tx in _changing


async def begin_change(tx: Transaction) -> None:
    """Give the knowledge base a new version; other writers wait for this row until the commit."""
    insert = sqlite.insert if tx.dialect == "sqlite" else postgresql.insert
    version = uuid4().hex
    row = {"id": _ONLY, "version": version, "demo_loaded": False}
    statement = insert(Edition).values(row)
    changed = statement.on_conflict_do_update(index_elements=["id"], set_={"version": version})
    await (await tx.session.connection()).execute(changed)
    _changing[tx] = version
    oldest = select(func.max(ArticleChange.number) - _KEPT_CHANGES).scalar_subquery()
    await tx.session.exec(delete(ArticleChange).where(col(ArticleChange.number) < oldest))


async def record_import(
    tx: Transaction, done: Import, changes: Mapping[UUID, tuple[Article, dict[str, Any] | None]], *, most: int
) -> None:
    """Record the changes of an import so far, and delete the oldest imports beyond a limit.

    Args:
        tx: The open transaction.
        done: The import.
        changes: The changed articles with their previous fields; None for a new one.
        most: How many imports to keep.
    """
    await tx.session.merge(done)
    await tx.session.flush()
    twice = select(ImportedArticle).where(
        col(ImportedArticle.import_id) == done.id, col(ImportedArticle.article_id).in_(changes)
    )
    rows = {row.article_id: row for row in await tx.session.exec(twice)}
    for article_id, (article, before) in changes.items():
        row = rows.get(article_id) or ImportedArticle(import_id=done.id, article_id=article_id, before=before, after={})
        row.after = article.fields()
        tx.session.add(row)
    newest = select(Import.id).order_by(col(Import.created_at).desc(), col(Import.id)).limit(most)
    await tx.session.exec(delete(Import).where(col(Import.id).not_in(newest)))


async def imports(tx: Transaction) -> list[Import]:
    """Return the imports, newest first."""
    return list((await tx.session.exec(select(Import).order_by(col(Import.created_at).desc(), col(Import.id)))).all())


async def import_exists(tx: Transaction, import_id: UUID) -> bool:
    """Tell whether an import is kept."""
    return await tx.session.get(Import, import_id) is not None


async def imported(tx: Transaction, import_id: UUID, *, limit: int) -> list[ImportedArticle]:
    """Return some of an import's changes that were not undone yet."""
    query = select(ImportedArticle).where(col(ImportedArticle.import_id) == import_id)
    return list((await tx.session.exec(query.order_by(col(ImportedArticle.article_id)).limit(limit))).all())


async def forget_imported(tx: Transaction, row: ImportedArticle) -> None:
    """Delete the record of one change of an import."""
    await tx.session.delete(row)


async def mark_undone(tx: Transaction, import_id: UUID, moment: datetime) -> None:
    """Record that an import was undone; an earlier time is kept."""
    statement = update(Import).where(col(Import.id) == import_id, col(Import.undone_at).is_(None))
    await tx.session.exec(statement.values(undone_at=moment))


async def demo_loaded(tx: Transaction) -> bool:
    """Tell whether the demo knowledge base was ever loaded."""
    return bool((await tx.session.exec(select(Edition.demo_loaded).where(col(Edition.id) == _ONLY))).first())


async def take_demo(tx: Transaction) -> bool:
    """Mark the demo knowledge base as loaded; false if it was already. Call after ``begin_change``."""
    statement = text("UPDATE knowledge_edition SET demo_loaded = :yes WHERE id = :id AND NOT demo_loaded")
    done = await (await tx.session.connection()).execute(statement, {"yes": True, "id": _ONLY})
    return done.rowcount == 1


async def _forget_terms(tx: Transaction, article_id: UUID) -> None:
    # SQLite's full-text table can only be searched by a column with a full scan.
    place = ("rowid", _row(article_id)) if tx.dialect == "sqlite" else ("article_id", article_id)
    statement = text(f"DELETE FROM article_terms WHERE {place[0]} = :place")  # noqa: S608  names of ours
    await (await tx.session.connection()).execute(statement, {"place": place[1]})


def _row(article_id: UUID) -> int:
    """Return the number of an article's row in SQLite's full-text table: the first 63 bits of its random id."""
    return article_id.int >> 65


def _key(tx: Transaction, article_id: UUID) -> str | UUID:
    return article_id.hex if tx.dialect == "sqlite" else article_id


def _terms(article: Article) -> tuple[list[str], list[str]]:
    """Return the lemmas of an article's questions and of its answer."""
    said = ("\n".join(article.questions), article.answer)
    asked, told = (lemmas.lemmas(letters.clean(part, _MAX_TEXT_CHARS)) for part in said)
    return asked, told


def _vector(asked: Sequence[str], told: Sequence[str]) -> str:
    """Return a tsvector literal, without PostgreSQL's parser, which drops Cyrillic in a C locale."""
    places: dict[str, list[str]] = {}
    for at, (term, mark) in enumerate([*((term, "A") for term in asked), *((term, "B") for term in told)], 1):
        if at <= _MOST_POSITIONS:
            places.setdefault(term, []).append(f"{at}{mark}")
    # PostgreSQL stores up to 256 positions per word.
    return " ".join(f"'{term}':{','.join(marks[:255])}" for term, marks in places.items())
