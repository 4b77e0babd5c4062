"""The one place that asks what time it is, and what the clock shows then."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return datetime.now(UTC)


def deadline(moment: datetime, language: str, zone: str, *, named: bool = False) -> str:
    """Write until when something lasts, by the clock of a time zone; ``named`` where that may not be the reader's."""
    form = "d MMMM, HH:mm (VVV)" if named else "d MMMM, HH:mm"
    return format_datetime(moment.astimezone(ZoneInfo(zone)), form, locale=language)
