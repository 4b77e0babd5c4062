"""The only place that opens and commits transactions.

Events emitted inside a transaction are handed on after its commit: nothing is announced that was not committed.
On SQLite one lock lets one writer of this process in at a time, and readers work on snapshots beside it (WAL).
"""

import asyncio
import logging
import shutil
import sqlite3
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Final, TypeVar, overload

from sqlalchemy import ExceptionContext, Executable, Row, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from vink_chat.kit import db_errors, sqlite
from vink_chat.kit.prepared import Prepared

log = logging.getLogger(__name__)

SECONDS_TO_CONNECT: Final = 8
"""How long PostgreSQL may take to let a connection in; whoever starts the chat is told after that."""
_LITTLE_ROOM: Final = 1_000_000

R = TypeVar("R")
Listener = Callable[[Sequence[object]], None]
Begin = Callable[[], AbstractAsyncContextManager["Transaction"]]
"""The way to open a transaction: ``transaction``, or ``reading`` for a snapshot."""
Connect = Callable[[], AsyncConnection | sqlite.InlineConnection]


class Transaction:
    """One open transaction, and what will be announced after its commit."""

    def __init__(self, connection: AsyncConnection | sqlite.InlineConnection) -> None:
        self._connection = connection
        self._session: AsyncSession | None = None
        self.dialect: str = connection.dialect.name
        self.events: list[object] = []

    @property
    def session(self) -> AsyncSession:
        """The tables' classes: what is added or changed here is written at the latest at the commit."""
        if self._session is None:
            self._session = (
                sqlite.InlineSession(self._connection)
                if isinstance(self._connection, sqlite.InlineConnection)
                else AsyncSession(self._connection, expire_on_commit=False)
            )
        return self._session

    @overload
    async def rows(self, statement: Prepared[R], **values: object) -> Sequence[R]: ...
    @overload
    async def rows(self, statement: Executable, **values: object) -> Sequence[Row[Any]]: ...
    async def rows(self, statement: Executable | Prepared[Any], **values: object) -> Sequence[Any]:
        """Run a statement past the tables' classes, for paths that every message takes: several times quicker.

        Args:
            statement: Made once, over ``X.__table__``, with a ``bindparam`` for each value.
            values: For its parameters, and for the columns of an INSERT.

        Returns:
            Its rows, which cannot be changed.
        """
        await self.flush()
        if not isinstance(statement, Prepared):
            return await self._execute(statement, values)
        if isinstance(self._connection, sqlite.InlineConnection):
            return self._connection.run(statement, values)
        rows = await self._execute(statement.statement, values)
        return list(map(statement.make, rows)) if statement.make else rows

    async def slow_rows(self, statement: Prepared[R], **values: object) -> Sequence[R]:
        """Run a statement that may take long, as a search does: on SQLite it leaves the event loop (ADR 0019)."""
        if isinstance(self._connection, sqlite.InlineConnection):
            await self.flush()
            return await self._connection.run_aside(statement, values)
        return await self.rows(statement, **values)

    async def _execute(self, statement: Executable, values: dict[str, object]) -> Sequence[Row[Any]]:
        result = await self._connection.execute(statement, values)
        return result.all() if result.returns_rows else ()

    async def flush(self) -> None:
        """Write what the session holds back."""
        if self._session is not None:
            await self._session.flush()

    def emit(self, fact: object) -> None:
        """Announce a fact (see ``vink_chat.events``) once the transaction is committed."""
        self.events.append(fact)


