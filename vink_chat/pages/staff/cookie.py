"""The session cookie: HttpOnly, SameSite, Secure under https; a random token and nothing else."""

from typing import Final

from vink_chat import config

DAYS: Final = 14
_NAME: Final = "vink_session"


def name() -> str:
    """Return what the cookie is called: under https such that no other host of the site's domain can set it."""
    return f"__Host-{_NAME}" if is_secure() else _NAME


def token_in(header: object) -> str:
    """Return the session token of a ``Cookie`` header, or an empty text.

    The site's other pages set cookies of any form; the library's reader finds nothing beside one it cannot read.
    """
    pairs = header.split(";") if isinstance(header, str) else []
    found = [value for key, _, value in (pair.strip().partition("=") for pair in pairs) if key == name()]
    return found[0] if found else ""


def is_secure() -> bool:
    """Tell whether browsers reach us over https."""
    return config.current().public_url.startswith("https://")
