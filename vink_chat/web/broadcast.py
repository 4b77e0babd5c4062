"""Publishing changes to open tabs, past Reflex's own way: one frame for all tabs that lack the same, packed by orjson.

Reflex takes each tab's lock, checks every value against its annotation and packs each tab's frame by itself; for a
message that several tabs show this was most of its price. Here the values are put into the tabs' States as they are,
so that a reconnect finds them there, and the frame is packed once.

Only a watch may do this (see ``tabs``), and only after its State has sent the whole: nothing here waits between the
change and its frame, so neither this way nor Reflex's own overtakes the other.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

import orjson
import reflex as rx

from vink_chat.web import reflex_internals, tabs

# Reflex has its own words for dataclasses, dates and subclasses: they are left to it.
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
        """Pack a packet's payload; what orjson cannot pack, Reflex packs as ever."""
        try:
            return orjson.dumps(value, default=reflex_internals.serialize, option=_OPTIONS).decode()
        except TypeError:
            return reflex_internals.json_dumps(value, **options)

    loads = staticmethod(reflex_internals.json_loads)


def install(app: rx.App) -> None:
    """Let an application's sockets pack this way."""
    if app.sio is not None:
        reflex_internals.use_json(app, OrjsonCodec)


_LIVE: Final = 20
Changes = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Tab:
    """An open tab and one of its States, as Reflex keeps it."""

    token: str
    state: rx.State

    @classmethod
    def of(cls, state: rx.State) -> "Tab":
        """Return the tab of a State whose lock is held."""
        return cls(state.router.session.client_token, reflex_internals.kept_state(state))

    @property
    def shown(self) -> dict[str, Any]:
        """The values the State holds, by name; one never set or read is missing."""
        return reflex_internals.values_of(self.state)


class Subscriber(Protocol):
    """What is kept of a tab that is sent what changes."""

    @property
    def tab(self) -> Tab:
        """The tab."""
        ...


S = TypeVar("S", bound=Subscriber)


class Broadcast(Generic[S]):
    """Tabs that are sent what changes, each what it lacks.

    Attributes:
        lock: Held while anything is sent, this way or by a tab's State: the one must not overtake the other.
    """

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self._subscribers: dict[str, S] = {}

    def subscribe(self, subscriber: S) -> None:
        """Send a tab from now on what follows; it has been sent what its subscriber says. The caller holds the lock."""
        self._subscribers[subscriber.tab.token] = subscriber

    def unsubscribe(self, token: str) -> None:
        """Send a tab nothing more; its State sends for itself again."""
        self._subscribers.pop(token, None)

    def __contains__(self, token: str) -> bool:
        """Tell whether a tab is sent what changes."""
        return token in self._subscribers

    def __iter__(self) -> Iterator[S]:
        """Go through the subscribers."""
        return iter(self._subscribers.values())

    def __len__(self) -> int:
        """Return how many tabs there are."""
        return len(self._subscribers)

    async def publish(self, lacking: Callable[[S], Changes]) -> None:
        """Send each tab what it lacks by ``lacking``, which counts that as sent; the caller holds the lock."""
        # Nothing waits before the last frame is on its way: nobody subscribes or leaves meanwhile.
        await send([(subscriber.tab, lacking(subscriber)) for subscriber in self])


def differing(tab: Tab, wanted: Changes) -> dict[str, Any]:
    """Return those changes that a tab does not show already."""
    shown = tab.shown
    return {name: value for name, value in wanted.items() if name not in shown or shown[name] != value}


async def send(wanted: Iterable[tuple[Tab, Changes]]) -> None:
    """Change variables in tabs; names that begin with ``_`` stay on the server. A tab that has gone is passed by."""
    frames: list[tuple[str, Changes, list[str]]] = []
    for tab, changes in wanted:
        tab.shown.update(changes)
        socket = tabs.socket(tab.token)
        if changes and socket:
            _join(frames, tab.state.get_full_name(), changes, socket)
    broken_off: asyncio.CancelledError | None = None
    for name, changes, sockets in frames:
        delta = {reflex_internals.field_name(key): value for key, value in changes.items() if not key.startswith("_")}
        if delta:
            try:
                await tabs.emit({name: delta}, sockets)
            except asyncio.CancelledError as error:
                # The States hold all of it by now: nobody would send the others what they lack.
                broken_off = error
    if broken_off:
        raise broken_off


def append_messages(shown: Changes, fresh: Sequence[Any], longest: int) -> dict[str, Any]:
    """Return a thread's two lists with new messages: the short one grows, and now and then goes up into the long one.

    Reflex sends a list whole for each change, so what grows must be short.

    Args:
        shown: The State's variables, ``history``, ``live`` and ``more`` among them.
        fresh: The new messages, oldest first.
        longest: How many messages the long list keeps.
    """
    if not fresh:
        return {}
    live = [*shown.get("live", ()), *fresh]
    if len(live) <= _LIVE:
        return {"live": live}
    thread = [*shown.get("history", ()), *live]
    more = shown.get("more", False) or len(thread) > longest
    return {"history": thread[-longest:], "live": [], "more": more}


def _join(frames: list[tuple[str, Changes, list[str]]], name: str, changes: Changes, socket: str) -> None:
    for known, same, sockets in frames:
        if known == name and (same is changes or same == changes):
            sockets.append(socket)
            return
    frames.append((name, changes, [socket]))
