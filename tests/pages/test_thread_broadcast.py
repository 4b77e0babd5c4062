"""A thread on several tabs of one process: each is sent what it lacks, once and in order."""

import asyncio
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.makers import Visitor
from tests.program import Server
from tests.wire import CHAT, Wire
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import new_secret
from vink_chat.pages.visitor.reader import ThreadReader
from vink_chat.pages.visitor.thread_broadcast import ThreadBroadcast, thread_broadcasts
from vink_chat.web import broadcast


@dataclass(eq=False)
class Panel:
    """What a tab's State shows, with no socket behind it."""

    history: list[dict[str, object]]
    live: list[dict[str, object]]

    @property
    def texts(self) -> list[str]:
        return [str(one["html"]) for one in self.history + self.live if one["who"] == "visitor"]


class Onlooker:
    """A tab that follows a thread as the page's watch does."""

    def __init__(self, visitor: Visitor, *others: "Onlooker") -> None:
        self.panel = Panel([], [])
        self.token = uuid4().hex
        self.reader = ThreadReader(visitor.id, "ru", "Europe/Moscow")
        self.seated = asyncio.Event()
        # Whoever works the signals off does it for all.
        self.turned = others[0].turned if others else asyncio.Event()

    async def follow(self) -> None:
        async with thread_broadcasts.join(self.token, self.reader) as thread:
            await self.sit(thread)
            while await thread.next_change(self.token):
                self.turned.set()

    async def sit(self, thread: ThreadBroadcast) -> None:
        async with thread.lock:
            await self.draw(thread)
        self.seated.set()

    async def draw(self, thread: ThreadBroadcast) -> None:
        self.panel.history = list((await self.reader.read_all()).messages)
        thread.add(broadcast.Tab(self.token, self.panel), self.reader)  # pyright: ignore[reportArgumentType]  a stand-in


async def shows(one: Onlooker, *texts: str) -> None:
    """Wait until a tab shows these words and no others."""
    try:
        async with asyncio.timeout(10):
            while one.panel.texts != list(texts):
                one.turned.clear()
                await one.turned.wait()
    except TimeoutError:
        raise AssertionError(one.panel.texts) from None


async def test_a_tab_that_comes_later_lacks_nothing_and_gets_nothing_twice(house: Runtime):
    anna = Visitor()
    first = Onlooker(anna)
    second = Onlooker(anna, first)
    watching = [asyncio.create_task(first.follow())]
    await first.seated.wait()
    await anna.writes("раз")
    await shows(first, "раз")

    watching.append(asyncio.create_task(second.follow()))
    await second.seated.wait()
    await anna.writes("два")

    for one in (first, second):
        await shows(one, "раз", "два")
    assert "раз" in [one["html"] for one in first.panel.live]
    assert "раз" not in [one["html"] for one in second.panel.live]
    await _end(watching)


async def test_a_tab_that_drew_news_before_the_others_heard_of_them_gets_them_once(house: Runtime):
    anna = Visitor()
    first = Onlooker(anna)
    second = Onlooker(anna, first)
    watching = [asyncio.create_task(first.follow())]
    await first.seated.wait()

    async with thread_broadcasts.join(second.token, second.reader) as thread:
        async with thread.lock:
            await anna.writes("раз")
            await second.draw(thread)
        await anna.writes("два")

        for one in (first, second):
            await shows(one, "раз", "два")
    await _end(watching)


async def test_signals_that_a_tab_fails_to_work_off_are_left_to_the_others(house: Runtime):
    anna = Visitor()
    broken = Onlooker(anna)
    whole = Onlooker(anna, broken)
    watching = [asyncio.create_task(broken.follow())]
    await broken.seated.wait()
    watching.append(asyncio.create_task(whole.follow()))
    await whole.seated.wait()
    read, failed = broken.reader.read_new, []

    async def fails_once():
        if not failed:
            failed.append(1)
            raise OSError("the database restarts")
        return await read()

    broken.reader.read_new = fails_once
    await anna.writes("раз")

    await shows(whole, "раз")
    ended = [task for task in watching if task.done()]
    assert len(ended) == 1
    with pytest.raises(OSError, match="restarts"):
        await ended[0]
    await _end(watching)


async def test_a_tab_that_left_before_it_came_to_wait_is_not_kept_waiting(house: Runtime):
    anna = Visitor()
    stays = Onlooker(anna)
    leaves = Onlooker(anna, stays)
    watching = [asyncio.create_task(stays.follow())]
    await stays.seated.wait()

    async with thread_broadcasts.join(leaves.token, leaves.reader) as thread:
        await leaves.sit(thread)
        thread_broadcasts.leave(leaves.token)
        stays.turned.clear()
        house.signals.publish(f"visitor:{anna.id}", "thread", local=True)
        await stays.turned.wait()

        async with asyncio.timeout(5):
            assert await thread.next_change(leaves.token) is False
    await _end(watching)


async def test_the_last_tab_takes_the_stage_away(house: Runtime):
    anna = Visitor()
    watching = [asyncio.create_task(Onlooker(anna).follow()) for _ in range(3)]
    await anna.writes("раз")
    await house.settle()
    assert len(house.signals._listeners.get(f"visitor:{anna.id}", ())) == 1

    await _end(watching)

    assert len(house.signals._listeners.get(f"visitor:{anna.id}", ())) == 0
    assert not thread_broadcasts._broadcasts  # nothing is kept of tabs that have gone


async def test_a_long_talk_in_two_tabs_shows_every_message_once(shared_server: Server):
    stored = {f"{CHAT}.secret_rx_state_": new_secret()}
    async with Wire(shared_server.url, stored=stored) as writer:
        await _say(writer, *(f"{number}" for number in range(12)))
        async with Wire(shared_server.url, stored=stored) as watcher:
            await watcher.until(lambda: len(_own(watcher)) == 12, "the thread so far")
            await _say(writer, *(f"{number}" for number in range(12, 25)))
            for tab in (writer, watcher):
                await tab.until(lambda tab=tab: len(_own(tab)) >= 25, "every message")
                await tab.settle()

                assert _own(tab) == [f"{number}" for number in range(25)]
                assert len(tab.shown[CHAT]["live"]) <= 20


async def test_whoever_loaded_earlier_messages_keeps_them_when_news_come(house: Runtime):
    anna = Visitor()
    one = Onlooker(anna)
    other = Onlooker(anna, one)
    watching = [asyncio.create_task(tab.follow()) for tab in (one, other)]
    for tab in (one, other):
        await tab.seated.wait()
    one.panel.history = [{"html": "давно", "who": "visitor", "position": 0}]

    talk = [f"{number}" for number in range(23)]
    for text in talk:
        await anna.writes(text)
        await house.settle()

    await shows(one, "давно", *talk)
    await shows(other, *talk)
    assert len(one.panel.live) <= 20, "the long list took some over"
    await _end(watching)


async def _say(tab: Wire, *texts: str) -> None:
    for text in texts:
        await tab.call(f"{CHAT}.send", {"text": text, "client_id": uuid4().hex})


def _own(tab: Wire) -> list[str]:
    shown = tab.shown[CHAT]
    views = {one["position"]: one for one in shown.get("history", []) + shown.get("live", [])}
    assert len(views) == len(shown.get("history", []) + shown.get("live", [])), "nothing is shown twice"
    return [one["html"] for _, one in sorted(views.items()) if one["who"] == "visitor"]


async def _end(watching: list[asyncio.Task[None]]) -> None:
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
