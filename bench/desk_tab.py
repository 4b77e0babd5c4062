"""One open desk, as the server sees it: which rows its queue shows, and which messages its thread."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import uuid4

import orjson
from websockets.asyncio.client import ClientConnection, connect

from bench.tab import ROOT

QUEUE = f"{ROOT}.vink_chat___pages___desk___queue____desk_queue"
THREAD = f"{ROOT}.vink_chat___pages___desk___thread____desk_thread"
_PLACE = {"pathname": "/desk", "asPath": "/desk"}
_EVENT = "42/_event,"
_SUFFIX = "_rx_state_"


@lru_cache(8)
def _delta(frame: str) -> dict[str, Any]:
    # Many desks get the same frame, and here they share one core: it is read once, as it would be by each on its own.
    return orjson.loads(frame[len(_EVENT) :])[1].get("delta") or {}


Rows = Callable[["DeskTab", list[dict[str, Any]], float], None]


class DeskTab:
    """An operator's tab with one box of the queue and one conversation open.

    Attributes:
        rows: Called with the queue's rows that arrived, and the moment.
        messages: Called with the thread's messages that arrived, and the moment.
        received: Bytes that came over the socket.
        frames: How many frames that was.
    """

    def __init__(self, url: str, token: str, box: str, conversation: str) -> None:
        self.url = url
        self.box = box
        self.conversation = conversation
        self.rows: Rows | None = None
        self.messages: Rows | None = None
        self.received = 0
        self.frames = 0
        self._token = token
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._queue, self._thread = asyncio.Event(), asyncio.Event()

    async def open(self) -> None:
        """Connect with the session's cookie, and wait until the queue and the thread are drawn."""
        self._socket = await connect(
            f"{self.url.replace('http', 'ws', 1)}/_event/?token={uuid4()}&EIO=4&transport=websocket",
            subprotocols=["0.10.1"],
            origin=self.url,
            additional_headers={"Cookie": f"vink_session={self._token}"},
            compression=None,
            ping_interval=None,
            open_timeout=60,
            max_size=None,
        )
        await self._socket.recv()
        stored = {f"{THREAD}.opened{_SUFFIX}": self.conversation}
        boot = {"name": f"{ROOT}.hydrate_and_load", "payload": {"vars": stored, "hashes": []}, "router_data": _PLACE}
        await self._socket.send("40/_event," + orjson.dumps({"event": boot}).decode())
        self._reader = asyncio.create_task(self._read(self._socket))
        async with asyncio.timeout(60):
            await self._queue.wait()
            await self._thread.wait()
            self._queue.clear()
            event = {"name": f"{QUEUE}.show", "payload": {"box": self.box}, "router_data": _PLACE}
            await self._socket.send(_EVENT + orjson.dumps(["event", event]).decode())

    async def close(self) -> None:
        """Close the socket as a browser does that is closed."""
        if self._reader:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
        if self._socket:
            await self._socket.close()

    async def _read(self, socket: ClientConnection) -> None:
        async for frame in socket:
            moment = time.perf_counter()
            self.received += len(frame)
            self.frames += 1
            if frame == "2":
                await socket.send("3")
            elif isinstance(frame, str) and frame.startswith(_EVENT):
                delta = _delta(frame)
                if QUEUE in delta:
                    self._hear_queue(delta[QUEUE], moment)
                if THREAD in delta:
                    self._hear_thread(delta[THREAD], moment)

    def _hear_queue(self, changes: dict[str, Any], moment: float) -> None:
        found = [*changes.get(f"base{_SUFFIX}", {}).values(), *changes.get(f"fresh{_SUFFIX}", {}).values()]
        if self.rows and found:
            self.rows(self, found, moment)
        if found:
            self._queue.set()

    def _hear_thread(self, changes: dict[str, Any], moment: float) -> None:
        found = changes.get(f"history{_SUFFIX}", []) + changes.get(f"live{_SUFFIX}", [])
        if self.messages and found:
            self.messages(self, found, moment)
        if changes.get(f"head{_SUFFIX}", {}).get("id"):
            self._thread.set()
