"""Passwords: hashed by Argon2 off the event loop, and judged by how many guesses they withstand.

Hashing takes tens of milliseconds, so no transaction may be open meanwhile. The few verbs that hash therefore receive
``Begin`` (a way to open a transaction) instead of an open one: they read in a first transaction, hash, and write in a
second, where they check again what may have changed.
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
# Each hash takes 64 MiB and a whole core, so a burst of sign-ins waits instead of starving the chat.
_HASHERS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
_ENOUGH: Final = 1_000_000
# A weak password is weak from its beginning, and every further character makes the estimate slower.
_LOOKED_AT: Final = 20
# zxcvbn tries every combination of these characters as letters («p@$$word»); with all of them that takes seconds.
# Digits stay, since they form dates and sequences.
_SIGNS_FOR_LETTERS: Final = "@({[<!|$+%"
_MOST_READ_AS_LETTERS: Final = 2
_READ_AS_ITSELF: Final = 0xE000
# The most common Russian passwords that are not an English word when typed on a Latin keyboard.
_RUSSIAN: Final = ("пароль", "привет", "любовь", "россия", "москва", "солнышко", "админ", "оператор", "винк", "марина")


async def hashed(password: str) -> str:
    """Return the hash of a new password."""
    return await asyncio.get_running_loop().run_in_executor(_HASHERS, _ARGON2.hash, password)


async def matches(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    """Tell whether a password matches a hash; also return a new hash if the parameters were increased since.

    Without a hash the same work is done, so that timing does not reveal whether an account exists.
    """
    return await asyncio.get_running_loop().run_in_executor(_HASHERS, partial(_verify, password, password_hash))


def _verify(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    dummy = _dummy()
    fits, newer = _ARGON2.verify_and_update(password, password_hash or dummy)
    return (fits, newer) if password_hash else (False, None)


@cache
def _dummy() -> str:
    return _ARGON2.hash(secrets.token_urlsafe(16))


def is_easy_to_guess(password: str, login: str = "") -> bool:
    """Tell whether a password would be found within a million guesses, in either keyboard layout.

    Args:
        password: Its first 20 characters are checked, in bounded time.
        login: The login of its account, the first thing to guess.
    """
    common = [login, *_RUSSIAN, *map(letters.in_latin_layout, _RUSSIAN)]
    # Case folding can turn one letter into two.
    beginning = password[:_LOOKED_AT].casefold()[:_LOOKED_AT]
    typed = {beginning, letters.in_latin_layout(beginning)}
    return any(zxcvbn(_with_few_signs_for_letters(text), user_inputs=common)["guesses"] < _ENOUGH for text in typed)


def _with_few_signs_for_letters(text: str) -> str:
    """Return a text in which at most two different characters still look like letters to zxcvbn."""
    look_alikes = dict.fromkeys(sign for sign in text if sign in _SIGNS_FOR_LETTERS)
    surplus = list(look_alikes)[_MOST_READ_AS_LETTERS:]
    # Replace each by one other character, so that repetitions stay repetitions.
    return text.translate({ord(sign): _READ_AS_ITSELF + number for number, sign in enumerate(surplus)})
