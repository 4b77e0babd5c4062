"""Publishes changes to open tabs without Reflex's own machinery: one frame for all tabs missing the same, by orjson.

For each tab Reflex takes its lock, checks every value against its annotation and encodes a frame; for a message shown
in several tabs that was most of the cost. Here the values are written straight into the tabs' States, so that a
reconnect finds them there, and the frame is encoded once.

Only a watch may do this (see ``tabs``), and only after its State has sent everything once: nothing here awaits between
the change and its frame, so it and Reflex's own updates cannot overtake each other.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

import orjson
import reflex as rx

from vink_chat.web import reflex_internals, tabs

# Reflex serializes dataclasses, dates and subclasses in its own way.
_OPTIONS: Final = (
    orjson.OPT_NON_STR_KEYS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)


class OrjsonCodec:
    """The ``json`` module as python-socketio wants one."""

    @staticmethod
    def dumps(value: Any, **options: Any) -> str:
        """Encode a packet's payload; what orjson cannot encode is left to Reflex."""
        try:
            return orjson.dumps(value, default=reflex_internals.serialize, option=_OPTIONS).decode()
        except TypeError:
            return reflex_internals.json_dumps(value, **options)

    loads = staticmethod(reflex_internals.json_loads)


def use_orjson(app: rx.App) -> None:
    """Use this codec for an application's sockets."""
    if app.sio is not None:
        reflex_internals.use_json(app, OrjsonCodec)


_MAX_LIVE_MESSAGES: Final = 20
Changes = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Tab:
    """An open tab and one of its States, as Reflex keeps it."""

    token: str
    state: rx.State

    @classmethod
    def of(cls, state: rx.State) -> "Tab":
        """Return the tab of a State whose lock is held."""
        return cls(state.router.session.client_token, reflex_internals.unwrap_proxy(state))

    @property
    def shown(self) -> dict[str, Any]:
        """The values the State holds, by name; one never set or read is missing."""
        return reflex_internals.values_of(self.state)


class Subscriber(Protocol):
    """A subscribed tab."""

    @property
    def tab(self) -> Tab:
        """The tab."""
        ...


S = TypeVar("S", bound=Subscriber)


class Broadcast(Generic[S]):
    """Subscribed tabs; each is sent the changes it is missing.

    Attributes:
        lock: Held while anything is sent, from here or by a tab's State, so that neither overtakes the other.
    """

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self._subscribers: dict[str, S] = {}

    def subscribe(self, subscriber: S) -> None:
        """Subscribe a tab that has been sent what its subscriber records. The caller holds the lock."""
        self._subscribers[subscriber.tab.token] = subscriber

    def unsubscribe(self, token: str) -> None:
        """Unsubscribe a tab; its State sends for itself again."""
        self._subscribers.pop(token, None)

    def __contains__(self, token: str) -> bool:
        """Tell whether a tab is subscribed."""
        return token in self._subscribers

    def __iter__(self) -> Iterator[S]:
        """Iterate over the subscribers."""
        return iter(self._subscribers.values())

    def __len__(self) -> int:
        """Return how many tabs there are."""
        return len(self._subscribers)

    async def publish(self, missing: Callable[[S], Changes]) -> None:
        """Send each tab what ``missing`` returns, which also records it as sent; the caller holds the lock."""
        # No await before the last frame is sent: nobody subscribes or leaves meanwhile.
        await send([(subscriber.tab, missing(subscriber)) for subscriber in self])


def differing(tab: Tab, changes: Changes) -> dict[str, Any]:
    """Return the changes that a tab does not show yet."""
    shown = tab.shown
    return {name: value for name, value in changes.items() if name not in shown or shown[name] != value}


async def send(updates: Iterable[tuple[Tab, Changes]]) -> None:
    """Change variables in tabs; names starting with ``_`` stay on the server. Closed tabs are skipped."""
    frames: list[tuple[str, Changes, list[str]]] = []
    for tab, changes in updates:
        tab.shown.update(changes)
        socket = tabs.socket(tab.token)
        if changes and socket:
            _join(frames, tab.state.get_full_name(), changes, socket)
    cancelled: asyncio.CancelledError | None = None
    for name, changes, sockets in frames:
        delta = {reflex_internals.field_name(key): value for key, value in changes.items() if not key.startswith("_")}
        if delta:
            try:
                await tabs.emit({name: delta}, sockets)
            except asyncio.CancelledError as error:
                # The States already hold the changes: if we stopped here, nobody would send them to the other tabs.
                cancelled = error
    if cancelled:
        raise cancelled


def append_messages(shown: Changes, fresh: Sequence[Any], longest: int) -> dict[str, Any]:
    """Return a thread's two lists with new messages: the short one grows, and is moved into the long one when full.

    Reflex sends a whole list for each change, so the growing one must be short.

    Args:
        shown: The State's variables, ``history``, ``live`` and ``more`` among them.
        fresh: The new messages, oldest first.
        longest: How many messages the long list keeps.
    """
    if not fresh:
        return {}
    live = [*shown.get("live", ()), *fresh]
    if len(live) <= _MAX_LIVE_MESSAGES:
        return {"live": live}
    thread = [*shown.get("history", ()), *live]
    more = shown.get("more", False) or len(thread) > longest
    return {"history": thread[-longest:], "live": [], "more": more}


def _join(frames: list[tuple[str, Changes, list[str]]], name: str, changes: Changes, socket: str) -> None:
    for state, values, sockets in frames:
        if state == name and (values is changes or values == changes):
            sockets.append(socket)
            return
    frames.append((name, changes, [socket]))
