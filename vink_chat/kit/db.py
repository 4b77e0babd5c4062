"""The only place that opens and commits transactions.

Facts emitted inside a transaction are published after its commit: nothing is announced that was not committed.
On SQLite a lock admits one writer of this process at a time; readers use snapshots meanwhile (WAL).
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
"""The timeout of a connection to PostgreSQL; after it, the engineer who starts the chat gets an error."""
_LOW_DISK_BYTES: Final = 1_000_000

R = TypeVar("R")
Listener = Callable[[Sequence[object]], None]
Begin = Callable[[], AbstractAsyncContextManager["Transaction"]]
"""A function that opens a transaction: ``transaction``, or ``reading`` for a snapshot."""
Connect = Callable[[], AsyncConnection | sqlite.InlineConnection]


class Transaction:
    """One open transaction, with the events to publish after its commit."""

    def __init__(self, connection: AsyncConnection | sqlite.InlineConnection) -> None:
        self._connection = connection
        self._session: AsyncSession | None = None
        self.dialect: str = connection.dialect.name
        self.events: list[object] = []

    @property
    def session(self) -> AsyncSession:
        """The ORM session: added or changed objects are written at the commit at the latest."""
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
        """Run a statement without the ORM, for paths that every message takes: several times faster.

        Args:
            statement: Built once, over ``X.__table__``, with a ``bindparam`` for each value.
            values: The values of its parameters, and of the columns of an INSERT.

        Returns:
            Its rows, read-only.
        """
        await self.flush()
        if not isinstance(statement, Prepared):
            return await self._execute(statement, values)
        if isinstance(self._connection, sqlite.InlineConnection):
            return self._connection.run(statement, values)
        rows = await self._execute(statement.statement, values)
        return list(map(statement.make, rows)) if statement.make else rows

    async def slow_rows(self, statement: Prepared[R], **values: object) -> Sequence[R]:
        """Run a statement that may take long, such as a search: on SQLite in a thread (ADR 0019)."""
        if isinstance(self._connection, sqlite.InlineConnection):
            await self.flush()
            return await self._connection.run_aside(statement, values)
        return await self.rows(statement, **values)

    async def _execute(self, statement: Executable, values: dict[str, object]) -> Sequence[Row[Any]]:
        result = await self._connection.execute(statement, values)
        return result.all() if result.returns_rows else ()

    async def flush(self) -> None:
        """Write the pending changes of the session."""
        if self._session is not None:
            await self._session.flush()

    def emit(self, event: object) -> None:
        """Publish an event (see ``vink_chat.events``) once the transaction is committed."""
        self.events.append(event)


class Database:
    """The connections of one process, and the lock of its writers."""

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
        event.listen(engine.sync_engine, "handle_error", _drop_row_from_error)
        self._engines.append(engine)
        return engine.connect, engine.connect

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """Open a transaction, commit it at the end, then publish its events.

        Raises:
            NotSaved: The disk is full, broken or read-only; nothing was saved.
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
        """Return why the database cannot be used now; empty if it can be read and written."""
        try:
            async with self.reading() as tx:
                await tx.rows(text("SELECT 1"))
            if self._why_not_written or (self.is_sqlite and _is_nearly_full(self.url)):
                async with self.transaction() as tx:
                    await _write_probe(tx)
        except db_errors.NotSaved:
            return self._why_not_written
        except (OSError, SQLAlchemyError, sqlite3.Error) as error:
            return db_errors.cannot_write(error) or "the database does not answer"
        return ""

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Transaction]:
        """Open a snapshot for reading; nothing written in it is saved."""
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
            await _finish_despite_cancellation(self._commit(connection, tx))

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


def _drop_row_from_error(context: ExceptionContext) -> None:
    # PostgreSQL's DETAIL repeats the refused row, and a traceback would print it into the log.
    driver_error: Any = context.original_exception.__cause__
    if hasattr(driver_error, "detail"):
        driver_error.detail = None


async def _finish_despite_cancellation(work: Coroutine[Any, Any, None]) -> None:
    # If a commit were cancelled halfway, its events might never be published although it succeeded.
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        # Even if cancelled repeatedly: a connection released during its commit would be rolled back.
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        raise


def async_url(url: str) -> str:
    """Return a database URL with the async driver of this project."""
    parsed = make_url(url)
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    backend = parsed.get_backend_name()
    return parsed.set(drivername=driver[backend]).render_as_string(hide_password=False)


_current: Database | None = None


def use(database: Database | None) -> None:
    """Set the database of this process (``bootstrap`` calls this once)."""
    global _current  # noqa: PLW0603  the composition root sets it
    _current = database


def current() -> Database:
    """Return the database of this process."""
    if _current is None:
        msg = "the database is not connected: call bootstrap.start() first"
        raise RuntimeError(msg)
    return _current


async def trouble() -> str:
    """Return why the database of this process cannot be used now, or an empty text."""
    return await _current.trouble() if _current else "the chat is starting"


def _is_nearly_full(url: str) -> bool:
    path = Path(make_url(url).database or "").resolve()
    return shutil.disk_usage(path.parent).free < _LOW_DISK_BYTES


async def _write_probe(tx: Transaction) -> None:
    """Write more than a small commit would, to detect a disk that is nearly full."""
    await tx.rows(text("CREATE TABLE disk_probe (filler TEXT)"))
    await tx.rows(text("INSERT INTO disk_probe VALUES (:filler)"), filler="x" * 65536)
    await tx.rows(text("DROP TABLE disk_probe"))


def is_away(error: Exception) -> bool:
    """Tell whether an error means that the database cannot be reached, rather than that a statement is wrong."""
    cut = isinstance(error, DBAPIError) and error.connection_invalidated
    return cut or isinstance(error, OperationalError | InterfaceError | OSError)


def transaction() -> AbstractAsyncContextManager[Transaction]:
    """Open a transaction on the database of this process; commit it at the end, then publish its events."""
    return current().transaction()


def reading() -> AbstractAsyncContextManager[Transaction]:
    """Open a snapshot of the database of this process."""
    return current().reading()
