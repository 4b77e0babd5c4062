"""Signals: «something changed, read the database again», between tabs, processes and workers.

A signal has a topic and a kind, and may carry a short payload for what is not stored (a draft, «печатает»). Signals of
one kind that come before a listener looks are merged into the newest, so a listener's memory is bounded by the number
of kinds. No message depends on a signal: a listener that gets one, or ``RESYNC``, reads the database.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final, cast
from uuid import uuid4

import orjson
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

RESYNC: Final = "read_again"
_CHANNEL: Final = "vink:signals"
_MAX_UNSENT: Final = 10_000
_ALL_TOPICS: Final = ""
# The timeout of one Redis command, and the silence after which Redis is pinged.
_TIMEOUT_SECONDS: Final = 2.0
_SILENCE: Final = 5.0

Kinds = dict[str, Any]


class Subscription:
    """One listener's pending signals, merged by kind."""

    __slots__ = ("_pending", "_woken", "topics")

    def __init__(self, topics: set[str]) -> None:
        self.topics = topics
        self._pending: Kinds = {}
        self._woken = asyncio.Event()

    def put(self, kind: str, payload: Any) -> None:
        """Store a signal and wake the listener."""
        self._pending[kind] = payload
        self._woken.set()

    async def next(self, quiet_after: float | None = None) -> Kinds:
        """Wait for signals and return all that came, by kind; none after ``quiet_after`` seconds without one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(quiet_after):
                await self._woken.wait()
        self._woken.clear()
        pending, self._pending = self._pending, {}
        return pending


class Signals:
    """The signals of one process, or over Redis those of all processes.

    Attributes:
        cut_off: Whether signals to other processes were lost; those will get ``RESYNC``.
    """

    cut_off = False

    def __init__(self, redis_url: str = "") -> None:
        self._name = uuid4().hex
        self._listeners: defaultdict[str, set[Subscription]] = defaultdict(set)
        # The library's own annotations are loose.
        timeouts = {
            "socket_timeout": _TIMEOUT_SECONDS,
            "socket_connect_timeout": _TIMEOUT_SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        self._redis: Any = cast("Any", Redis).from_url(redis_url, **timeouts) if redis_url else None
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start listening to other processes; does nothing without Redis."""
        if self._redis:
            self._tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._receive())]

    async def stop(self) -> None:
        """Stop listening to other processes."""
        for task in self._tasks:
            # Repeatedly: a Redis client in the middle of a command may swallow a cancellation.
            while not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=0.1)
        if self._redis:
            await self._redis.aclose()

    def publish(self, topic: str, kind: str, payload: Any = None, *, local: bool = False) -> None:
        """Wake all listeners of a topic, with ``local`` only those in this process. Never waits."""
        self._deliver(topic, kind, payload)
        if self._redis and not local:
            if self._outbox.qsize() >= _MAX_UNSENT:
                self._replace_unsent()
            self._outbox.put_nowait(self._packed(topic, kind, payload))

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncGenerator[Subscription]:
        """Listen to topics until the block ends."""
        subscription = Subscription(set(topics))
        for topic in topics:
            self._listeners[topic].add(subscription)
        try:
            yield subscription
        finally:
            for topic in subscription.topics:
                self._listeners[topic].discard(subscription)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def retarget(self, subscription: Subscription, *topics: str) -> None:
        """Change the topics of a listener."""
        for topic in subscription.topics - set(topics):
            self._listeners[topic].discard(subscription)
        for topic in topics:
            self._listeners[topic].add(subscription)
        subscription.topics = set(topics)

    def _deliver(self, topic: str, kind: str, payload: Any) -> None:
        for subscription in self._listeners.get(topic, ()):
            subscription.put(kind, payload)

    def _wake_all(self) -> None:
        for subscriptions in self._listeners.values():
            for subscription in subscriptions:
                subscription.put(RESYNC, None)

    def _packed(self, topic: str, kind: str, payload: Any = None) -> bytes:
        return orjson.dumps([self._name, topic, kind, payload])

    def _replace_unsent(self) -> None:
        """Drop the unsent signals: one ``RESYNC`` replaces them all."""
        self.cut_off = True
        while not self._outbox.empty():
            self._outbox.get_nowait()
        self._outbox.put_nowait(self._packed(_ALL_TOPICS, RESYNC))

    async def _send(self) -> None:
        while True:
            packet = await self._outbox.get()
            try:
                await self._redis.publish(_CHANNEL, packet)
                self.cut_off = self.cut_off and not self._outbox.empty()
            except (RedisError, OSError) as error:
                log.warning("Could not publish a signal to Redis: %s", error)
                self._replace_unsent()
                await asyncio.sleep(_TIMEOUT_SECONDS / 2)

    async def _receive(self) -> None:
        pause = 0.1
        while True:
            try:
                await self._receive_until_cut()
                pause = 0.1
            except (RedisError, OSError) as error:
                log.warning("Redis is unreachable; signals stay in this process: %s", error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def _receive_until_cut(self) -> None:
        async with self._redis.pubsub() as pubsub:
            await pubsub.subscribe(_CHANNEL)
            # Signals sent while the connection was down are lost, so everybody reads the database.
            self._wake_all()
            asked = False
            while True:
                packet = await pubsub.get_message(timeout=_SILENCE)
                if packet is None and asked:
                    # A dead connection may not report an error.
                    raise RedisConnectionError("no answer to a ping")
                asked = packet is None
                if packet is None:
                    await pubsub.ping()
                elif packet["type"] == "message":
                    self._handle(packet["data"])

    def _handle(self, packet: bytes) -> None:
        sender, topic, kind, payload = orjson.loads(packet)
        if sender == self._name:
            return
        if topic == _ALL_TOPICS:
            self._wake_all()
        else:
            self._deliver(topic, kind, payload)


_current = Signals()


def use(signals: Signals) -> None:
    """Set the signals of this process (``bootstrap`` calls this once)."""
    global _current  # noqa: PLW0603  the composition root sets it
    _current = signals


def current() -> Signals:
    """Return the signals of this process."""
    return _current
