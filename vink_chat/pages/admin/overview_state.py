"""The numbers of the overview, by days in the shop's time zone."""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from babel.dates import format_date, format_interval
from babel.numbers import format_decimal, format_percent

from vink_chat import operators, preferences, topics
from vink_chat.conversations import overview
from vink_chat.conversations.queue import OverviewFilter, QueueTab
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now
from vink_chat.kit.errors import VinkError
from vink_chat.pages.admin.plots import SECONDS, Bar, make_plot
from vink_chat.pages.admin.words import words
from vink_chat.pages.staff.signed_in import SignedIn, shows_refusals
from vink_chat.web import tabs

PERIODS: Final = (1, 7, 30)
_NOW_EVERY: Final = 10.0
_MIN_SECONDS_BETWEEN_READS: Final = 1.0
_HOUR: Final = 60


class Card(TypedDict):
    """One number with its name, a note, and a link to its conversations."""

    name: str
    value: str
    note: str
    href: str


class DayRow(TypedDict):
    """One day in the table."""

    name: str
    href: str
    conversations: str
    assistant: str
    called: str
    median: str
    p90: str
    rating: str


class OverviewState(SignedIn, rx.State):
    """The numbers of a period that ends today.

    Attributes:
        period: The number of days, as in the URL.
        current: The numbers at this moment.
        outcomes: The outcomes of the calls, as a sentence whose numbers add up.
        shown: The date range of the plots and the table, formatted.
    """

    period: str = ""
    current: list[Card] = []
    cards: list[Card] = []
    outcomes: str = ""
    reasons: list[Card] = []
    shown: str = ""
    days: list[DayRow] = []
    bars: list[Bar] = []
    bars_scale: list[str] = []
    waits: list[Bar] = []
    waits_scale: list[str] = []
    saved: str = ""

    @rx.event
    @shows_refusals
    async def enter(self):
        """Load the period's numbers, then keep the current ones live."""
        self.refusal = ""
        await self._admin()
        requested_days = self.router.url.query_parameters.get("days", "")
        length = next((days for days in PERIODS if str(days) == requested_days), PERIODS[0])
        # A plot of one day is useless, so the week before it is drawn too.
        bounds = _bounds(max(length, PERIODS[1]))
        async with db.reading() as tx:
            days = await overview.days(tx, bounds)
        self._show(bounds, days, length)
        return OverviewState.watch

    @rx.event(background=True)
    async def watch(self):
        """Refresh the current numbers whenever the queue changes, while the session is valid."""
        return await tabs.lasting(self._watch)

    async def _watch(self):
        async with signals.current().subscribe(topics.QUEUE) as queue_changes:
            while True:
                async with self:
                    try:
                        await self._admin(counts_as_activity=False)
                    except VinkError as refusal:
                        return self._refuse(refusal)
                    await self._count_now()
                # The longest wait grows even when nothing happens.
                await queue_changes.next(quiet_after=_NOW_EVERY)
                # Coalesce a burst of changes into one read.
                await asyncio.sleep(_MIN_SECONDS_BETWEEN_READS)

    async def _count_now(self) -> None:
        async with db.reading() as tx:
            snapshot, on_shift = await overview.present(tx), len(await operators.on_shift(tx))
        t, since = words(self._language()), snapshot.longest_since
        queue, running = f"/desk?box={QueueTab.WAITING.value}", f"/desk?box={QueueTab.ALL.value}"
        values = {
            "now_waiting": (str(snapshot.waiting), queue),
            "now_longest": (duration((now() - since).total_seconds() if since else None), queue),
            "now_callbacks": (str(snapshot.callbacks), f"/desk?box={QueueTab.CALLBACK.value}"),
            "now_attended": (str(snapshot.attended), running),
            "now_assisted": (str(snapshot.assisted), running),
            "now_here": (str(on_shift), "/admin/operators"),
        }
        notes = {"now_waiting": t["now_gone"].format(count=snapshot.gone) if snapshot.gone else ""}
        self.current = [
            Card(name=t[name], value=value, note=notes.get(name, ""), href=href)
            for name, (value, href) in values.items()
        ]

    def _show(self, bounds: list[datetime], days: list[overview.Day], length: int) -> None:
        language = self._language()
        t = words(language)
        total = overview.Day()
        for day in days[-length:]:
            total.add(day)
        filtered = f"day={bounds[-2]:%Y-%m-%d}" if length == 1 else f"since={bounds[-length - 1]:%Y-%m-%d}"
        self.period = str(length)
        self.cards = _cards(total, t, filtered, language)
        self.reasons = [
            Card(
                name=t.get(f"reason_{reason}", reason),
                value=str(count),
                note="",
                href=f"/desk?reason={reason}&{filtered}",
            )
            for reason, count in sorted(total.called.items(), key=lambda pair: -pair[1])
        ]
        self.outcomes = _outcomes(total, t)
        dates = [start.date() for start in bounds[:-1]]
        self.shown = format_interval(dates[0], dates[-1], "MMMMd", locale=language)
        self.days = [_row(day, date, language) for day, date in zip(days, dates, strict=True)][::-1]
        by_assistant = [(day.assistant, day.conversations) for day in days]
        waits = [(day.wait(0.5), day.wait(0.9)) for day in days]
        keys = (t["card_by_assistant"], t["card_conversations"])
        self.bars, self.bars_scale = make_plot(by_assistant, dates, keys, language=language)
        keys = (t["median"], t["most"])
        self.waits, self.waits_scale = make_plot(waits, dates, keys, language=language, tops=SECONDS, text=duration)


