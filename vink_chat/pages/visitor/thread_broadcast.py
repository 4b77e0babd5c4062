"""One visitor's thread, read once for all tabs of this process that show it.

Two tabs that hear «the thread changed» would read the same rows, draw the same words and pack the same frame. Here they wait
for the same signals; whichever wakes first reads for all and sends each tab what it lacks, the others find nothing left.
"""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from vink_chat import topics
from vink_chat.answering import DRAFT_KIND, SLOW_KIND
from vink_chat.kit import signals
from vink_chat.pages.shared.markup import from_markdown
from vink_chat.pages.visitor.availability import AVAILABILITY_KIND, availability
from vink_chat.pages.visitor.places import OPENED, PLACE_KIND, TABS_TOPIC
from vink_chat.pages.visitor.reader import News, ThreadReader
from vink_chat.web import broadcast

_HISTORY: Final = 200
_TYPING: Final = 6.0
Key = tuple[UUID, str, str]


# What is shown for a while and stored nowhere: by kind, the State's variable and how it is drawn.
_PASSING: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    PLACE_KIND: ("place", int),
    SLOW_KIND: ("slow", bool),
    DRAFT_KIND: ("draft", lambda text: from_markdown(text) if text else ""),
}


@dataclass(slots=True)
class Subscriber:
    """A tab that was sent the thread up to a position."""

    tab: broadcast.Tab
    position: int


class ThreadBroadcast(broadcast.Broadcast[Subscriber]):
    """A thread in one language and time zone, and the tabs that show it."""

    def __init__(self, heard: signals.Subscription, reader: ThreadReader) -> None:
        super().__init__()
        self._heard = heard
        self._reader = reader
        self._typing_until = 0.0

    def add(self, tab: broadcast.Tab, reader: ThreadReader) -> None:
        """Send a tab from now on what follows; it was sent what the reader has read. The caller holds the lock."""
        if not len(self):
            self._reader = reader
        self.subscribe(Subscriber(tab, reader.position))

    def drop(self, unwanted: Callable[[broadcast.Tab], bool]) -> None:
        """Send some tabs nothing more; their watches wake, and look for whom they may read."""
        if gone := [subscriber.tab.token for subscriber in self if unwanted(subscriber.tab)]:
            for token in gone:
                self.unsubscribe(token)
            self._heard.put("thread", None)

    async def next_change(self, token: str) -> bool:
        """Wait for signals and work them off unless another tab did; false once the tab has left."""
        if token not in self:
            # It left before it came to wait: the signal that was to wake it may have been another tab's by now.
            return False
        typing = self._typing_until
        kinds = await self._heard.next(quiet_after=max(0.0, typing - time.monotonic()) if typing else None)
        try:
            await self._work_off(kinds)
        except BaseException:
            # A closed tab, or a database that is away: the signals are still the others'.
            for kind, payload in kinds.items():
                self._heard.put(kind, payload)
            raise
        return token in self

    async def _work_off(self, kinds: signals.Kinds) -> None:
        changes: dict[str, Any] = {}
        if self._typing_until and time.monotonic() >= self._typing_until:
            self._typing_until, changes["typing"] = 0.0, False
        if "typing" in kinds:
            self._typing_until, changes["typing"] = time.monotonic() + _TYPING, True
        changes |= {name: show(kinds[kind]) for kind, (name, show) in _PASSING.items() if kind in kinds}
        if AVAILABILITY_KIND in kinds:
            changes |= availability.header(self._reader.language)
        whole, news = signals.READ_AGAIN in kinds, {"thread", signals.READ_AGAIN} & kinds.keys()
        if not changes and not news:
            return
        async with self.lock:
            read = (await self._reader.whole() if whole else await self._reader.news()) if news else None
            if read:
                changes |= common(read)
                if read.messages:
                    self._typing_until, changes["typing"] = 0.0, False
            await self.publish(lambda subscriber: _lacking(subscriber, read, changes, whole=whole))


def common(news: News) -> dict[str, Any]:
    """Return what a reading says beside the messages, by the names of the State's variables."""
    found: dict[str, Any] = {
        "status": news.status,
        "thinking": news.thinking,
        "rating": news.rating,
        "comment": news.comment,
        "form": news.form,
        "contact": news.contact,
        "read": news.read,
        "place": news.place,
        "quick_replies": news.quick_replies,
        "blocked": news.blocked,
        "_conversation_id": news.id,
        "_position": news.position,
    }
    return found if news.thinking else found | {"draft": "", "slow": False}


def _lacking(subscriber: Subscriber, news: News | None, changes: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    """Return what a tab lacks, and count it as sent."""
    wanted = dict(changes)
    if news and whole:
        wanted |= {"history": news.messages, "live": [], "more": news.more, "loaded": True}
    elif news:
        fresh = [message for message in news.messages if message["position"] > subscriber.position]
        wanted |= broadcast.append_messages(subscriber.tab.shown, fresh, _HISTORY)
    if news:
        subscriber.position = max(subscriber.position, news.position)
    return broadcast.differing(subscriber.tab, wanted)


class ThreadBroadcasts:
    """The broadcasts of this process, by thread."""

    def __init__(self) -> None:
        self._broadcasts: dict[Key, tuple[ThreadBroadcast, AsyncExitStack]] = {}
        self._waiting: dict[Key, int] = {}
        self._tabs: dict[str, ThreadBroadcast] = {}

    @asynccontextmanager
    async def join(self, token: str, reader: ThreadReader) -> AsyncGenerator[ThreadBroadcast]:
        """Give a tab the broadcast of a reader's thread, and take it off when the block ends."""
        key = reader.key
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            thread = await self._broadcast(key, reader)
            self._tabs[token] = thread
            try:
                yield thread
            finally:
                thread.unsubscribe(token)
                if self._tabs.get(token) is thread:
                    del self._tabs[token]
        finally:
            await self._let_go(key)

    def visitors(self) -> set[UUID]:
        """Return whose threads are shown in this process."""
        return {visitor for visitor, _, _ in self._broadcasts}

    def leave(self, token: str) -> None:
        """Send a tab nothing more of the thread it shows."""
        if token in self._tabs:
            self._tabs[token].unsubscribe(token)

    def drop(self, unwanted: Callable[[broadcast.Tab], bool]) -> None:
        """Send some tabs of this process nothing more of the threads they show."""
        for thread, _ in self._broadcasts.values():
            thread.drop(unwanted)

    async def _broadcast(self, key: Key, reader: ThreadReader) -> ThreadBroadcast:
        if key not in self._broadcasts:
            stack = AsyncExitStack()
            topic = topics.visitor(reader.visitor_id)
            heard = await stack.enter_async_context(signals.current().subscribe(topic))
            self._broadcasts[key] = ThreadBroadcast(heard, reader), stack
            signals.current().publish(TABS_TOPIC, OPENED, local=True)
        return self._broadcasts[key][0]

    async def _let_go(self, key: Key) -> None:
        self._waiting[key] -= 1
        if not self._waiting[key]:
            del self._waiting[key]
            _, stack = self._broadcasts.pop(key)
            await stack.aclose()


thread_broadcasts: Final = ThreadBroadcasts()
