"""SQL of the search."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import String, Uuid, bindparam, text
from sqlmodel import SQLModel

from vink_chat.conversations.model import Author, Status
from vink_chat.conversations.search.model import ONLY
from vink_chat.conversations.search.query import AnyOf, Condition, Term, leaves
from vink_chat.kit.columns import Choice, Moment
from vink_chat.kit.db import Transaction
from vink_chat.kit.prepared import Prepared

MAX_COUNTED: Final = 1_000
"""Hits are counted up to here."""
# How many of the newest entries to scan for the terms: a small sample first, to see whether the scan pays off.
_NEWEST_TRIED: Final = 500
_FEW_OF_TRIED: Final = 15
_NEWEST_READ: Final = 20_000
_LAST_LETTER: Final = "\U0010ffff"
# With more terms than this, a scan costs more than the index.
_FEW_TERMS: Final = 12
NEWEST: Final = 2**62
_POSTGRESQL_TERMS: Final = "CAST(CAST(:terms AS text) AS tsvector)"
_MATCH: Final = {
    "sqlite": "search_terms MATCH :query",
    "postgresql": "terms @@ CAST(CAST(:query AS text) AS tsquery)",
}


def _put(column: str, dialect: str) -> Prepared:
    terms = ":terms" if dialect == "sqlite" else _POSTGRESQL_TERMS
    statement = text(
        f"INSERT INTO search_entry ({column}, terms) VALUES (:id, {terms}) "  # noqa: S608  fixed names
        f"ON CONFLICT ({column}) DO UPDATE SET terms = excluded.terms"
    )
    return Prepared(statement.bindparams(bindparam("id", type_=Uuid())))


def _put_old(column: str, dialect: str) -> sql.TextClause:
    terms = ":terms" if dialect == "sqlite" else _POSTGRESQL_TERMS
    table = column.removesuffix("_id")
    # The row may have been deleted, or indexed again, since it was read.
    return text(
        f"INSERT INTO search_entry (number, {column}, terms) SELECT :number, id, {terms} FROM {table} "  # noqa: S608
        f"WHERE id = :id ON CONFLICT DO NOTHING"
    ).bindparams(bindparam("id", type_=Uuid()))


_DIALECTS: Final = ("sqlite", "postgresql")
_COLUMNS: Final = ("message_id", "visitor_id")
_PUT: Final = {(column, dialect): _put(column, dialect) for column in _COLUMNS for dialect in _DIALECTS}
_PUT_OLD: Final = {(column, dialect): _put_old(column, dialect) for column in _COLUMNS for dialect in _DIALECTS}

_SHOWN: Final = """
    SELECT {total} AS total, hit.number AS number, conversation.id AS conversation_id, conversation.status AS status,
        visitor.id AS visitor_id, visitor.name AS name, visitor.email AS email, visitor.phone AS phone,
        message.id AS message_id, message.text AS text, message.author AS author,
        message.author_name AS author_name, message.note AS note, message.created_at AS created_at
    FROM hit JOIN search_entry entry ON entry.number = hit.number
    LEFT JOIN message ON message.id = entry.message_id
    JOIN visitor ON visitor.id = COALESCE(message.visitor_id, entry.visitor_id)
    JOIN conversation ON conversation.id = COALESCE(message.conversation_id, (
        SELECT newest.id FROM conversation newest WHERE newest.visitor_id = entry.visitor_id
        ORDER BY newest.created_at DESC LIMIT 1))
    ORDER BY hit.number DESC"""


class HitRow(NamedTuple):
    """An entry that matches, with its message (none for a card), its conversation and its visitor.

    Attributes:
        total: The number of hits; 0 where they were not counted.
    """

    total: int
    number: int
    conversation_id: UUID
    status: Status
    visitor_id: UUID
    name: str
    email: str
    phone: str
    message_id: UUID | None
    text: str | None
    author: Author | None
    author_name: str | None
    note: bool | None
    created_at: datetime | None


_TYPES: Final[dict[str, Any]] = {
    "total": sql.Integer,
    "number": sql.BigInteger,
    "conversation_id": Uuid,
    "status": Choice(Status),
    "visitor_id": Uuid,
    "message_id": Uuid,
    "author": Choice(Author),
    "note": sql.Boolean,
    "created_at": Moment,
}


def _hits(numbers: str, total: str = "0") -> Prepared:
    columns = [sql.column(name, _TYPES.get(name, String)) for name in HitRow._fields]
    return Prepared(text(f"WITH {numbers} {_SHOWN.format(total=total)}").columns(*columns))


# For a prefix SQLite collects every matching message before it returns one; for whole terms it reads the newest first.
_MAX_PREFIX_TERMS: Final = 32
_VOCABULARY: Final = Prepared(
    text(
        "SELECT term FROM search_terms_vocabulary WHERE term >= :begins AND term <= :ends "  # noqa: S608  a number
        f"LIMIT {_MAX_PREFIX_TERMS + 1}"
    )
)
_SQLITE: Final = _hits(
    f"matched AS MATERIALIZED (SELECT rowid AS number FROM search_terms WHERE {_MATCH['sqlite']} "  # noqa: S608
    f"ORDER BY rowid DESC LIMIT {MAX_COUNTED + 1}), "
    "hit AS (SELECT number FROM matched WHERE number < :before ORDER BY number DESC LIMIT :most)",
    "(SELECT count(*) FROM matched)",
)
# PostgreSQL misestimates how many entries have a term and where they are, so the choice between scanning by time and
# using the term index is made here: unless at least :few of the very newest entries match, the scan stops there.
_POSTGRESQL_NEWEST: Final = _hits(
    "sample AS (SELECT number, terms FROM search_entry WHERE number < :before "  # noqa: S608  constants, as all here
    f"ORDER BY number DESC LIMIT {_NEWEST_TRIED}), newest AS (SELECT number, terms FROM search_entry "
    f"WHERE number < :before AND (SELECT count(*) FROM sample WHERE {_MATCH['postgresql']}) >= :few "
    f"ORDER BY number DESC LIMIT {_NEWEST_READ}), matched AS MATERIALIZED (SELECT number FROM newest "
    f"WHERE {_MATCH['postgresql']} ORDER BY number DESC LIMIT :matches), "
    "hit AS (SELECT number FROM matched ORDER BY number DESC LIMIT :most)",
    "(SELECT count(*) FROM matched)",
)
# A materialized CTE is planned as if read in full, hence by the term index, but is read only as far as needed.
_BY_TERMS: Final = f"matching AS MATERIALIZED (SELECT number FROM search_entry WHERE {_MATCH['postgresql']})"  # noqa: S608
_POSTGRESQL_COUNTED: Final = _hits(
    f"{_BY_TERMS}, matched AS MATERIALIZED (SELECT number FROM matching LIMIT {MAX_COUNTED + 1}), "  # noqa: S608
    "hit AS (SELECT number FROM matched WHERE number < :before ORDER BY number DESC LIMIT :most)",
    "(SELECT count(*) FROM matched)",
)
_POSTGRESQL_EVERY: Final = _hits(
    f"{_BY_TERMS}, "  # noqa: S608
    "hit AS (SELECT number FROM matching WHERE number < :before ORDER BY number DESC LIMIT :most)"
)


async def put_message(tx: Transaction, message_id: UUID, terms: Sequence[str]) -> None:
    """Store the terms of a new or changed message."""
    await tx.rows(_PUT["message_id", tx.dialect], id=message_id, terms=_written(tx, terms))


async def put_card(tx: Transaction, visitor_id: UUID, terms: Sequence[str]) -> None:
    """Store the terms of a new or changed visitor's card."""
    await tx.rows(_PUT["visitor_id", tx.dialect], id=visitor_id, terms=_written(tx, terms))


