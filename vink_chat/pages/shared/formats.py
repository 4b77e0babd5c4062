"""How pages write a moment, a duration and a device."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

from vink_chat import preferences
from vink_chat.kit.words import say


def when(moment: datetime, language: str) -> str:
    """Format a moment in the shop's time zone and name the zone: the reader's own may be another."""
    zone = ZoneInfo(preferences.current(preferences.Hours).zone)
    return format_datetime(moment.astimezone(zone), "d MMM, HH:mm (VVV)", locale=language)


def seconds_words(milliseconds: int, language: str) -> str:
    """Format a duration in seconds."""
    return say("{seconds} с", language, seconds=format_decimal(milliseconds / 1000, "0.0", locale=language))


def device(agent: str) -> str:
    """Return a browser and its system in a few words, from its User-Agent."""
    systems = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "macOS"}
    browsers = {
        "YaBrowser": "Yandex Browser",
        "Edg": "Edge",
        "OPR": "Opera",
        "Firefox": "Firefox",
        "Chrome": "Chrome",
        "Safari": "Safari",
    }
    found = [next((name for sign, name in some.items() if sign in agent), "") for some in (browsers, systems)]
    return ", ".join(filter(None, found)) or ("Linux" if "Linux" in agent else agent[:60])
