"""The visitor's secret: made here, kept by the browser, stored as a hash."""

import hashlib
import re
import secrets
from typing import Final
from uuid import UUID

from vink_chat.conversations.errors import UnknownVisitor

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{8,100}")


def new_secret() -> str:
    """Return a fresh secret of 256 bits."""
    return secrets.token_urlsafe(32)


def is_secret(value: object) -> bool:
    """Tell whether a value from outside has the form of a secret."""
    return isinstance(value, str) and _SECRET.fullmatch(value) is not None


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
