"""Visitors who write while the program dies: each sends a message until its tab shows it, then the next."""

import asyncio
import contextlib
import random
from dataclasses import dataclass, field
from uuid import uuid4

from websockets.exceptions import WebSocketException

from tests.wire import VisitorTab
from vink_chat import conversations

QUESTIONS = (
    "Чем отличается литая плёнка от каландрированной?",
    "Какая ткань нужна для уличного баннера?",
    "Есть ли самовывоз?",
    "Спасибо!",
)
_PATIENCE = 15


@dataclass
class Writer:
    """One visitor with one tab, which is opened anew whenever the program is gone.

    Attributes:
        acknowledged: Client ids whose message the page has shown, in the order it was written.
        counted: Released once for every message shown, by all visitors together.
        done: Set to end the writing; the message in flight is still sent until it is shown.
    """

    url: str
    dice: random.Random
    counted: asyncio.Semaphore
    secret: str = field(default_factory=conversations.new_secret)
    acknowledged: list[str] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self) -> None:
        while not self.done.is_set():
            name, text = uuid4().hex, self.dice.choice(QUESTIONS)
            await self._send_until_shown(name, text)
            self.acknowledged.append(name)
            self.counted.release()
            await asyncio.sleep(self.dice.uniform(0.1, 0.8))

    async def shown(self) -> list[dict[str, str]]:
        """Return what a fresh tab shows."""
        async with VisitorTab(self.url, self.secret) as tab:
            return tab.messages()

    async def _send_until_shown(self, name: str, text: str) -> None:
        while True:
            if await self._is_shown(name, text):
                return
            await asyncio.sleep(0.1)

    async def _is_shown(self, name: str, text: str) -> bool:
        tab = VisitorTab(self.url, self.secret)
        with contextlib.suppress(OSError, WebSocketException, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await tab.open()
                await tab.send(text, name)
                await tab.until(lambda: _shows(tab, name), "the message", 2 * _PATIENCE)
        with contextlib.suppress(OSError, WebSocketException):
            await tab.close()
        return _shows(tab, name)


def _shows(tab: VisitorTab, name: str) -> bool:
    return any(message["client_id"] == name for message in tab.messages())
