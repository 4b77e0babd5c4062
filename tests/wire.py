"""The one client of Reflex's protocol (events in Socket.IO in Engine.IO in a websocket), for tests and benches."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Self
from uuid import uuid4

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ROOT = "reflex___state____state"
CHAT = f"{ROOT}.vink_chat___pages___visitor___state____visitor_chat"
QUEUE = f"{ROOT}.vink_chat___pages___desk___queue____desk_queue"
THREAD = f"{ROOT}.vink_chat___pages___desk___thread____desk_thread"
# Reflex names its own version there, and says so in its log when a page brings another one.
SUBPROTOCOL = version("reflex")
# A slow machine is no defect.
_SECONDS = 60
_EVENT = "42/_event,"
_SUFFIX = "_rx_state_"
_MARK = f"{ROOT}.set_is_hydrated"


def address(url: str, token: str = "") -> str:
    """Return where the websocket of a tab is; without a token it is a tab nobody has seen."""
    return f"{url.replace('http', 'ws', 1)}/_event/?token={token or uuid4()}&EIO=4&transport=websocket"


def event(name: str, payload: Any, path: str = "/") -> dict[str, Any]:
    """Return an event as a page at that path sends it."""
    return {"name": name, "payload": payload, "router_data": {"pathname": path.partition("?")[0], "asPath": path}}


def load(stored: dict[str, Any], path: str = "/", hashes: list[str] | None = None) -> dict[str, Any]:
    """Return the event a page begins with: it brings what the browser stored, such as the visitor's secret."""
    return event(f"{ROOT}.hydrate_and_load", {"vars": stored, "hashes": hashes or []}, path)


def first_packet(begin: dict[str, Any]) -> str:
    """Return the packet that connects, with the event a page begins with."""
    return "40/_event," + json.dumps({"event": begin})


def packet(event: Any) -> str:
    """Return the packet of an event."""
    return _EVENT + json.dumps(["event", event])


def secret_of(visitor: Any) -> dict[str, Any]:
    """Return what the browser of a visitor with that secret stored."""
    return {f"{CHAT}.secret{_SUFFIX}": visitor}


