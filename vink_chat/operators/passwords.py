"""Passwords: hashed by Argon2 off the event loop, and judged by how many guesses they withstand.

Nothing here may run while a transaction is open: a hash takes tens of milliseconds. So the few verbs that hash are not
given an open transaction but ``Begin``, the way to open one: they read in a first transaction, hash between, and write
in a second, where they look again at what may have changed meanwhile.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Final

from pwdlib import PasswordHash
from zxcvbn import zxcvbn

from vink_chat.kit import letters

_ARGON2: Final = PasswordHash.recommended()
# Each hash takes 64 MiB and all the power of a core: a burst of sign-ins waits instead of starving the chat.
_HASHERS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
_ENOUGH: Final = 1_000_000
# A weak password is weak from its beginning, and each sign more is dear to judge.
_LOOKED_AT: Final = 20
# Signs that zxcvbn reads as letters («p@$$word»), in every combination: with all of them that takes seconds. Digits
# stay, they make dates and sequences.
_SIGNS_FOR_LETTERS: Final = "@({[<!|$+%"
_MOST_READ_AS_LETTERS: Final = 2
_READ_AS_ITSELF: Final = 0xE000
# The commonest Russian passwords that are no English word when typed on a Latin keyboard.
_RUSSIAN: Final = ("пароль", "привет", "любовь", "россия", "москва", "солнышко", "админ", "оператор", "винк", "марина")


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


def few(password: str, login: str = "") -> bool:
    """Tell whether a password falls to fewer than a million guesses, on either keyboard layout.

    Args:
        password: The password; its first 20 signs are looked at, and in bounded time whatever they are.
        login: The login of its account, the first guess of all.
    """
    known = [login, *_RUSSIAN, *map(letters.in_latin_layout, _RUSSIAN)]
    # Some letters become two in one case.
    beginning = password[:_LOOKED_AT].casefold()[:_LOOKED_AT]
    typed = {beginning, letters.in_latin_layout(beginning)}
    return any(zxcvbn(_with_few_signs_for_letters(one), user_inputs=known)["guesses"] < _ENOUGH for one in typed)


def _with_few_signs_for_letters(text: str) -> str:
    """Return a text in which only the first two of the signs that stand for letters do so still."""
    found = dict.fromkeys(sign for sign in text if sign in _SIGNS_FOR_LETTERS)
    surplus = list(found)[_MOST_READ_AS_LETTERS:]
    # Another sign each, that stands for no letter: what repeats still repeats.
    return text.translate({ord(sign): _READ_AS_ITSELF + number for number, sign in enumerate(surplus)})
