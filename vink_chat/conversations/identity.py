"""Who a visitor is: a secret that their browser keeps and the database knows as a hash, or an id their site signed."""

import hashlib
import hmac
import itertools
import re
import secrets
import unicodedata
from typing import Final
from uuid import UUID

from vink_chat.conversations.errors import UnknownVisitor
from vink_chat.kit.clock import now

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{8,100}")
# Values that a front end sends when it forgot to make a secret: all its visitors would share one conversation.
_PLACEHOLDER: Final = re.compile(
    r"(undefined|null|none|nan|true|false|token|chat[-_]?token|your[-_]?token|test|string|example|secret|uuid|guid|"
    r"user|visitor|client|session|anonymous|guest|default|unknown|password|qwerty|qwertyui|asdfghjk|[-_0-9])+",
    re.IGNORECASE,
)
_FEWEST_LETTERS: Final = 5
_SHORTEST_NUMBER: Final = 16
_LONGEST_ID: Final = 200
_MOMENT: Final = re.compile(r"[0-9]{9,11}")
# Seconds: how long a signature is valid, and how far a site's clock may run ahead.
_VALID_FOR: Final = 24 * 3600
_CLOCK_SKEW: Final = 300


def new_secret() -> str:
    """Return a new random secret of 256 bits."""
    return secrets.token_urlsafe(32)


def is_secret(value: object) -> bool:
    """Tell whether a value from outside is a well-formed secret."""
    return isinstance(value, str) and _SECRET.fullmatch(value) is not None and not _is_guessable(value)


def _is_guessable(value: str) -> bool:
    """Tell whether several front ends may send this value: a placeholder, a literal, a row of the keyboard."""
    codes = [ord(sign) for sign in value.lower()]
    rising = all(after - before in {0, 1} for before, after in itertools.pairwise(codes))
    falling = all(before - after in {0, 1} for before, after in itertools.pairwise(codes))
    repetitive = len(set(value)) < _FEWEST_LETTERS
    # A long number can be unique; a date or a phone number is not long enough.
    placeholder = _PLACEHOLDER.fullmatch(value) is not None and (not value.isdigit() or len(value) < _SHORTEST_NUMBER)
    return rising or falling or repetitive or placeholder


def secret_hash(secret: object) -> str:
    """Return the hash under which a secret is stored.

    Raises:
        UnknownVisitor: The secret is malformed.
    """
    if not isinstance(secret, str) or not is_secret(secret):
        raise UnknownVisitor
    return hashlib.sha256(secret.encode()).hexdigest()


def visitor_id(secret: object) -> UUID:
    """Return the id of the visitor who has a secret.

    Raises:
        UnknownVisitor: The secret is malformed.
    """
    return UUID(hex=secret_hash(secret)[:32])


def signature_holds(secret: str, user_id: object, signature: object, *, timeless: bool = False) -> bool:
    """Tell whether a site signed its user's id: «time.HMAC», over ``user:time`` under the shared secret.

    The time is in seconds since 1970, and the HMAC is SHA-512 in hexadecimal digits. The older form without a time uses
    another hash, so that a signature of one form is never valid in the other. The comparison takes constant time.
    Without a secret no signature is valid.

    Args:
        secret: Shared with the site.
        user_id: The site's id of its user, 1 to 200 characters.
        signature: What the site signed.
        timeless: Accept the older form too: an HMAC-SHA256 over the id alone, which never expires.
    """
    if not secret or not isinstance(user_id, str) or not isinstance(signature, str):
        return False
    if not 0 < len(user_id) <= _LONGEST_ID or any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in user_id):
        return False
    moment, dot, given = signature.rpartition(".")
    if dot:
        if not _MOMENT.fullmatch(moment) or not -_CLOCK_SKEW <= now().timestamp() - int(moment) <= _VALID_FOR:
            return False
        expected = hmac.new(secret.encode(), f"{user_id}:{moment}".encode(), hashlib.sha512).hexdigest()
    elif timeless:
        expected = hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()
    else:
        return False
    return hmac.compare_digest(expected.encode(), given.lower().encode("utf-8", "replace"))


def signed_secret(key: str, user_id: str) -> str:
    """Return the secret of a visitor whom their site signed in: the same on every device, and known to no browser.

    Args:
        key: The installation's own secret, ``VINK_SECRET``.
        user_id: The site's id of the user; the caller has checked its signature.
    """
    return hmac.new(key.encode(), f"identity:{user_id}".encode(), hashlib.sha256).hexdigest()
