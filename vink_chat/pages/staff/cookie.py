"""The cookies of the staff: HttpOnly, SameSite, Secure under https.

One holds a session's random token and nothing else. The other proves that this browser has signed in to an account
before, so that wrong passwords sent from elsewhere do not lock its owner out.
"""

import hashlib
import hmac
import secrets
from typing import Any, Final

from fastapi import Response

from vink_chat import config, operators

_COOKIE_SECONDS: Final = 14 * 86_400
_NAME: Final = "vink_session"
_DEVICE: Final = "vink_device"
_DEVICE_SECONDS: Final = 365 * 86_400


def put(answer: Response, token: str) -> None:
    """Set the session's token in a response."""
    answer.set_cookie(value=token, max_age=_COOKIE_SECONDS, **_attributes())


def drop(answer: Response) -> None:
    """Remove the session's token by a response; a ``__Host-`` cookie needs the same attributes for that."""
    answer.delete_cookie(**_attributes())


def token_in(header: object) -> str:
    """Return the session token of a ``Cookie`` header, or an empty text."""
    return _value(header, _NAME)


def remember_device(answer: Response, login: str) -> None:
    """Set the cookie that proves that this browser has signed in to an account."""
    number = secrets.token_urlsafe(12)
    value = f"{number}.{_device_seal(number, login)}"
    answer.set_cookie(value=value, max_age=_DEVICE_SECONDS, **_attributes(_DEVICE))


def device_in(header: object, login: str) -> str:
    """Return the number of a browser that has signed in to this account before, or an empty text."""
    number, _, seal = _value(header, _DEVICE).partition(".")
    fits = hmac.compare_digest(seal.encode("utf-8", "replace"), _device_seal(number, login).encode())
    return number if number and fits else ""


def _device_seal(number: str, login: str) -> str:
    said = f"device:{number}:{operators.login_key(login)}".encode("utf-8", "replace")
    return hmac.new(config.current().secret.encode(), said, hashlib.sha256).hexdigest()


def _value(header: object, name: str) -> str:
    """Read one cookie by hand: the library finds none beside a malformed one of the site's other pages."""
    pairs = header.split(";") if isinstance(header, str) else []
    found = [value for key, _, value in (pair.strip().partition("=") for pair in pairs) if key == _name(name)]
    return found[0] if found else ""


def _name(name: str) -> str:
    # Under https the prefix keeps the domain's other hosts from setting it.
    return f"__Host-{name}" if _is_secure() else name


def _is_secure() -> bool:
    return config.current().public_url.startswith("https://")


def _attributes(name: str = _NAME) -> dict[str, Any]:
    return {"key": _name(name), "path": "/", "httponly": True, "secure": _is_secure(), "samesite": "lax"}
