"""The current time, and times as people read them."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_datetime

# Listing them walks through hundreds of files, so it happens once.
ZONES: Final = frozenset(available_timezones())
"""The names of all time zones."""


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return datetime.now(UTC)


def deadline(moment: datetime, language: str, zone: str, *, named: bool = False) -> str:
    """Format a moment in a time zone; ``named`` adds the zone, for readers who may be in another one."""
    form = "d MMMM, HH:mm (VVV)" if named else "d MMMM, HH:mm"
    return format_datetime(moment.astimezone(ZoneInfo(zone)), form, locale=language)
