"""The numbers of the overview, by the shop's days."""

from datetime import date, datetime, time, timedelta
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from babel.dates import format_date, format_interval
from babel.numbers import format_decimal, format_percent

from vink_chat import preferences
from vink_chat.conversations import overview
from vink_chat.conversations.desk import Only
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.errors import VinkError
from vink_chat.pages.admin.plots import SECONDS, Bar, drawn
from vink_chat.pages.admin.words import words
from vink_chat.pages.staff.signed_in import SignedIn

PERIODS: Final = (1, 7, 30)


class Card(TypedDict):
    """One number with its name and the conversations behind it."""

    name: str
    value: str
    href: str


class DayRow(TypedDict):
    """One day in the table."""

    name: str
    href: str
    conversations: str
    assistant: str
    called: str
    median: str
    most: str
    rating: str


class OverviewDesk(SignedIn, rx.State):
    """What happened in a period that ends today.

    Attributes:
        period: Days, as the address says.
        shown: The days that the plots and the table show, as people read them.
    """

    period: str = ""
    cards: list[Card] = []
    reasons: list[Card] = []
    shown: str = ""
    days: list[DayRow] = []
    bars: list[Bar] = []
    bars_scale: list[str] = []
    waits: list[Bar] = []
    waits_scale: list[str] = []
    saved: str = ""

    @rx.event
    async def open(self):
        """Count anew."""
        self.refusal = ""
        try:
            await self._admin()
        except VinkError as refusal:
            return self._refuse(refusal)
        asked = self.router.url.query_parameters.get("days", "")
        length = next((days for days in PERIODS if str(days) == asked), PERIODS[0])
        # A plot of one day says nothing: the days before it are drawn too.
        bounds = _bounds(max(length, PERIODS[1]))
        async with db.reading() as tx:
            found = await overview.days(tx, bounds)
        self._draw(bounds, found, length)
        return None

    def _draw(self, bounds: list[datetime], found: list[overview.Day], length: int) -> None:
        language = self._language()
        t = words(language)
        whole = overview.Day()
        for day in found[-length:]:
            whole.add(day)
        filtered = f"day={bounds[-2]:%Y-%m-%d}" if length == 1 else f"since={bounds[-length - 1]:%Y-%m-%d}"
        self.period = str(length)
        self.cards = _cards(whole, t, filtered, language)
        self.reasons = [
            Card(name=t.get(f"reason_{reason}", reason), value=str(count), href=f"/desk?reason={reason}&{filtered}")
            for reason, count in sorted(whole.called.items(), key=lambda pair: -pair[1])
        ]
        dates = [start.date() for start in bounds[:-1]]
        self.shown = format_interval(dates[0], dates[-1], "MMMMd", locale=language)
        self.days = [_row(day, date, language) for day, date in zip(found, dates, strict=True)][::-1]
        by_assistant = [(day.assistant, day.conversations) for day in found]
        waits = [(day.wait(0.5), day.wait(0.9)) for day in found]
        keys = (t["card_by_assistant"], t["card_conversations"])
        self.bars, self.bars_scale = drawn(by_assistant, dates, keys, language=language)
        keys = (t["median"], t["most"])
        self.waits, self.waits_scale = drawn(waits, dates, keys, language=language, tops=SECONDS, text=duration)


def _bounds(length: int) -> list[datetime]:
    zone = ZoneInfo(preferences.current(preferences.Hours).zone)
    today = now().astimezone(zone).date()
    return [datetime.combine(today - timedelta(days=ago), time(), zone) for ago in range(length - 1, -2, -1)]


def _cards(day: overview.Day, t: dict[str, str], filtered: str, language: str) -> list[Card]:
    share = day.assistant / day.conversations if day.conversations else 0
    values = {
        "conversations": str(day.conversations),
        "by_assistant": f"{day.assistant} ({format_percent(share, locale=language)})" if day.conversations else "0",
        "called": str(sum(day.called.values())),
        "first_answer": " / ".join(map(duration, (day.wait(0.5), day.wait(0.9)))),
        "rating": stars(day, language),
    }
    only = {"by_assistant": Only.ASSISTANT, "called": Only.CALLED, "first_answer": Only.CALLED, "rating": Only.RATED}
    return [
        Card(
            name=t[f"card_{name}"],
            value=value,
            href=f"/desk?only={only[name].value}&{filtered}" if name in only else f"/desk?{filtered}",
        )
        for name, value in values.items()
    ]


def _row(day: overview.Day, start: date, language: str) -> DayRow:
    return DayRow(
        name=format_date(start, "d MMM, EEE", locale=language),
        href=f"/desk?day={start:%Y-%m-%d}",
        conversations=str(day.conversations),
        assistant=str(day.assistant),
        called=str(sum(day.called.values())),
        median=duration(day.wait(0.5)),
        most=duration(day.wait(0.9)),
        rating=stars(day, language),
    )


def duration(seconds: float | None) -> str:
    """Write seconds as minutes and seconds; a dash for none."""
    return "—" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def stars(day: overview.Day, language: str) -> str:
    """Write the mean rating and how many there were; a dash for none."""
    if not day.ratings:
        return "—"
    return f"{format_decimal(day.stars / day.ratings, '0.0', locale=language)} ({day.ratings})"
