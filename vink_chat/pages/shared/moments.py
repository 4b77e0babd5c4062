"""When something was, by the shop's clock, and how long it took.

The desk tells the time by its reader's browser and names no zone; whatever is told by the shop's clock comes from here,
and names it.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

from vink_chat import preferences
from vink_chat.kit.words import say


def when(moment: datetime, language: str) -> str:
    """Write a moment in the shop's time zone, and which that is: the reader's own clock may go by another."""
    zone = ZoneInfo(preferences.current(preferences.Hours).zone)
    return format_datetime(moment.astimezone(zone), "d MMM, HH:mm (VVV)", locale=language)


def seconds_words(milliseconds: int, language: str) -> str:
    """Write how long something took, in seconds."""
    return say("{seconds} с", language, seconds=format_decimal(milliseconds / 1000, "0.0", locale=language))
