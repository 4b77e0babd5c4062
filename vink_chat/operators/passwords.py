"""Argon2, off the event loop. Nothing here may run while a transaction is open: a hash takes tens of milliseconds.

So the few verbs that hash are not given an open transaction but ``Begin``, the way to open one: they read in a first,
hash between, and write in a second, where they look again at what may have changed meanwhile.
"""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from functools import cache, partial
from typing import Final

from pwdlib import PasswordHash

from vink_chat.kit.db import Transaction

Begin = Callable[[], AbstractAsyncContextManager[Transaction]]
"""Opens a transaction: ``kit.db.transaction``."""

_ARGON2: Final = PasswordHash.recommended()
# Each hash takes 64 MiB and all the power of a core: a burst of sign-ins waits instead of starving the chat.
_HASHERS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


async def hashed(password: str) -> str:
    """Return the hash of a new password."""
    return await asyncio.get_running_loop().run_in_executor(_HASHERS, _ARGON2.hash, password)


async def matches(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    """Say whether a password fits a hash, and its newer hash when the parameters have grown since.

    Without a hash the same work is done for nothing, so the time tells nobody whether an account exists.
    """
    return await asyncio.get_running_loop().run_in_executor(_HASHERS, partial(_verify, password, password_hash))


def _verify(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    dummy = _dummy()
    fits, newer = _ARGON2.verify_and_update(password, password_hash or dummy)
    return (fits, newer) if password_hash else (False, None)


@cache
def _dummy() -> str:
    return _ARGON2.hash(secrets.token_urlsafe(16))
