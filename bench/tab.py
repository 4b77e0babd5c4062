"""One open tab, as the server sees it: the websocket frames of Reflex 0.10.1 (engine.io and socket.io inside)."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

import orjson
from websockets.asyncio.client import ClientConnection, connect

ROOT = "reflex___state____state"
CHAT = f"{ROOT}.vink_chat___pages___visitor___state____visitor_chat"
_PLACE = {"pathname": "/", "asPath": "/"}
_EVENT = "42/_event,"

Hear = Callable[["Tab", dict[str, Any], float], None]


class Tab:
    """A visitor's tab: what it shows, and a door to send through.

    Attributes:
        shown: The newest value of each variable of the chat's panel.
        hear: Called with each change of the panel and the moment it arrived (``time.perf_counter``).
        received: Bytes that came over the socket.
        source: The address of this machine it connects from; empty for any.
    """

    def __init__(self, url: str, secret: str, source: str = "") -> None:
        self.url = url
        self.secret = secret
        self.source = source
        self.shown: dict[str, Any] = {}
        self.hear: Hear | None = None
        self.received = 0
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def open(self) -> None:
        """Connect, say who is asking, and wait until the thread is drawn."""
        address = f"{self.url.replace('http', 'ws', 1)}/_event/?token={uuid4()}&EIO=4&transport=websocket"
        self._socket = await connect(
            address,
            subprotocols=["0.10.1"],
            origin=self.url,
            compression=None,
            ping_interval=None,
            open_timeout=60,
            local_addr=(self.source, 0) if self.source else None,
        )
        await self._socket.recv()
        storage = {f"{CHAT}.secret_rx_state_": self.secret}
        boot = {"name": f"{ROOT}.hydrate_and_load", "payload": {"vars": storage, "hashes": []}, "router_data": _PLACE}
        await self._socket.send("40/_event," + orjson.dumps({"event": boot}).decode())
        self._reader = asyncio.create_task(self._read(self._socket))
        async with asyncio.timeout(60):
            await self._while_connected(self._ready.wait())

    async def send(self, text: str, client_id: str) -> None:
        """Send a message as the composer does."""
        await self._act("send", {"text": text, "client_id": client_id})

    async def call_operator(self) -> None:
        """Press the button."""
        await self._act("call_operator", {})

    async def _act(self, name: str, payload: dict[str, Any]) -> None:
        assert self._socket
        event = {"name": f"{CHAT}.{name}", "payload": payload, "router_data": _PLACE}
        await self._socket.send(_EVENT + orjson.dumps(["event", event]).decode())

    async def close(self) -> None:
        """Close the socket as a browser does that is closed."""
        if self._reader:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._socket:
            await self._socket.close()

    async def until(self, shown: asyncio.Event) -> None:
        """Wait for an event that ``hear`` sets.

        Raises:
            ConnectionError: The server has gone.
        """
        await self._while_connected(shown.wait())

    def messages(self) -> list[dict[str, Any]]:
        """Return every message the tab shows."""
        return self.shown.get("history", []) + self.shown.get("live", [])

    async def _while_connected(self, event: Coroutine[Any, Any, object]) -> None:
        assert self._reader
        waiting = asyncio.create_task(event)
        try:
            await asyncio.wait({waiting, self._reader}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone = not waiting.done()
            waiting.cancel()
        if gone:
            message = "the server has gone"
            raise ConnectionError(message)

    async def _read(self, socket: ClientConnection) -> None:
        async for frame in socket:
            moment = time.perf_counter()
            self.received += len(frame)
            if frame == "2":
                await socket.send("3")
            elif isinstance(frame, str) and frame.startswith(_EVENT):
                delta = orjson.loads(frame[len(_EVENT) :])[1].get("delta") or {}
                if CHAT in delta:
                    self._redraw(delta[CHAT], moment)

    def _redraw(self, changes: dict[str, Any], moment: float) -> None:
        news = {name.removesuffix("_rx_state_"): value for name, value in changes.items()}
        self.shown.update(news)
        if self.hear:
            self.hear(self, news, moment)
        if news.get("loaded"):
            self._ready.set()
