"""What is wrong with a database, in one sentence: for the engineer who starts the chat, and for its visitors."""

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
    """The database took nothing: its disk is full, broken or read-only."""

    sentence = "Не удалось сохранить: на сервере чата нет места или не работает диск. Попробуйте через несколько минут."
    status = 503


def cannot_write(error: BaseException) -> str:
    """Return why a database takes no writes just now; nothing when this error does not say so."""
    for one in _causes(error):
        name = getattr(one, "sqlite_errorname", "") or ""
        for start, reason in _FULL.items():
            if isinstance(one, sqlite3.Error) and name.startswith(start):
                return reason
        if reason := _FULL_STATES.get(getattr(one, "sqlstate", "") or ""):
            return reason
        if isinstance(one, OSError) and one.errno in _FULL_NUMBERS:
            return _FULL["SQLITE_FULL"]
    return ""


def cannot_start(url: str, error: BaseException) -> str:
    """Return one sentence on why the database of this URL cannot be used, and what to do; nothing for another fault.

    No password of the URL stands in it.
    """
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return _sqlite(str(parts.database), error)
    where = f"{parts.host}:{parts.port or 5432}"
    for one in _causes(error):
        state = getattr(one, "sqlstate", "") or ""
        if state in _REFUSED_STATES:
            return f"{_SETTING}: PostgreSQL at {where} refuses the user «{parts.username}»: check name and password."
        if state == _NO_DATABASE:
            return f"{_SETTING}: PostgreSQL at {where} has no database «{parts.database}»: create it, or write another."
        if isinstance(one, OSError | TimeoutError):
            return (
                f"{_SETTING}: PostgreSQL at {where} cannot be reached ({_short(one)}): start it, or write its address."
            )
    known = [one for one in _causes(error) if getattr(one, "sqlstate", "")]
    return f"{_SETTING}: PostgreSQL at {where} refuses: {_short(known[0])}" if known else ""


def check_file(path: Path) -> str:
    """Make the folder of a SQLite file, not the file; return one sentence on why it cannot be there, or nothing."""
    if path.is_dir():
        return f"{_SETTING}: {path} is a folder: write the path of a file, such as sqlite:///data/vink_chat.db."
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The lock that every start takes.
        path.with_suffix(".lock").open("ab").close()
        if path.exists():
            path.open("ab").close()
    except (FileExistsError, NotADirectoryError):
        return f"{_SETTING}: {path} cannot be made, a part of it is a file and not a folder: write another path."
    except OSError as error:
        return _sqlite(str(path), error)
    return ""


def _sqlite(path: str, error: BaseException) -> str:
    for one in _causes(error):
        if isinstance(one, OSError | sqlite3.Error):
            return (
                f"{_SETTING}: the SQLite file {path} cannot be used ({_short(one)}): make it writable for this user, "
                "or write the path of another one."
            )
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk from an error to what it was made of."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or one in seen:
            continue
        seen.append(one)
        yield one
        waiting += [one.__context__, one.__cause__]
        if isinstance(one, SQLAlchemyError):
            waiting.append(getattr(one, "orig", None))


def _short(error: BaseException) -> str:
    words = (
        (getattr(error, "strerror", None) if isinstance(error, OSError) else "") or str(error) or "no answer in time"
    )
    return " ".join(words.split())[:200]