def _bounds(length: int) -> list[datetime]:
    zone = ZoneInfo(preferences.current(preferences.Hours).zone)
    today = now().astimezone(zone).date()
    return [datetime.combine(today - timedelta(days=ago), time(), zone) for ago in range(length - 1, -2, -1)]


def _cards(day: overview.Day, t: dict[str, str], filtered: str, language: str) -> list[Card]:
    share = day.assistant / day.conversations if day.conversations else 0
    calls = sum(day.called.values())
    rest = day.conversations - day.assistant - day.handed
    answered = t["of_calls"].format(answered=day.answered, calls=calls)
    cards = {
        "conversations": (
            str(day.conversations),
            t["by_whom"].format(assistant=day.assistant, handed=day.handed, rest=rest),
        ),
        "by_assistant": (
            f"{day.assistant} ({format_percent(share, locale=language)})" if day.conversations else "0",
            t["in_conversations"],
        ),
        "called": (str(calls), t["in_calls"]),
        "first_answer": (" / ".join(map(duration, (day.wait(0.5), day.wait(0.9)))), answered if calls else ""),
        "missed": (str(day.missed), t["missed_hint"]),
        "rating": (stars(day, language), ""),
    }
    only = {
        "by_assistant": OverviewFilter.ASSISTANT,
        "called": OverviewFilter.CALLED,
        "first_answer": OverviewFilter.CALLED,
        "missed": OverviewFilter.MISSED,
        "rating": OverviewFilter.RATED,
    }
    return [
        Card(
            name=t[f"card_{name}"],
            value=value,
            note=note,
            href=f"/desk?only={only[name].value}&{filtered}" if name in only else f"/desk?{filtered}",
        )
        for name, (value, note) in cards.items()
    ]


def _outcomes(day: overview.Day, t: dict[str, str]) -> str:
    """Return the outcomes of the calls as a sentence whose parts add up."""
    calls = sum(day.called.values())
    outcomes = t["outcomes"].format(
        calls=calls, answered=day.answered, waiting=day.waiting, missed=day.missed, withdrawn=day.withdrawn
    )
    return f"{outcomes} {t['stepped_in'].format(count=day.stepped_in)}" if day.stepped_in else outcomes


def _row(day: overview.Day, start: date, language: str) -> DayRow:
    return DayRow(
        name=format_date(start, "d MMM, EEE", locale=language),
        href=f"/desk?day={start:%Y-%m-%d}",
        conversations=str(day.conversations),
        assistant=str(day.assistant),
        called=str(sum(day.called.values())),
        median=_wait_with_counts(day.wait(0.5), day),
        p90=duration(day.wait(0.9)),
        rating=stars(day, language),
    )


def duration(seconds: float | None) -> str:
    """Format seconds as M:SS, from an hour on as H:MM:SS; a dash for none."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= _HOUR else f"{minutes}:{rest:02}"


def _wait_with_counts(seconds: float | None, day: overview.Day) -> str:
    """Format a wait with the number of answered calls and of all calls; a dash for none."""
    return "—" if seconds is None else f"{duration(seconds)} ({day.answered}/{sum(day.called.values())})"


def stars(day: overview.Day, language: str) -> str:
    """Format the mean rating and the number of ratings; a dash for none."""
    if not day.ratings:
        return "—"
    return f"{format_decimal(day.stars / day.ratings, '0.0', locale=language)} ({day.ratings})"
