"""SQLite without a thread between: statements run where they are awaited.

The stock driver sends every cursor, execute, fetch and close to a thread and waits, some eighteen hops for one small
transaction. SQLite answers in microseconds and a durable commit takes a third of a millisecond, so here the calls are
made at once (ADR 0004, with figures). Nothing else of the driver changes.
"""

import sqlite3
from collections.abc import Callable, Generator
from typing import Any, Final

import aiosqlite
from typing_extensions import override

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    # A commit is on the disk before it is acknowledged.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA cache_size=-16000",
)


class InlineConnection(aiosqlite.Connection):
    """A connection whose coroutines never suspend."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)

    @override
    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._connection is None:
            msg = "Connection closed"
            raise ValueError(msg)
        return fn(*args, **kwargs)

    @override
    async def _connect(self) -> "InlineConnection":
        if self._connection is None:
            self._connection = self._connector()
        return self

    @override
    def __await__(self) -> Generator[Any, None, "InlineConnection"]:
        return self._connect().__await__()

    @override
    def stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @override
    async def close(self) -> None:
        self.stop()


def connect(path: str, *_: Any, **__: Any) -> InlineConnection:
    """Open a SQLite file the way this project uses it: WAL, durable commits, foreign keys, our own BEGIN."""

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return connection

    return InlineConnection(opened)
