"""SQLite on the event loop's own thread: statements run where they are awaited.

The stock asynchronous driver sends every cursor, execute, fetch and close to a thread and waits, some eighteen hops for
one small transaction. SQLite answers in microseconds and a durable commit takes a third of a millisecond, so here the
plain driver is called at once (ADR 0004, with figures).
"""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import make_url
from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    # A commit is on the disk before it is acknowledged.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA cache_size=-16000",
)


def engine(url: str, begin: str) -> Engine:
    """Open a SQLite file the way this project uses it: WAL, durable commits, foreign keys, our own BEGIN."""
    path = make_url(url).database or ":memory:"
    Path(path).parent.mkdir(parents=True, exist_ok=True)

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return connection

    # No upper bound: waiting for a connection would stop the loop, and with it whoever could give one back.
    made = create_engine("sqlite://", creator=opened, poolclass=QueuePool, pool_size=4, max_overflow=-1)

    @event.listens_for(made, "begin")
    def start(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.exec_driver_sql(begin)

    return made


def _at_once(name: str) -> Any:
    async def call(self: AsyncSession, *arguments: Any, **options: Any) -> Any:
        return getattr(self.sync_session, name)(*arguments, **options)

    return call


class InlineConnection:
    """A connection whose coroutines never suspend."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.dialect = engine.dialect

    async def __aenter__(self) -> Self:  # noqa: D105
        self.plain = self._engine.connect()
        return self

    async def __aexit__(self, *_: object) -> None:  # noqa: D105
        self.plain.close()

    async def begin(self) -> None:
        """Begin the transaction."""
        self.plain.begin()

    async def commit(self) -> None:
        """Commit it; it is on the disk then. In a thread: nobody else shall wait for a slow disk."""
        await asyncio.get_running_loop().run_in_executor(None, self.plain.commit)

    async def execute(self, *arguments: Any) -> Any:
        """Run a statement."""
        return self.plain.execute(*arguments)

    async def run_sync(self, work: Any, *arguments: Any) -> Any:
        """Call what wants a plain connection."""
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
