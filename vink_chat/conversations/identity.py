"""The visitor's secret: made here, kept by the browser, stored as a hash; or signed by the site they come from."""

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
# What a front end sends that forgot to make one: all its visitors would read one conversation.
_FORGOTTEN: Final = re.compile(
    r"(undefined|null|none|nan|true|false|token|chat[-_]?token|your[-_]?token|test|string|example|secret|uuid|guid|"
    r"user|visitor|client|session|anonymous|guest|default|unknown|password|qwerty|qwertyui|asdfghjk|[-_0-9])+",
    re.IGNORECASE,
)
_FEWEST_LETTERS: Final = 5
_SHORTEST_NUMBER: Final = 16
_LONGEST_ID: Final = 200
_MOMENT: Final = re.compile(r"[0-9]{9,11}")
# Seconds: a day, and a site's clock that goes before ours.
_HOLDS: Final = 24 * 3600
_SKEW: Final = 300


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


def signature_holds(secret: str, user_id: object, signature: object, *, timeless: bool = False) -> bool:
    """Tell whether a site signed its user's id: «time.HMAC», over ``user:time`` under the shared secret.

    The time is in seconds since 1970, and the HMAC is SHA-512 in hexadecimal digits. The form without a time has
    another hash: no id signed that way can be read as an id with a time. Compared in constant time. Without a secret
    nothing holds.

    Args:
        secret: Shared with the site.
        user_id: The site's id of its user, 1 to 200 characters.
        signature: What the site signed.
        timeless: Take the older form as well: an HMAC-SHA256 over the id alone, which holds for ever.
    """
    if not secret or not isinstance(user_id, str) or not isinstance(signature, str):
        return False
    if not 0 < len(user_id) <= _LONGEST_ID or any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in user_id):
        return False
    moment, dot, given = signature.rpartition(".")
    if dot:
        if not _MOMENT.fullmatch(moment) or not -_SKEW <= now().timestamp() - int(moment) <= _HOLDS:
            return False
        wanted = hmac.new(secret.encode(), f"{user_id}:{moment}".encode(), hashlib.sha512).hexdigest()
    elif timeless:
        wanted = hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()
    else:
        return False
    return hmac.compare_digest(wanted.encode(), given.lower().encode("utf-8", "replace"))


def signed_secret(key: str, user_id: str) -> str:
    """Return the visitor's secret of a site's own user: the same on every device, and known to no browser.

    Args:
        key: The installation's own secret, ``VINK_SECRET``.
        user_id: The site's id of the user, its signature checked before.
    """
    return hmac.new(key.encode(), f"identity:{user_id}".encode(), hashlib.sha256).hexdigest()
