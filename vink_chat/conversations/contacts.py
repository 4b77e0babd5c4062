"""What can be written to, and what can be called."""

import re
from typing import Final

_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
_FEWEST_DIGITS: Final = 6


def is_email(text: str) -> bool:
    """Tell whether a text has the form of an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Tell whether a text has as many digits as a phone number."""
    return sum(sign.isdigit() for sign in text) >= _FEWEST_DIGITS