class Wire:
    """One tab without a browser: it may bring a session's cookie, and whatever it likes in its storage.

    Args:
        token: Of a tab that was there before.
        hashes: With them the page was just loaded; with a token and without them it reconnects.
        source: The address of this machine it connects from.
        keeps_frames: Whether ``frames`` grows; a bench opens hundreds of tabs.

    Attributes:
        frames: Every frame received, as text.
        received: How many characters that was.
        count: How many frames.
        shown: The newest value of each variable, by State and name.
        redirects: Where the server sent the page, in order.
    """

    def __init__(
        self,
        url: str,
        *,
        cookie: str = "",
        stored: dict[str, Any] | None = None,
        path: str = "/",
        token: str = "",
        hashes: list[str] | None = None,
        headers: dict[str, str] | None = None,
        source: str = "",
        keeps_frames: bool = True,
    ) -> None:
        self.url = url
        self.path = path
        self.frames: list[str] = []
        self.received = 0
        self.count = 0
        self.shown: dict[str, dict[str, Any]] = {}
        self.redirects: list[str] = []
        self._begin = load(stored or {}, path, hashes)
        self._token = token
        self._headers = (headers or {}) | ({"Cookie": f"vink_session={cookie}"} if cookie else {})
        self._source = source
        self._keeps_frames = keeps_frames
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._marks = 0

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Connect, and wait until the page was loaded."""
        self._socket = await connect(
            address(self.url, self._token),
            subprotocols=[SUBPROTOCOL],  # pyright: ignore[reportArgumentType]  a str is meant
            origin=self.url,  # pyright: ignore[reportArgumentType]  likewise
            additional_headers=self._headers,
            compression=None,
            ping_interval=None,
            open_timeout=_SECONDS,
            max_size=None,
            local_addr=(self._source, 0) if self._source else None,
        )
        await self._socket.recv()
        await self._socket.send(first_packet(self._begin))
        self._reader = asyncio.create_task(self._read(self._socket))
        self._reader.add_done_callback(lambda _: self._news.set())
        await self._until_marks(1)

    async def close(self) -> None:
        """Close the socket as a browser does that is closed."""
        if self._reader:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
        if self._socket:
            await self._socket.close()

    async def call(self, name: str, payload: Any, path: str = "") -> list[str]:
        """Send an event, wait until it was worked off, and return the frames that came meanwhile."""
        before = len(self.frames)
        await self.send_event(event(name, payload, path or self.path))
        await self.settle()
        return self.frames[before:]

    async def send_event(self, event: Any) -> None:
        """Send an event, or anything at all in its place, and wait for nothing."""
        await self.send_packet(packet(event))

    async def send_packet(self, text: str) -> None:
        """Send text as it is."""
        assert self._socket
        await self._socket.send(text)

    @property
    def text(self) -> str:
        """Everything that was received, each character as itself."""
        return decoded(self.frames)

    async def settle(self) -> None:
        """Wait until everything sent so far was worked off: a tab's events wait for each other."""
        marks = self._marks
        await self.send_event(event(_MARK, {"value": True}, self.path))
        await self._until_marks(marks + 1)

    async def until(self, holds: Callable[[], Any], what: str, seconds: float = 30) -> None:
        """Wait until a condition on what the tab shows holds.

        Raises:
            AssertionError: It did not come.
            ConnectionError: The server has ended the connection.
        """
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    self._stay_connected(what)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(what) from None

    async def is_closed(self, seconds: float = 30) -> bool:
        """Tell whether the server ends the connection."""
        assert self._reader
        done, _ = await asyncio.wait({self._reader}, timeout=seconds)
        return bool(done)

    def _stay_connected(self, what: str) -> None:
        if self._reader is None or self._reader.done():
            message = f"the connection has ended before {what}"
            raise ConnectionError(message)

    async def _until_marks(self, number: int) -> None:
        await self.until(lambda: self._marks >= number, "the tab's events were worked off", _SECONDS)

    async def _read(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in socket:
                moment = time.perf_counter()
                if frame == "2":
                    await socket.send("3")
                    continue
                assert isinstance(frame, str)
                self.received += len(frame)
                self.count += 1
                if self._keeps_frames:
                    self.frames.append(frame)
                if frame.startswith(_EVENT):
                    self._hear(_update(frame), moment)
                self._news.set()

    def _hear(self, update: dict[str, Any], moment: float) -> None:
        for state, changes in (update.get("delta") or {}).items():
            news = {name.removesuffix(_SUFFIX): value for name, value in changes.items()}
            self.shown.setdefault(state, {}).update(news)
            if state == ROOT and news.get("is_hydrated"):
                self._marks += 1
            self.on_change(state, news, moment)
        self.redirects += [one["payload"]["path"] for one in update.get("events") or [] if one["name"] == "_redirect"]

    def on_change(self, state: str, news: dict[str, Any], moment: float) -> None:
        """Called with the changes of a State and the moment they arrived (``time.perf_counter``)."""


class VisitorTab(Wire):
    """A visitor's tab.

    Attributes:
        hear: Called with each change of the chat's panel and the moment it arrived.
    """

    def __init__(self, url: str, secret: Any, source: str = "", *, keeps_frames: bool = True) -> None:
        super().__init__(url, stored=secret_of(secret), source=source, keeps_frames=keeps_frames)
        self.secret = secret
        self.hear: Callable[[VisitorTab, dict[str, Any], float], None] | None = None

    async def open(self) -> None:
        """Connect, and wait until the thread is drawn."""
        await super().open()
        await self.until(lambda: self.panel.get("loaded"), "the thread is drawn", _SECONDS)

    @property
    def panel(self) -> dict[str, Any]:
        """The newest value of each variable of the chat's panel."""
        return self.shown.get(CHAT, {})

    def messages(self) -> list[dict[str, Any]]:
        """Return every message the tab shows."""
        return self.panel.get("history", []) + self.panel.get("live", [])

    async def send(self, text: Any, client_id: Any = None) -> None:
        """Send a message as the composer does."""
        await self.act("send", {"text": text, "client_id": client_id or uuid4().hex})

    async def call_operator(self) -> None:
        """Press the button."""
        await self.act("call_operator", {})

    async def act(self, handler: str, payload: Any) -> None:
        """Send an event to a handler of the chat's panel."""
        await self.send_event(event(f"{CHAT}.{handler}", payload, self.path))

    def on_change(self, state: str, news: dict[str, Any], moment: float) -> None:
        """Hand on what is the panel's."""
        if state == CHAT and self.hear:
            self.hear(self, news, moment)


@lru_cache(8)
def _update(frame: str) -> dict[str, Any]:
    # Many tabs of a bench get the same frame, and share one core: it is read once. Nobody may change it.
    return orjson.loads(frame[len(_EVENT) :])[1]


def decoded(frames: list[str]) -> str:
    """Return frames with each character as itself, however it was written on the wire."""
    return "\n".join(json.dumps(json.loads(one[one.index(",") + 1 :]), ensure_ascii=False) for one in frames)
