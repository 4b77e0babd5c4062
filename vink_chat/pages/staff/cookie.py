"""The session cookie: HttpOnly, SameSite, Secure under https; a random token and nothing else."""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from vink_chat import config

NAME: Final = "vink_session"
DAYS: Final = 14


def token_in(header: object) -> str:
    """Return the session token of a ``Cookie`` header, or an empty text."""
    if not isinstance(header, str) or NAME not in header:
        return ""
    try:
        found = SimpleCookie(header[:8192]).get(NAME)
    except CookieError:
        return ""
    return found.value if found else ""


def is_secure() -> bool:
    """Tell whether browsers reach us over https."""
    return config.current().public_url.startswith("https://")
