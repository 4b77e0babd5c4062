"""The header says before the button is pressed whether a person will come, and says it anew when that changes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

import pytest
import time_machine

from tests.houses import prefer
from tests.makers import Visitor, hire
from vink_chat import preferences
from vink_chat.bootstrap import Runtime
from vink_chat.operators import Presence
from vink_chat.pages.visitor.availability import AvailabilityCache, availability
from vink_chat.pages.visitor.reader import ThreadReader
from vink_chat.pages.visitor.thread_broadcast import thread_broadcasts
from vink_chat.web import broadcast

SOON = "Обычно отвечаем за несколько секунд"
NOBODY = "Ассистент отвечает сразу · людей сейчас нет"
SUNDAY, MONDAY_EARLY, MONDAY = "2026-03-01T12:00:00Z", "2026-03-02T03:00:00Z", "2026-03-02T12:00:00Z"


@dataclass(eq=False)
class Panel:
    """What a tab's State shows, with no socket behind it."""

    hint: str = ""
    after_hours: bool = False
    reply_from: str = ""
    history: list[object] = field(default_factory=list[object])
    live: list[object] = field(default_factory=list[object])


class Tab:
    """A visitor's tab that nothing has been said in yet."""

    def __init__(self, language: str = "ru") -> None:
        self.panel = Panel(**availability.header(language))  # pyright: ignore[reportArgumentType]
        self.reader = ThreadReader(Visitor().id, language, "Europe/Moscow")
        self.open = asyncio.Event()
        self.turned = asyncio.Event()

    async def follow(self) -> None:
        token = uuid4().hex
        async with thread_broadcasts.join(token, self.reader) as thread:
            async with thread.lock:
                thread.add(broadcast.Tab(token, self.panel), self.reader)  # pyright: ignore[reportArgumentType]  a stand-in
            self.open.set()
            while await thread.next_change(token):
                self.turned.set()

    async def comes_to_say(self, hint: str) -> None:
        try:
            async with asyncio.timeout(10):
                while self.panel.hint != hint:
                    self.turned.clear()
                    await self.turned.wait()
        except TimeoutError:
            raise AssertionError(self.panel.hint) from None


@asynccontextmanager
async def followed(*languages: str) -> AsyncIterator[list[Tab]]:
    """Have tabs open in a process that keeps its reading true."""
    await availability.read()
    tabs = [Tab(language) for language in languages]
    tasks = [asyncio.create_task(tab.follow()) for tab in tabs]
    for tab in tabs:
        await tab.open.wait()
    tasks.append(asyncio.create_task(availability.follow(thread_broadcasts.visitors)))
    try:
        yield tabs
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def header(moment: str, language: str = "ru") -> dict[str, str | bool]:
    cache = AvailabilityCache()
    with time_machine.travel(moment, tick=False):
        await cache.read()
        return cache.header(language)


@pytest.mark.parametrize(
    ("moment", "language", "hint", "reply_from"),
    [
        (SUNDAY, "ru", "Ассистент отвечает сразу · люди с пн 9:00", "Ответим с пн 9:00"),
        (SUNDAY, "en", "The assistant answers at once · people from Mon 9:00", "We answer from Mon 9:00"),
        (MONDAY_EARLY, "ru", "Ассистент отвечает сразу · люди с 9:00", "Ответим с 9:00"),
    ],
)
async def test_outside_the_working_hours_the_header_says_when_people_come(
    house: Runtime, moment: str, language: str, hint: str, reply_from: str
):
    await hire()
    await prefer(preferences.Hours(), enabled=True)

    assert await header(moment, language) == {"hint": hint, "after_hours": True, "reply_from": reply_from}


async def test_people_who_come_back_after_a_week_of_holidays_are_announced_by_the_date(house: Runtime):
    await prefer(preferences.Hours(), enabled=True, holidays=tuple(date(2026, 3, day) for day in range(2, 10)))

    assert (await header(SUNDAY))["hint"] == "Ассистент отвечает сразу · люди с 10 мар. 9:00"


async def test_within_the_working_hours_the_header_says_whether_somebody_is_there(house: Runtime):
    await prefer(preferences.Hours(), enabled=True)
    assert await header(MONDAY) == {"hint": NOBODY, "after_hours": False, "reply_from": ""}

    with time_machine.travel(MONDAY, tick=False):
        await hire()

    assert await header(MONDAY) == {"hint": SOON, "after_hours": False, "reply_from": ""}


async def test_the_shops_own_words_of_the_reply_time_are_kept_while_nobody_is_there(house: Runtime):
    await prefer(preferences.Greeting(), reply_time="Отвечаем за минуту")

    assert (await header(MONDAY))["hint"] == "Отвечаем за минуту · людей сейчас нет"


async def test_open_tabs_are_told_when_somebody_comes_and_goes(house: Runtime):
    async with followed("ru", "en") as (anna, boris):
        assert anna.panel.hint == NOBODY

        olga = await hire()
        await anna.comes_to_say(SOON)
        await boris.comes_to_say("We usually reply within seconds")

        await olga.goes(Presence.AWAY)
        await anna.comes_to_say(NOBODY)


async def test_open_tabs_are_told_when_the_working_hours_are_saved(house: Runtime):
    await hire()
    async with followed("ru") as [anna]:
        assert anna.panel.hint == SOON

        with time_machine.travel(SUNDAY):
            await prefer(preferences.Hours(), enabled=True)
            await anna.comes_to_say("Ассистент отвечает сразу · люди с пн 9:00")

        assert anna.panel.after_hours


async def test_open_tabs_are_told_when_the_working_hours_begin(house: Runtime):
    await prefer(preferences.Hours(), enabled=True)
    with time_machine.travel("2026-03-02T05:59:59Z"):
        async with followed("ru") as [anna]:
            assert anna.panel.after_hours

            await anna.comes_to_say(NOBODY)

        assert not anna.panel.after_hours
