"""Passwords hashed for next to nothing: most tests sign somebody in, and few are about how long that takes."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from vink_chat.operators import passwords

_AS_IN_PRODUCTION = passwords._ARGON2
_CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


def cheap() -> None:
    """Hash with Argon2's least cost in this process: a fifth of a second of both cores each time otherwise."""
    _use(_CHEAP)


def as_in_production() -> None:
    """Hash with the cost people's passwords get."""
    _use(_AS_IN_PRODUCTION)


def _use(hashing: PasswordHash) -> None:
    passwords._ARGON2 = hashing
    passwords._dummy.cache_clear()
