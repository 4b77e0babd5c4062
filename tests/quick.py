"""What makes hundreds of tests in one process quick, and changes nothing that they see.

Passwords are hashed for next to nothing: most tests sign somebody in, and few are about how long that takes. And every
test has a database of its own: SQL that was compiled for one is not compiled again for the next, nor is the list of the
authorities whom TLS trusts read again for each client.
"""

import os
import signal
from functools import cache
from ssl import SSLContext
from typing import Any

import httpx
import httpx._transports.default
from coverage import Coverage
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine, create_engine

from vink_chat.kit import sqlite
from vink_chat.operators import passwords

_MEASURED = "COVERAGE_PROCESS_START" in os.environ
LAST_SIGNAL = signal.SIGUSR1 if _MEASURED else signal.SIGKILL
"""What ends a program that a test needs no more."""

_AS_IN_PRODUCTION = passwords._ARGON2
_CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


def hash_cheaply() -> None:
    """Hash with Argon2's least cost in this process: a fifth of a second of both cores each time otherwise."""
    _hash_with(_CHEAP)


def hash_as_in_production() -> None:
    """Hash with the cost people's passwords get."""
    _hash_with(_AS_IN_PRODUCTION)


def _hash_with(hashing: PasswordHash) -> None:
    passwords._ARGON2 = hashing
    passwords._dummy.cache_clear()


@cache
def _first() -> Engine:
    # Room for every statement of the program.
    engine = create_engine("sqlite://", query_cache_size=5000)
    engine.connect().close()
    return engine


def _engine(*arguments: Any, **options: Any) -> Engine:
    engine = create_engine(*arguments, **options)
    engine.dialect, engine._compiled_cache = _first().dialect, _first()._compiled_cache
    return engine


def share_between_databases() -> None:
    """Let the SQLite databases of this process share their compiled statements, and HTTP clients their TLS context."""
    sqlite.create_engine = _engine
    httpx._transports.default.create_ssl_context = _context


def _context(**options: Any) -> SSLContext:
    return _contexts(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"), **options)


@cache
def _contexts(*_named: str | None, **options: Any) -> SSLContext:
    return httpx.create_ssl_context(**options)


def save_coverage_at_the_end() -> None:
    """Where coverage is measured, write it down before this process ends by ``LAST_SIGNAL``."""
    if _MEASURED:
        signal.signal(LAST_SIGNAL, _save_and_end)


def _save_and_end(*_: object) -> None:
    if measured := Coverage.current():
        measured.stop()
        measured.save()
    os.kill(os.getpid(), signal.SIGKILL)
