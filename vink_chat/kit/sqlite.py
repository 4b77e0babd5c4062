"""SQLite on the event loop's own thread: statements run where they are awaited.

The usual asynchronous driver sends every cursor, execute, fetch and close to a thread, about eighteen hops for a small
transaction. SQLite answers in microseconds and a durable commit takes a third of a millisecond, so the plain driver is
called directly here (ADR 0004, with figures).
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self, TypeVar, cast

from sqlalchemy import Connection, Engine, PoolProxiedConnection, QueuePool, create_engine
from sqlalchemy.engine import make_url
from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from vink_chat.kit.prepared import Prepared

R = TypeVar("R")

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    # A commit is on the disk before it returns.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA cache_size=-16000",
)

# Separate from the threads that commit, so that no commit waits for a search.
_SLOW: Final = ThreadPoolExecutor(2, thread_name_prefix="sqlite-slow")


def engine(url: str) -> Engine:
    """Open a SQLite file with WAL, durable commits and foreign keys."""
    path = make_url(url).database or ":memory:"
    Path(path).parent.mkdir(parents=True, exist_ok=True)

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return connection

    # No upper bound: waiting for a connection would block the event loop, so nobody could return one.
    return create_engine(
        "sqlite://", creator=opened, poolclass=QueuePool, pool_size=4, max_overflow=-1, hide_parameters=True
    )


def _at_once(name: str) -> Any:
    async def call(self: AsyncSession, *arguments: Any, **options: Any) -> Any:
        return getattr(self.sync_session, name)(*arguments, **options)

    return call


class ConnectionPool:
    """Connections that pass directly from one transaction to the next: SQLAlchemy's pool costs more than a SELECT.

    Args:
        url: The URL of the SQLite file.
        begin: The statement that begins a transaction.
    """

    def __init__(self, url: str, begin: str) -> None:
        self.engine = engine(url)
        self.begin = begin
        self._idle: list[PoolProxiedConnection] = []

    def __call__(self) -> "InlineConnection":
        """Return a connection; entering it begins its transaction."""
        return InlineConnection(self)

    def take(self) -> PoolProxiedConnection:
        """Borrow a connection."""
        return self._idle.pop() if self._idle else self.engine.raw_connection()

    def give_back(self, borrowed: PoolProxiedConnection) -> None:
        """Return a connection that is in no transaction."""
        self._idle.append(borrowed)

    def close(self) -> None:
        """Close every connection."""
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()


class InlineConnection:
    """A connection in a transaction of its own; only its commit suspends."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._plain: Connection | None = None
        self.dialect = pool.engine.dialect

    @property
    def plain(self) -> Connection:
        """The same connection as SQLAlchemy sees it."""
        if self._plain is None:
            self._plain = Connection(self._pool.engine, self._borrowed)
        return self._plain

    async def __aenter__(self) -> Self:  # noqa: D105
        # SQLAlchemy's own connection is created on demand: most transactions never need it.
        self._borrowed = self._pool.take()
        self._driver: sqlite3.Connection = cast("sqlite3.Connection", self._borrowed.driver_connection)
        self._driver.execute(self._pool.begin)
        return self

    async def __aexit__(self, *_: object) -> None:  # noqa: D105
        # Roll back what was not committed.
        if self._plain:
            self._plain.close()
            return
        if self._driver.in_transaction:
            self._driver.rollback()
        self._pool.give_back(self._borrowed)

    async def commit(self) -> None:
        """Commit to disk, in a thread, so that nobody else waits for a slow disk."""
        await asyncio.get_running_loop().run_in_executor(None, self._driver.commit)

    async def execute(self, *arguments: Any) -> Any:
        """Run a statement."""
        return self.plain.execute(*arguments)

    def run(self, statement: Prepared[R], values: dict[str, Any]) -> Sequence[R]:
        """Run a prepared statement and return its rows."""
        return statement.run(self._driver, self.dialect, values)

    async def run_aside(self, statement: Prepared[R], values: dict[str, Any]) -> Sequence[R]:
        """Run a slow prepared statement in a thread; a cancelled caller interrupts it."""
        work = asyncio.get_running_loop().run_in_executor(_SLOW, self.run, statement, values)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # The connection may be reused only when nothing runs on it any more.
            while not work.done():
                self._driver.interrupt()
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({work}, timeout=0.1)
            work.exception()
            raise

    async def run_sync(self, work: Any, *arguments: Any) -> Any:
        """Call a function with a plain connection."""
        return work(self.plain, *arguments)


class InlineSession(AsyncSession):
    """A session whose coroutines never suspend."""

    def __init__(self, connection: InlineConnection) -> None:
        super().__init__(expire_on_commit=False)
        self.sync_session.bind = connection.plain
        self._connection = connection

    exec = _at_once("exec")
    execute = _at_once("execute")  # pyright: ignore[reportDeprecated]  the rooms choose
    scalar = _at_once("scalar")
    scalars = _at_once("scalars")
    get = _at_once("get")
    get_one = _at_once("get_one")
    delete = _at_once("delete")
    flush = _at_once("flush")
    refresh = _at_once("refresh")

    @override
    async def connection(self, *_: Any, **__: Any) -> Any:
        return self._connection