class Database:
    """The engines of one process and its writers' lock."""

    def __init__(self, url: str) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self.listener: Listener | None = None
        self._write_lock = asyncio.Lock()
        self._why_not_written = ""
        self._engines: list[sqlite.ConnectionPool | AsyncEngine] = []
        self._writer, self._reader = self._sqlite() if self.is_sqlite else self._postgresql()

    def _sqlite(self) -> tuple[Connect, Connect]:
        writer, reader = sqlite.ConnectionPool(self.url, "BEGIN IMMEDIATE"), sqlite.ConnectionPool(self.url, "BEGIN")
        self._engines += [writer, reader]
        return writer, reader

    def _postgresql(self) -> tuple[Connect, Connect]:
        engine = create_async_engine(
            self.url,
            pool_size=10,
            max_overflow=10,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"timeout": SECONDS_TO_CONNECT},
        )
        event.listen(engine.sync_engine, "handle_error", _without_the_row)
        self._engines.append(engine)
        return engine.connect, engine.connect

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """Open a transaction, commit it at the end, then announce what it emitted.

        Raises:
            NotSaved: The disk is full, broken or read-only; nothing of the transaction was kept.
        """
        try:
            async with self._write_lock if self.is_sqlite else nullcontext(), self._begin() as tx:
                yield tx
        except Exception as error:
            reason = db_errors.cannot_write(error)
            if not reason:
                raise
            if reason != self._why_not_written:
                log.error("The database cannot be written: %s", reason)  # noqa: TRY400  the reason is all there is to say
            self._why_not_written = reason
            raise db_errors.NotSaved from error
        self._why_not_written = ""

    async def trouble(self) -> str:
        """Return why the database cannot be used just now; nothing when it reads and takes what is written."""
        try:
            async with self.reading() as tx:
                await tx.rows(text("SELECT 1"))
            if self._why_not_written or (self.is_sqlite and _is_nearly_full(self.url)):
                async with self.transaction() as tx:
                    await _write_something(tx)
        except db_errors.NotSaved:
            return self._why_not_written
        except (OSError, SQLAlchemyError, sqlite3.Error) as error:
            return db_errors.cannot_write(error) or "the database does not answer"
        return ""

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Transaction]:
        """Open a snapshot to read from; nothing written in it is kept."""
        async with self._reader() as connection:
            yield Transaction(connection)

    @asynccontextmanager
    async def _begin(self) -> AsyncGenerator[Transaction]:
        async with self._writer() as connection:
            if isinstance(connection, AsyncConnection):
                await connection.begin()
            tx = Transaction(connection)
            yield tx
            await tx.flush()
            await _to_its_end(self._commit(connection, tx))

    async def _commit(self, connection: AsyncConnection | sqlite.InlineConnection, tx: Transaction) -> None:
        await connection.commit()
        if tx.events and self.listener:
            self.listener(tx.events)

    async def close(self) -> None:
        """Close every connection."""
        for engine in self._engines:
            if isinstance(engine, AsyncEngine):
                await engine.dispose()
            else:
                engine.close()


def _without_the_row(context: ExceptionContext) -> None:
    # PostgreSQL's DETAIL repeats the row it refuses, and a traceback in the log prints it.
    driver_error: Any = context.original_exception.__cause__
    if hasattr(driver_error, "detail"):
        driver_error.detail = None


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    # Whoever is cancelled in a commit would not know whether it came through, and nobody would hear of what did.
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        # However often: a connection that is let go of while it commits would be rolled back.
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        raise


def async_url(url: str) -> str:
    """Return a database URL with this project's async driver in it."""
    parsed = make_url(url)
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    backend = parsed.get_backend_name()
    return parsed.set(drivername=driver[backend]).render_as_string(hide_password=False)


_current: Database | None = None


def use(database: Database | None) -> None:
    """Make a database the one of this process (``bootstrap`` does this, once)."""
    global _current  # noqa: PLW0603  the composition root sets it
    _current = database


def current() -> Database:
    """Return the database of this process."""
    if _current is None:
        msg = "the database is not connected: bootstrap.start() comes first"
        raise RuntimeError(msg)
    return _current


async def trouble() -> str:
    """Return why the process's database cannot be used just now, or nothing."""
    return await _current.trouble() if _current else "the chat is starting"


def _is_nearly_full(url: str) -> bool:
    path = Path(make_url(url).database or "").resolve()
    return shutil.disk_usage(path.parent).free < _LITTLE_ROOM


async def _write_something(tx: Transaction) -> None:
    """Write a page more than a commit of a few words would: a disk that is nearly full is full."""
    await tx.rows(text("CREATE TABLE disk_probe (filler TEXT)"))
    await tx.rows(text("INSERT INTO disk_probe VALUES (:filler)"), filler="x" * 65536)
    await tx.rows(text("DROP TABLE disk_probe"))


def is_away(error: Exception) -> bool:
    """Tell whether an error says that the database is out of reach just now, rather than that it was asked wrongly."""
    cut = isinstance(error, DBAPIError) and error.connection_invalidated
    return cut or isinstance(error, OperationalError | InterfaceError | OSError)


def transaction() -> AbstractAsyncContextManager[Transaction]:
    """Open a transaction on the process's database; commit at the end, then announce."""
    return current().transaction()


def reading() -> AbstractAsyncContextManager[Transaction]:
    """Open a snapshot of the process's database."""
    return current().reading()
