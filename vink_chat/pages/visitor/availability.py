"""Whether operators answer now, read once for all tabs of this process, and what the header says of it.

A visitor learns before they press the button whether a person will come. The reading is repeated when the presence or
the working hours change, and at every full minute, for the hours begin and end without a signal.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from babel.dates import format_datetime

from vink_chat import handover, preferences, topics
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now
from vink_chat.kit.words import DEFAULT_LANGUAGE, say

log = logging.getLogger(__name__)

AVAILABILITY_KIND: Final = "availability"
_SECTIONS: Final = (preferences.Hours.key, preferences.Greeting.key)
_CAUSES: Final = {topics.OPERATORS, signals.READ_AGAIN, *(f"preferences:{key}" for key in _SECTIONS)}
_MINUTE: Final = 60.0
_WEEK_DAYS: Final = 7
_PAUSE: Final = 0.1


class AvailabilityCache:
    """The last reading of whether operators answer."""

    def __init__(self) -> None:
        # Until it is read nothing is said against it.
        self._last = handover.Availability(present=True)

    def header(self, language: str) -> dict[str, str | bool]:
        """Return what the header shows, by the names of the State's variables."""
        opens = self._last.opens
        reply_from = say("Ответим с {time}", language, time=_when(opens, language)) if opens else ""
        return {"hint": self._hint(language), "after_hours": opens is not None, "reply_from": reply_from}

    async def follow(self, open_tabs: Callable[[], set[UUID]]) -> None:
        """Keep the reading true for as long as the process lives, and have the open tabs show it when it changes.

        Args:
            open_tabs: Returns the visitors whose page is open here.
        """
        bus = signals.current()
        async with bus.subscribe(topics.QUEUE, topics.HOUSE) as heard:
            shown, minute, due = self.header(DEFAULT_LANGUAGE), 0.0, True
            while True:
                if due:
                    try:
                        await self.read()
                    except Exception:
                        log.exception("Could not read operators' availability; retrying within a minute")
                    minute = now().timestamp() // _MINUTE
                    if shown != (shown := self.header(DEFAULT_LANGUAGE)):
                        for visitor in open_tabs():
                            bus.publish(topics.visitor(visitor), AVAILABILITY_KIND, local=True)
                    # Several changes in a moment are one reading.
                    await asyncio.sleep(_PAUSE)
                kinds = await heard.next(quiet_after=_MINUTE - now().timestamp() % _MINUTE)
                due = now().timestamp() // _MINUTE != minute or not _CAUSES.isdisjoint(kinds)

    async def read(self) -> None:
        """Read whether operators answer, by the working hours as they are saved now."""
        async with db.reading() as tx:
            for key in _SECTIONS:
                await preferences.cache.refresh(tx, key)
            self._last = await handover.availability(tx)

    def _hint(self, language: str) -> str:
        wording = preferences.current(preferences.Greeting).reply_time
        if self._last.present:
            return say(wording, language)
        # A wording nobody edited speaks of people and the assistant alike; the shop's own is kept.
        if wording in {"", preferences.Greeting().reply_time}:
            wording = say("Ассистент отвечает сразу", language)
        opens = self._last.opens
        people = (
            say("люди с {time}", language, time=_when(opens, language)) if opens else say("людей сейчас нет", language)
        )
        return f"{wording} · {people}"


def _when(opens: datetime, language: str) -> str:
    """Word when it opens, as short as it is clear: the time, with the weekday or the date where it is not today."""
    days = (opens.date() - now().astimezone(opens.tzinfo).date()).days
    form = "H:mm" if not days else "EEE H:mm" if days < _WEEK_DAYS else "d MMM H:mm"
    return format_datetime(opens, form, locale=language)


availability: Final = AvailabilityCache()
