"""Validation of logins, names, passwords and tokens: pure rules over untrusted input."""

import hashlib
import re
import secrets
import unicodedata
from datetime import timedelta
from typing import Final

from vink_chat.operators import passwords
from vink_chat.operators.errors import (
    CommonPassword,
    InvalidLogin,
    InvalidName,
    InvalidPassword,
    InvalidPresence,
    InvalidRole,
    InvalidSound,
    InvalidTelegram,
    PasswordIsLogin,
)
from vink_chat.operators.model import Presence, Purpose, QueueSound, Role

IDLE: Final = timedelta(hours=12)
LONGEST_SESSION: Final = timedelta(days=14)
TOUCH_EVERY: Final = timedelta(minutes=1)
LINK_LIFE: Final = {
    Purpose.INVITE: timedelta(days=7),
    Purpose.RESET: timedelta(days=1),
    Purpose.FIRST_ADMIN: timedelta(days=1),
    Purpose.TELEGRAM: timedelta(minutes=15),
}
SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 200
LONGEST_NAME: Final = 80
_LOGIN: Final = re.compile(r"[\w.+@-]{3,64}")
_LONGEST_TOKEN: Final = 200
_LARGEST_TELEGRAM_ID: Final = 2**53


def login_of(value: object) -> str:
    """Return a login without surrounding spaces.

    Raises:
        InvalidLogin: It has an invalid format.
    """
    login = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    if not _LOGIN.fullmatch(login):
        raise InvalidLogin
    return login


def login_key(login: str) -> str:
    """Return a login in the form used for comparison."""
    return unicodedata.normalize("NFKC", login.strip()).casefold()


def name_of(value: object) -> str:
    """Return a person's name with normalized spaces.

    Raises:
        InvalidName: It is empty, too long or unprintable.
    """
    name = " ".join(value.split()) if isinstance(value, str) else ""
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise InvalidName
    return name


def name_from_telegram(value: object) -> str:
    """Return a valid name for whatever name a Telegram account has."""
    text = value if isinstance(value, str) else ""
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return name[:LONGEST_NAME].strip() or "Без имени"


def password_of(value: object, login: str = "") -> str:
    """Return a new password in one Unicode form, so that it is the same from any keyboard.

    Args:
        value: What was typed.
        login: The login of the account, which must not be the password or most of it.

    Raises:
        InvalidPassword: It is too short, too long or not text.
        PasswordIsLogin: It repeats the login.
        CommonPassword: It is easy to guess.
    """
    password = same_password(value)
    if password is None or len(password) < SHORTEST_PASSWORD:
        raise InvalidPassword
    if login and login_key(password) == login_key(login):
        raise PasswordIsLogin
    if passwords.is_easy_to_guess(password, login):
        raise CommonPassword
    return password


def same_password(value: object) -> str | None:
    """Return a typed password in the form that is hashed; None if it cannot be a password."""
    if not isinstance(value, str) or len(value) > LONGEST_PASSWORD:
        return None
    password = unicodedata.normalize("NFC", value)
    # Half of a surrogate pair cannot be encoded.
    return None if any("\ud800" <= sign <= "\udfff" for sign in password) else password


def role_of(value: object) -> Role:
    """Return a role.

    Raises:
        InvalidRole: There is no such role.
    """
    try:
        return Role(value)  # pyright: ignore[reportArgumentType]  whatever the browser sent
    except ValueError:
        raise InvalidRole from None


def presence_of(value: object) -> Presence:
    """Return a presence.

    Raises:
        InvalidPresence: There is no such presence.
    """
    try:
        return Presence(value)  # pyright: ignore[reportArgumentType]  whatever the browser sent
    except ValueError:
        raise InvalidPresence from None


def queue_sound_of(value: object) -> QueueSound:
    """Return when the desk rings for the queue.

    Raises:
        InvalidSound: There is no such choice.
    """
    try:
        return QueueSound(value)  # pyright: ignore[reportArgumentType]  whatever the browser sent
    except ValueError:
        raise InvalidSound from None


def telegram_id_of(value: object) -> int:
    """Return a person's Telegram id (Bot API: User, at most 52 significant bits).

    Raises:
        InvalidTelegram: It is not an id.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < _LARGEST_TELEGRAM_ID:
        raise InvalidTelegram
    return value


def new_token() -> str:
    """Return a random token (256 bits) that is valid in a cookie, a URL and Telegram's ``/start``."""
    return secrets.token_urlsafe(32)


def token_hash(token: object) -> str:
    """Return the hash that is stored of a token; an impossible token gets one that matches nothing."""
    if not isinstance(token, str) or not token.isascii() or len(token) > _LONGEST_TOKEN:
        return ""
    return hashlib.sha256(token.encode()).hexdigest()


def shortened(value: object, longest: int) -> str:
    """Return a header's text without unprintable characters, cut to the length of its column."""
    text = value if isinstance(value, str) else ""
    return "".join(sign for sign in text[:longest] if sign.isprintable())
