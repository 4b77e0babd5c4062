"""One visitor's thread, read once for all tabs of this process that show it.

Two tabs that get «the thread changed» would read the same rows, build the same views and encode the same frame. Here
they wait for the same signals; whichever wakes first reads for all and sends each tab what it is missing.
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
from vink_chat.pages.visitor.reader import ThreadReader, ThreadUpdate
from vink_chat.web import broadcast

_MAX_SHOWN_MESSAGES: Final = 200
_TYPING_SECONDS: Final = 6.0
Key = tuple[UUID, str, str]


# Shown for a while and stored nowhere: by kind, the State's variable and how its value is made.
_TRANSIENT: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
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

    def __init__(self, subscription: signals.Subscription, reader: ThreadReader) -> None:
        super().__init__()
        self._subscription = subscription
        self._reader = reader
        self._typing_until = 0.0

    def add(self, tab: broadcast.Tab, reader: ThreadReader) -> None:
        """Subscribe a tab that was sent what the reader has read. The caller holds the lock."""
        if not len(self):
            self._reader = reader
        self.subscribe(Subscriber(tab, reader.position))

    def drop(self, is_dropped: Callable[[broadcast.Tab], bool]) -> None:
        """Unsubscribe some tabs; their watches wake and join the thread they may read now."""
        if tokens := [subscriber.tab.token for subscriber in self if is_dropped(subscriber.tab)]:
            for token in tokens:
                self.unsubscribe(token)
            self._subscription.put("thread", None)

    async def next_change(self, token: str) -> bool:
        """Wait for signals and handle them unless another tab did; false once the tab has left."""
        if token not in self:
            # It left before it waited: the signal meant to wake it may already have been taken by another tab.
            return False
        typing = self._typing_until
        kinds = await self._subscription.next(quiet_after=max(0.0, typing - time.monotonic()) if typing else None)
        try:
            await self._handle(kinds)
        except BaseException:
            # A closed tab, or a database that is down: leave the signals to the other tabs.
            for kind, payload in kinds.items():
                self._subscription.put(kind, payload)
            raise
        return token in self

    async def _handle(self, kinds: signals.Kinds) -> None:
        changes: dict[str, Any] = {}
        if self._typing_until and time.monotonic() >= self._typing_until:
            self._typing_until, changes["typing"] = 0.0, False
        if "typing" in kinds:
            self._typing_until, changes["typing"] = time.monotonic() + _TYPING_SECONDS, True
        changes |= {name: show(kinds[kind]) for kind, (name, show) in _TRANSIENT.items() if kind in kinds}
        if AVAILABILITY_KIND in kinds:
            changes |= availability.header(self._reader.language)
        read_all, changed = signals.RESYNC in kinds, {"thread", signals.RESYNC} & kinds.keys()
        if not changes and not changed:
            return
        async with self.lock:
            update: ThreadUpdate | None = None
            if changed:
                update = await self._reader.read_all() if read_all else await self._reader.read_new()
                changes |= shared_values(update)
                if update.messages:
                    self._typing_until, changes["typing"] = 0.0, False
            await self.publish(lambda subscriber: _missing(subscriber, update, changes, read_all=read_all))


def shared_values(update: ThreadUpdate) -> dict[str, Any]:
    """Return everything but the messages, by the State's variable names."""
    values: dict[str, Any] = {
        "status": update.status,
        "thinking": update.thinking,
        "rating": update.rating,
        "comment": update.comment,
        "ending": update.ending,
        "form": update.form,
        "contact": update.contact,
        "read": update.read,
        "place": update.place,
        "quick_replies": update.quick_replies,
        "blocked": update.blocked,
        "_conversation_id": update.id,
        "_position": update.position,
    }
    return values if update.thinking else values | {"draft": "", "slow": False}


def _missing(
    subscriber: Subscriber, update: ThreadUpdate | None, changes: dict[str, Any], *, read_all: bool
) -> dict[str, Any]:
    """Return what a tab is missing, and count it as sent."""
    values = dict(changes)
    if update and read_all:
        values |= {"history": update.messages, "live": [], "more": update.more, "loaded": True}
    elif update:
        fresh = [message for message in update.messages if message["position"] > subscriber.position]
        values |= broadcast.append_messages(subscriber.tab.shown, fresh, _MAX_SHOWN_MESSAGES)
    if update:
        subscriber.position = max(subscriber.position, update.position)
    return broadcast.differing(subscriber.tab, values)


class ThreadBroadcasts:
    """The broadcasts of this process, by thread."""

    def __init__(self) -> None:
        self._broadcasts: dict[Key, tuple[ThreadBroadcast, AsyncExitStack]] = {}
        self._waiting: dict[Key, int] = {}
        self._tabs: dict[str, ThreadBroadcast] = {}

    @asynccontextmanager
    async def join(self, token: str, reader: ThreadReader) -> AsyncGenerator[ThreadBroadcast]:
        """Give a tab the broadcast of a reader's thread, and unsubscribe it when the block ends."""
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
        """Return the visitors whose threads are shown in this process."""
        return {visitor for visitor, _, _ in self._broadcasts}

    def leave(self, token: str) -> None:
        """Unsubscribe a tab from the thread it shows."""
        if token in self._tabs:
            self._tabs[token].unsubscribe(token)

    def drop(self, is_dropped: Callable[[broadcast.Tab], bool]) -> None:
        """Unsubscribe some tabs of this process from the threads they show."""
        for thread, _ in self._broadcasts.values():
            thread.drop(is_dropped)

    async def _broadcast(self, key: Key, reader: ThreadReader) -> ThreadBroadcast:
        if key not in self._broadcasts:
            stack = AsyncExitStack()
            topic = topics.visitor(reader.visitor_id)
            subscription = await stack.enter_async_context(signals.current().subscribe(topic))
            self._broadcasts[key] = ThreadBroadcast(subscription, reader), stack
            signals.current().publish(TABS_TOPIC, OPENED, local=True)
        return self._broadcasts[key][0]

    async def _let_go(self, key: Key) -> None:
        self._waiting[key] -= 1
        if not self._waiting[key]:
            del self._waiting[key]
            _, stack = self._broadcasts.pop(key)
            await stack.aclose()


thread_broadcasts: Final = ThreadBroadcasts()
