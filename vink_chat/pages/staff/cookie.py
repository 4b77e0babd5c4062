"""The session cookie: HttpOnly, SameSite, Secure under https; a random token and nothing else."""

from typing import Any, Final

from fastapi import Response

from vink_chat import config

_SECONDS: Final = 14 * 86_400
_NAME: Final = "vink_session"


def put(answer: Response, token: str) -> None:
    """Let an answer keep a session's token in the browser."""
    answer.set_cookie(value=token, max_age=_SECONDS, **_attributes())


def drop(answer: Response) -> None:
    """Let an answer take the token out of the browser: under ``__Host-`` that asks for the same attributes."""
    answer.delete_cookie(**_attributes())


def token_in(header: object) -> str:
    """Return the session token of a ``Cookie`` header, or an empty text.

    The site's other pages set cookies of any form; the library's reader finds nothing beside one it cannot read.
    """
    pairs = header.split(";") if isinstance(header, str) else []
    found = [value for key, _, value in (pair.strip().partition("=") for pair in pairs) if key == _name()]
    return found[0] if found else ""


def _name() -> str:
    # Under https such that no other host of the site's domain can set it.
    return f"__Host-{_NAME}" if _is_secure() else _NAME


def _is_secure() -> bool:
    return config.current().public_url.startswith("https://")


def _attributes() -> dict[str, Any]:
    return {"key": _name(), "path": "/", "httponly": True, "secure": _is_secure(), "samesite": "lax"}