async def put_old(tx: Transaction, column: str, entries: Iterable[tuple[int, UUID, Sequence[str]]]) -> None:
    """Index rows older than the index, under the given numbers; skip those already indexed or since deleted.

    Args:
        tx: The open transaction.
        column: ``message_id`` or ``visitor_id``.
        entries: The number, the id and the terms of each.
    """
    rows = [{"number": number, "id": key, "terms": _written(tx, terms)} for number, key, terms in entries]
    if rows:
        await (await tx.session.connection()).execute(_PUT_OLD[column, tx.dialect], rows)


def _written(tx: Transaction, terms: Sequence[str]) -> str:
    return " ".join(terms) if tx.dialect == "sqlite" else " ".join(f"'{term}'" for term in terms)


async def search(
    tx: Transaction, condition: Condition, *, limit: int, before: int = NEWEST, enough: int = MAX_COUNTED
) -> tuple[int, Sequence[HitRow]]:
    """Count the entries that meet a condition, up to one more than ``MAX_COUNTED``, and read the newest of them.

    Args:
        tx: The open transaction.
        condition: The condition.
        limit: At most this many are read, and one more than ``enough``.
        before: Only those with a lower number are read.
        enough: Beyond this many hits, the exact count does not matter.
    """
    if tx.dialect == "sqlite":
        whole = await _expand_prefixes(tx, condition)
        return _counted(await _read(tx, _SQLITE, whole.fts5(), before=before, most=limit))
    query, page = condition.tsquery(), {"before": before, "most": limit}
    by_time = len(leaves(condition)) <= _FEW_TERMS
    newest: Sequence[HitRow] = ()
    if by_time:
        newest = await _read(tx, _POSTGRESQL_NEWEST, query, **page, few=_FEW_OF_TRIED, matches=enough + 1)
    if _counted(newest)[0] > enough:
        return _counted(newest)
    total, rows = _counted(await _read(tx, _POSTGRESQL_COUNTED, query, **page))
    if total <= MAX_COUNTED:
        return total, rows
    # The counted rows are an arbitrary subset, not the newest.
    if by_time and len(newest) < limit:
        newest = await _read(tx, _POSTGRESQL_NEWEST, query, **page, few=0, matches=limit)
    return total, newest if len(newest) == limit else await _read(tx, _POSTGRESQL_EVERY, query, **page)


