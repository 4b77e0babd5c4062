"""When something was, by the shop's clock, and how long it took."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

from vink_chat import preferences
from vink_chat.kit.words import say


def when(moment: datetime, language: str, *, named: bool = False) -> str:
    """Write a moment in the shop's time zone; ``named`` beside clocks of the reader's own says which it is."""
    zone = ZoneInfo(preferences.current(preferences.Hours).zone)
    return format_datetime(moment.astimezone(zone), "d MMM, HH:mm (VVV)" if named else "d MMM, HH:mm", locale=language)


def seconds_words(milliseconds: int, language: str) -> str:
    """Write how long something took, in seconds."""
    return say("{seconds} с", language, seconds=format_decimal(milliseconds / 1000, "0.0", locale=language))
