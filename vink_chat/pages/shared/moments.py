"""When something was, by the shop's clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from vink_chat import preferences


def when(moment: datetime, language: str) -> str:
    """Write a moment in the shop's time zone."""
    zone = ZoneInfo(preferences.current(preferences.Hours).zone)
    return format_datetime(moment.astimezone(zone), "d MMM, HH:mm", locale=language)