async def _expand_prefixes(tx: Transaction, condition: Condition) -> Condition:
    """Replace each prefix that only a few indexed terms start with by those terms."""
    if isinstance(condition, Term):
        return await _expand_prefix(tx, condition) if condition.begins else condition
    return type(condition)(tuple([await _expand_prefixes(tx, part) for part in condition.parts]))


async def _expand_prefix(tx: Transaction, beginning: Term) -> Condition:
    rows = await tx.slow_rows(_VOCABULARY, begins=beginning.text, ends=f"{beginning.text}{_LAST_LETTER}")
    if len(rows) > _MAX_PREFIX_TERMS:
        return beginning
    return AnyOf((Term(beginning.text), *(Term(row[0]) for row in rows if row[0] != beginning.text)))


def _counted(rows: Sequence[HitRow]) -> tuple[int, Sequence[HitRow]]:
    return (rows[0].total if rows else 0), rows


async def _read(tx: Transaction, statement: Prepared, query: str, **values: int) -> Sequence[HitRow]:
    return [HitRow(*row) for row in await tx.slow_rows(statement, query=query, **values)]


_CARD: Final = Prepared(
    text("SELECT name, email, phone FROM visitor WHERE id = :id")
    .bindparams(bindparam("id", type_=Uuid()))
    .columns(*(sql.column(name, String) for name in ("name", "email", "phone")))
)
_DROP_CARD: Final = Prepared(
    text("DELETE FROM search_entry WHERE visitor_id = :id").bindparams(bindparam("id", type_=Uuid()))
)


async def card(tx: Transaction, visitor_id: UUID) -> Sequence[str]:
    """Read a visitor's name, e-mail address and phone number; empty if there is no such visitor."""
    rows = await tx.rows(_CARD, id=visitor_id)
    return [part for part in rows[0] if part] if rows else []


