"""Where an operator is signed in, as its owner and the administrators see it."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from vink_chat import operators, preferences
from vink_chat.pages.shared.device import device


class Place(TypedDict):
    """One signed-in browser. ``here`` is the one that asks."""

    id: str
    device: str
    seen: str
    here: bool


def place(view: operators.SessionView, language: str, asking: UUID | None = None) -> Place:
    """Show a session; ``asking`` is the one from which it is looked at."""
    where = " · ".join(part for part in (device(view.user_agent) or "—", view.address) if part)
    return Place(id=str(view.id), device=where, seen=when(view.seen_at, language), here=view.id == asking)


def when(moment: datetime, language: str) -> str:
    """Write a moment in the shop's time zone."""
    zone = ZoneInfo(preferences.current(preferences.Hours).zone)
    return format_datetime(moment.astimezone(zone), "d MMM, HH:mm", locale=language)
