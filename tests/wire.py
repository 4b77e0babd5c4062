"""A socket that speaks to every handler of the pages, and keeps each frame it is sent."""

import asyncio
import contextlib
import json
import re
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ROOT = "reflex___state____state"
CHAT = f"{ROOT}.vink_chat___pages___visitor___state____visitor_chat"
QUEUE = f"{ROOT}.vink_chat___pages___desk___queue____desk_queue"
THREAD = f"{ROOT}.vink_chat___pages___desk___thread____desk_thread"
_EVENT = "42/_event,"
_MARK = f"{ROOT}.set_is_hydrated"


class Wire:
    """One tab without a browser: it may bring a session's cookie, and whatever it likes in its storage.

    With ``token`` it is a tab that was there before; with ``hashes`` its page was just loaded, without it reconnects.

    Attributes:
        frames: Every frame received, as text.
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
    ) -> None:
        self.url = url
        self.path = path
        self.frames: list[str] = []
        self.shown: dict[str, dict[str, Any]] = {}
        self.redirects: list[str] = []
        self._stored = stored or {}
        self._token = token or str(uuid4())
        self._hashes = hashes or []
        self._cookie = cookie
        self._headers = headers or {}
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._marks = 0

    async def __aenter__(self) -> "Wire":
        address = f"{self.url.replace('http', 'ws', 1)}/_event/?token={self._token}&EIO=4&transport=websocket"
        headers = self._headers | ({"Cookie": f"vink_session={self._cookie}"} if self._cookie else {})
        self._socket = await connect(
            address,
            subprotocols=["0.10.1"],  # pyright: ignore[reportArgumentType]  a str is meant
            origin=self.url,  # pyright: ignore[reportArgumentType]  likewise
            additional_headers=headers,
            compression=None,
            ping_interval=None,
            open_timeout=60,
        )
        await self._socket.recv()
        boot = self._event(f"{ROOT}.hydrate_and_load", {"vars": self._stored, "hashes": self._hashes}, self.path)
        await self._socket.send("40/_event," + json.dumps({"event": boot}))
        self._reader = asyncio.create_task(self._read(self._socket))
        await self._until_marks(1)
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._reader:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionClosed):
                await self._reader
        if self._socket:
            await self._socket.close()

    async def call(self, name: str, payload: Any, path: str = "") -> list[str]:
        """Send an event, wait until it was worked off, and return the frames that came meanwhile."""
        before = len(self.frames)
        await self._send(self._event(name, payload, path or self.path))
        await self.settle()
        return self.frames[before:]

    @property
    def text(self) -> str:
        """Everything that was received, each character as itself."""
        return decoded(self.frames)

    async def settle(self) -> None:
        """Wait until everything sent so far was worked off: a tab's events wait for each other."""
        marks = self._marks
        await self._send(self._event(_MARK, {"value": True}, self.path))
        await self._until_marks(marks + 1)

    async def until(self, holds: Any, what: str, seconds: float = 10) -> None:
        """Wait until a condition on what the tab shows holds."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(what) from None

    @staticmethod
    def _event(name: str, payload: Any, path: str) -> dict[str, Any]:
        return {"name": name, "payload": payload, "router_data": {"pathname": path.partition("?")[0], "asPath": path}}

    async def _send(self, event: Any) -> None:
        assert self._socket
        await self._socket.send(_EVENT + json.dumps(["event", event]))

    async def _until_marks(self, number: int) -> None:
        await self.until(lambda: self._marks >= number, "the tab's events were not worked off", 60)

    async def _read(self, socket: ClientConnection) -> None:
        async for frame in socket:
            if frame == "2":
                await socket.send("3")
                continue
            assert isinstance(frame, str)
            self.frames.append(frame)
            if frame.startswith(_EVENT):
                self._hear(json.loads(frame[len(_EVENT) :])[1])
            self._news.set()

    def _hear(self, update: dict[str, Any]) -> None:
        for state, changes in (update.get("delta") or {}).items():
            self.shown.setdefault(state, {}).update(
                {re.sub("_rx_state_$", "", name): value for name, value in changes.items()}
            )
        if (update.get("delta") or {}).get(ROOT, {}).get("is_hydrated_rx_state_"):
            self._marks += 1
        self.redirects += [one["payload"]["path"] for one in update.get("events") or [] if one["name"] == "_redirect"]


def decoded(frames: list[str]) -> str:
    """Return frames with each character as itself, however it was written on the wire."""
    return "\n".join(json.dumps(json.loads(one[one.index(",") + 1 :]), ensure_ascii=False) for one in frames)
