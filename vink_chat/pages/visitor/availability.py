"""Whether operators answer now, read once for all tabs of this process, and what the header says about it.

A visitor sees before pressing the button whether a person will come. It is read again when presence or working hours
change, and every full minute, because working hours begin and end without a signal.
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
_TRIGGERS: Final = {topics.OPERATORS, signals.RESYNC, *(f"preferences:{key}" for key in _SECTIONS)}
_MINUTE: Final = 60.0
_WEEK_DAYS: Final = 7
_MIN_SECONDS_BETWEEN_READS: Final = 0.1


class AvailabilityCache:
    """Whether operators answer, as last read."""

    def __init__(self) -> None:
        # Optimistic until the first read.
        self._last = handover.Availability(present=True)

    def header(self, language: str) -> dict[str, str | bool]:
        """Return what the header shows, by the State's variable names."""
        opens = self._last.opens
        reply_from = say("Ответим с {time}", language, time=_when(opens, language)) if opens else ""
        return {"hint": self._hint(language), "after_hours": opens is not None, "reply_from": reply_from}

    async def follow(self, open_tabs: Callable[[], set[UUID]]) -> None:
        """Keep it up to date for as long as the process lives, and tell the open tabs when it changes.

        Args:
            open_tabs: Returns the visitors who have a tab open in this process.
        """
        bus = signals.current()
        async with bus.subscribe(topics.QUEUE, topics.SETTINGS) as changes:
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
                    # Coalesce a burst of changes into one read.
                    await asyncio.sleep(_MIN_SECONDS_BETWEEN_READS)
                kinds = await changes.next(quiet_after=_MINUTE - now().timestamp() % _MINUTE)
                due = now().timestamp() // _MINUTE != minute or not _TRIGGERS.isdisjoint(kinds)

    async def read(self) -> None:
        """Read whether operators answer, by the working hours currently saved."""
        async with db.reading() as tx:
            for key in _SECTIONS:
                await preferences.cache.refresh(tx, key)
            self._last = await handover.availability(tx)

    def _hint(self, language: str) -> str:
        wording = preferences.current(preferences.Greeting).reply_time
        if self._last.present:
            return say(wording, language)
        # The default wording covers people and the assistant; the shop's own wording is kept.
        if wording in {"", preferences.Greeting().reply_time}:
            wording = say("Ассистент отвечает сразу", language)
        opens = self._last.opens
        people = (
            say("люди с {time}", language, time=_when(opens, language)) if opens else say("людей сейчас нет", language)
        )
        return f"{wording} · {people}"


def _when(opens: datetime, language: str) -> str:
    """Format the opening time; with the weekday, or from a week ahead the date, when it is not today."""
    days = (opens.date() - now().astimezone(opens.tzinfo).date()).days
    form = "H:mm" if not days else "EEE H:mm" if days < _WEEK_DAYS else "d MMM H:mm"
    return format_datetime(opens, form, locale=language)


availability: Final = AvailabilityCache()
