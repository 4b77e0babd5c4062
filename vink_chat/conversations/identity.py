"""The visitor's secret: made here, kept by the browser, stored as a hash."""

import hashlib
import itertools
import re
import secrets
from typing import Final
from uuid import UUID

from vink_chat.conversations.errors import UnknownVisitor

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{8,100}")
# What a front end sends that forgot to make one: all its visitors would read one conversation.
_FORGOTTEN: Final = re.compile(
    r"(undefined|null|none|nan|true|false|token|chat[-_]?token|your[-_]?token|test|string|example|secret|uuid|guid|"
    r"user|visitor|client|session|anonymous|guest|default|unknown|password|qwerty|qwertyui|asdfghjk|[-_0-9])+",
    re.IGNORECASE,
)
_FEWEST_LETTERS: Final = 5
_SHORTEST_NUMBER: Final = 16


def new_secret() -> str:
    """Return a fresh secret of 256 bits."""
    return secrets.token_urlsafe(32)


def is_secret(value: object) -> bool:
    """Tell whether a value from outside has the form of a secret."""
    return isinstance(value, str) and _SECRET.fullmatch(value) is not None and not _could_be_anybodys(value)


def _could_be_anybodys(value: str) -> bool:
    """Tell whether many front ends may send this: a value of a program, a placeholder, a row of the keyboard."""
    codes = [ord(sign) for sign in value.lower()]
    rises = all(after - before in {0, 1} for before, after in itertools.pairwise(codes))
    falls = all(before - after in {0, 1} for before, after in itertools.pairwise(codes))
    few = len(set(value)) < _FEWEST_LETTERS
    # A number may be long enough to be nobody else's: a day's digits or a phone number is not.
    forgotten = _FORGOTTEN.fullmatch(value) is not None and (not value.isdigit() or len(value) < _SHORTEST_NUMBER)
    return rises or falls or few or forgotten


def secret_hash(secret: object) -> str:
    """Return the hash under which a secret is known.

    Raises:
        UnknownVisitor: It is not a secret at all.
    """
    if not isinstance(secret, str) or not is_secret(secret):
        raise UnknownVisitor
    return hashlib.sha256(secret.encode()).hexdigest()


def visitor_id(secret: object) -> UUID:
    """Return the id of the visitor who holds a secret.

    Raises:
        UnknownVisitor: It is not a secret at all.
    """
    return UUID(hex=secret_hash(secret)[:32])
