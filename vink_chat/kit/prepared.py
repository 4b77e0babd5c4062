"""Statements that are compiled once and then run directly by SQLite's own driver.

SQLAlchemy compiles the SQL and converts the values; the objects that it creates for every execution (a context, a
result, rows) take several times longer than SQLite itself (ADR 0004, with figures).
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, cast, overload
from uuid import UUID

import orjson
from sqlalchemy import JSON, Dialect, Row, Uuid
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from typing_extensions import TypeVar

from vink_chat.kit.columns import Moment

Process = Callable[[Any], Any]
R = TypeVar("R", default=Row[Any])


class Prepared(Generic[R]):
    """A statement of a path that every message takes.

    Attributes:
        statement: Run by SQLAlchemy itself on PostgreSQL. Its parameters are fixed: no list for ``IN``.
        make: Builds a row from its values; without it, a row is a named tuple of its columns.
    """

    @overload
    def __init__(self: "Prepared[Row[Any]]", statement: Any) -> None: ...
    @overload
    def __init__(self, statement: Any, make: Callable[[Iterable[Any]], R]) -> None: ...
    def __init__(self, statement: Any, make: Callable[[Iterable[Any]], Any] | None = None) -> None:
        self.statement = statement
        self.make = make
        self._ready: dict[tuple[str, ...], _Ready] = {}

    def run(self, connection: sqlite3.Connection, dialect: Dialect, values: dict[str, Any]) -> Sequence[R]:
        """Run it on SQLite and return its rows.

        Raises:
            DBAPIError: As SQLAlchemy would raise it.
        """
        names = tuple(values)
        ready = self._ready.get(names)
        if ready is None:
            ready = self._ready[names] = _Ready(self.statement, dialect, names, self.make)
        return ready.run(connection, values)


class _Ready:
    """A statement compiled for the parameter names of one caller."""

    def __init__(
        self, statement: ClauseElement, dialect: Dialect, names: tuple[str, ...], make: Process | None
    ) -> None:
        compiled = cast("SQLCompiler", statement.compile(dialect=dialect, column_keys=list(names) or None))
        self._sql = compiled.string
        self._dialect = dialect
        self._preset: dict[str, Any] = {
            name: value for name, value in compiled.params.items() if name not in names and value is not None
        }
        self._defaults = [(column.name, cast("Any", column.default).arg) for column in compiled.insert_prefetch]
        self._takes: list[tuple[str, Process | None]] = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup or ()
        ]
        columns: list[Any] = list(getattr(statement, "exported_columns", ()))
        self._gives = list(_results(columns, dialect))
        # Without known columns (textual SQL) a row is a plain tuple.
        self._row: Process = make or (_row_of([column.key for column in columns]) if columns else tuple)

    def run(self, connection: sqlite3.Connection, values: dict[str, Any]) -> Sequence[Any]:
        given = self._preset | values
        for name, default in self._defaults:
            given[name] = default(None) if callable(default) else default
        taken = [process(given[name]) if process else given[name] for name, process in self._takes]
        try:
            found = connection.execute(self._sql, taken).fetchall()
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                self._sql, taken, error, sqlite3.Error, hide_parameters=True, dialect=self._dialect
            ) from error
        return [self._row(self._read(row)) for row in found]

    def _read(self, row: Sequence[Any]) -> Sequence[Any]:
        read = list(row)
        for at, process in self._gives:
            read[at] = process(read[at])
        return read


def _row_of(names: list[str]) -> Process:
    return namedtuple("Row", names)._make  # pyright: ignore[reportUntypedNamedTuple]  known at run time


# The same values as from SQLAlchemy's own processors, several times faster; a test compares the two.
_QUICK: dict[type[Any], Process] = {
    Uuid: lambda value: None if value is None else UUID(int=int(value, 16)),
    Moment: lambda value: None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC),
    JSON: lambda value: None if value is None else orjson.loads(value),
}


def _results(columns: Sequence[Any], dialect: Dialect) -> Iterator[tuple[int, Process]]:
    for at, column in enumerate(columns):
        quick = next((process for kind, process in _QUICK.items() if isinstance(column.type, kind)), None)
        process = quick or column.type.dialect_impl(dialect).result_processor(dialect, None)
        if process:
            yield at, process
