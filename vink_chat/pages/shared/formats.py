"""How pages write a moment, a duration and a device."""

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


def device(agent: str) -> str:
    """Say in a few words what a browser calls itself in a long line."""
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
