"""Errors of the database as sentences: for the engineer who starts the chat, and for its visitors."""

import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from vink_chat.kit.errors import VinkError

_SETTING: Final = "VINK_DATABASE_URL"
_FULL: Final = {
    "SQLITE_FULL": "the disk of the database is full",
    "SQLITE_READONLY": "the database cannot be written: its disk or its file is read-only",
    "SQLITE_IOERR": "the disk of the database fails, or is full",
    "SQLITE_CANTOPEN": "the files of the database cannot be opened",
}
_FULL_NUMBERS: Final = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EFBIG})
# PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html
_FULL_STATES: Final = {
    "53100": "the disk of PostgreSQL is full",
    "25006": "PostgreSQL takes no writes: it is a standby, or read-only",
}
_REFUSED_STATES: Final = frozenset({"28P01", "28000"})
_NO_DATABASE: Final = "3D000"


class NotSaved(VinkError):
    """Nothing was saved: the database's disk is full, broken or read-only."""

    sentence = "Не удалось сохранить: на сервере чата нет места или не работает диск. Попробуйте через несколько минут."
    status = 503


def cannot_write(error: BaseException) -> str:
    """Return why the database cannot be written; empty if the error has another cause."""
    for cause in _causes(error):
        name = getattr(cause, "sqlite_errorname", "") or ""
        for start, reason in _FULL.items():
            if isinstance(cause, sqlite3.Error) and name.startswith(start):
                return reason
        if reason := _FULL_STATES.get(getattr(cause, "sqlstate", "") or ""):
            return reason
        if isinstance(cause, OSError) and cause.errno in _FULL_NUMBERS:
            return _FULL["SQLITE_FULL"]
    return ""


def cannot_start(url: str, error: BaseException) -> str:
    """Return why the database of a URL cannot be used and what to do; empty if the error has another cause.

    The sentence does not contain the URL's password.
    """
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return _sqlite(str(parts.database), error)
    where = f"{parts.host}:{parts.port or 5432}"
    for cause in _causes(error):
        state = getattr(cause, "sqlstate", "") or ""
        if state in _REFUSED_STATES:
            return f"{_SETTING}: PostgreSQL at {where} refuses the user «{parts.username}»: check name and password."
        if state == _NO_DATABASE:
            return f"{_SETTING}: PostgreSQL at {where} has no database «{parts.database}»: create it, or write another."
        if isinstance(cause, OSError | TimeoutError):
            reason = _short(cause)
            return f"{_SETTING}: PostgreSQL at {where} cannot be reached ({reason}): start it, or write its address."
    refusal = next((cause for cause in _causes(error) if getattr(cause, "sqlstate", "")), None)
    return f"{_SETTING}: PostgreSQL at {where} refuses: {_short(refusal)}" if refusal else ""


def check_file(path: Path) -> str:
    """Create the folder of a SQLite file; return why the file cannot be there, or an empty text."""
    if path.is_dir():
        return f"{_SETTING}: {path} is a folder: write the path of a file, such as sqlite:///data/vink_chat.db."
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The lock that every start takes.
        path.with_suffix(".lock").open("ab").close()
        if path.exists():
            path.open("ab").close()
    except (FileExistsError, NotADirectoryError):
        return f"{_SETTING}: {path} cannot be created, a part of it is a file and not a folder: write another path."
    except OSError as error:
        return _sqlite(str(path), error)
    return ""


def _sqlite(path: str, error: BaseException) -> str:
    for cause in _causes(error):
        if isinstance(cause, OSError | sqlite3.Error):
            return (
                f"{_SETTING}: the SQLite file {path} cannot be used ({_short(cause)}): make it writable for this user, "
                "or write the path of another one."
            )
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and the errors that caused it."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop()
        if cause is None or cause in seen:
            continue
        seen.append(cause)
        yield cause
        waiting += [cause.__context__, cause.__cause__]
        if isinstance(cause, SQLAlchemyError):
            waiting.append(getattr(cause, "orig", None))


def _short(error: BaseException) -> str:
    words = (
        (getattr(error, "strerror", None) if isinstance(error, OSError) else "") or str(error) or "no answer in time"
    )
    return " ".join(words.split())[:200]