async def drop_card(tx: Transaction, visitor_id: UUID) -> None:
    """Remove an emptied card from the index."""
    await tx.rows(_DROP_CARD, id=visitor_id)


class Progress(NamedTuple):
    """See ``SearchProgress``."""

    total: int
    done: int
    lowest: int
    conversation_begun: datetime | None
    conversation_id: UUID | None
    position: int
    finished: bool


class OldConversation(NamedTuple):
    """A conversation whose messages are to be indexed."""

    id: UUID
    begun: datetime
    visitor_id: UUID


class OldMessage(NamedTuple):
    """A message to be indexed."""

    id: UUID
    position: int
    text: str


_search_progress, _conversation, _message = (
    SQLModel.metadata.tables[name] for name in ("search_progress", "conversation", "message")
)
_PROGRESS: Final = sql.select(*(_search_progress.c[name] for name in Progress._fields)).where(
    _search_progress.c.id == ONLY
)
_READ_PROGRESS: Final = Prepared(_PROGRESS)
_LOCK_PROGRESS: Final = Prepared(_PROGRESS.with_for_update())
_SET_PROGRESS: Final = Prepared(sql.update(_search_progress).where(_search_progress.c.id == ONLY))
_OLD_CONVERSATIONS: Final = (
    sql.select(_conversation.c.id, _conversation.c.created_at, _conversation.c.visitor_id)
    .order_by(_conversation.c.created_at.desc(), _conversation.c.id.desc())
    .limit(bindparam("most"))
)
_NEWEST_CONVERSATIONS: Final = Prepared(_OLD_CONVERSATIONS)
_OLDER_CONVERSATIONS: Final = Prepared(
    _OLD_CONVERSATIONS.where(
        # Implied by the OR below, but it lets the index on created_at be used.
        _conversation.c.created_at <= bindparam("begun", type_=Moment()),
        sql.or_(
            _conversation.c.created_at < bindparam("begun", type_=Moment()),
            _conversation.c.id < bindparam("which", type_=Uuid()),
        ),
    )
)
_ONE_CONVERSATION: Final = Prepared(
    sql.select(_conversation.c.id, _conversation.c.created_at, _conversation.c.visitor_id).where(
        _conversation.c.id == bindparam("which")
    )
)
_OLD_MESSAGES: Final = Prepared(
    sql.select(_message.c.id, _message.c.position, _message.c.text)
    .where(_message.c.conversation_id == bindparam("which"), _message.c.position < bindparam("before"))
    .order_by(_message.c.position.desc())
    .limit(bindparam("most"))
)


async def progress(tx: Transaction, *, lock: bool = False) -> Progress:
    """Read how far old conversations are indexed; ``lock`` keeps other processes out (PostgreSQL)."""
    statement = _LOCK_PROGRESS if lock and tx.dialect != "sqlite" else _READ_PROGRESS
    return Progress(*(await tx.rows(statement))[0])


async def set_progress(tx: Transaction, progress: Progress) -> None:
    """Store how far old conversations are indexed."""
    await tx.rows(_SET_PROGRESS, **progress._asdict())


async def old_conversations(tx: Transaction, after: Progress, limit: int) -> list[OldConversation]:
    """Read the next conversations to index, newest first, including one that is half indexed."""
    if after.conversation_begun is None or after.conversation_id is None:
        return [OldConversation(*row) for row in await tx.rows(_NEWEST_CONVERSATIONS, most=limit)]
    cursor = {"begun": after.conversation_begun, "which": after.conversation_id}
    half_indexed = await tx.rows(_ONE_CONVERSATION, which=after.conversation_id) if after.position else ()
    older = await tx.rows(_OLDER_CONVERSATIONS, **cursor, most=limit)
    return [OldConversation(*row) for row in (*half_indexed, *older)]


async def old_messages(tx: Transaction, conversation_id: UUID, *, before: int, limit: int) -> list[OldMessage]:
    """Read messages of a conversation before a position, newest first."""
    rows = await tx.rows(_OLD_MESSAGES, which=conversation_id, before=before, most=limit)
    return [OldMessage(*row) for row in rows]
