"""A client that is no browser: it sends whatever it likes through the visitor's websocket."""

import asyncio
import json
from typing import Any
from uuid import uuid4

from websockets.exceptions import ConnectionClosed

from bench.tab import CHAT, Tab
from vink_chat.conversations import new_secret


class Intruder(Tab):
    """A raw socket with the manners of a tab until it is told otherwise."""

    @classmethod
    async def at(cls, url: str, secret: Any = None) -> "Intruder":
        """Connect as a new visitor, or with whatever is given for a secret."""
        made = cls(url, new_secret() if secret is None else secret)
        await made.open()
        return made

    async def call(self, handler: str, payload: Any, **more: Any) -> None:
        """Send an event to a handler of the visitor's panel."""
        place = {"pathname": "/", "asPath": "/"}
        await self.raw({"name": f"{CHAT}.{handler}", "payload": payload, "router_data": place} | more)

    async def raw(self, event: Any) -> None:
        """Send anything as an event."""
        await self.packet("42/_event," + json.dumps(["event", event]))

    async def packet(self, text: str) -> None:
        """Send anything at all."""
        assert self._socket
        await self._socket.send(text)

    async def write(self, text: Any, name: Any = None) -> None:
        """Send a message."""
        await self.call("send", {"text": text, "client_id": name or uuid4().hex})

    async def until(self, holds: Any, what: str, seconds: float = 10) -> None:
        """Wait until a condition on what the tab shows holds."""
        changed = asyncio.Event()
        self.hear = lambda *_: changed.set()
        async with asyncio.timeout(seconds):
            while not holds():
                await changed.wait()
                changed.clear()
        assert holds(), what

    async def refusal_of(self, text: Any, name: str) -> str:
        """Send a message and return the sentence it is refused with."""
        await self.write(text, name)
        await self.until(lambda: self.shown.get("refusal", {}).get("client_id") == name, "a refusal")
        return self.shown["refusal"]["text"]

    async def is_closed(self) -> bool:
        """Tell whether the server hung up within five seconds."""
        assert self._reader
        try:
            async with asyncio.timeout(5):
                await asyncio.shield(self._reader)
        except TimeoutError:
            return False
        except ConnectionClosed:
            self._reader = None
        return True
