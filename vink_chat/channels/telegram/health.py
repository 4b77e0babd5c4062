"""Whether the bot works: known here by how its calls end, shown to administrators, and counted in who is present."""

import asyncio
import time
from datetime import timedelta
from typing import Final

from vink_chat import operators
from vink_chat.channels import store
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction

_WRITE_EVERY: Final = 15.0
# Whoever answers in Telegram counts as present for so long after the bot was last known to work.
_BELIEVED: Final = timedelta(seconds=60)


class Health:
    """Whether the bot works: Telegram knew it when each kind of call was last made, whatever the answer was."""

    def __init__(self) -> None:
        self._taken: dict[int, bool] = {}
        self._works = asyncio.Event()

    def note(self, kind: int, *, taken: bool) -> None:
        """Note how a call ended."""
        self._taken[kind] = taken
        if all(self._taken.values()):
            self._works.set()
        else:
            self._works.clear()

    async def works(self) -> None:
        """Wait until the bot works; one that has not called yet does not."""
        await self._works.wait()


class Pulse:
    """What one process knows of the bot's health; it writes changes at once, and that all is well now and then."""

    def __init__(self) -> None:
        self._fault: str | None = None
        self._written = 0.0

    async def note(self, fault: str) -> None:
        """Note that Telegram answered (no fault), or why it does not."""
        clock = time.monotonic()
        if fault == self._fault and clock - self._written < _WRITE_EVERY:
            return
        async with db.transaction() as tx:
            await store.note_health(tx, fault, now())
        self._fault, self._written = fault, clock


async def keep_present(health: Health) -> None:
    """Have those who answer in Telegram count as present for as long as the bot works."""
    while True:
        await health.works()
        async with db.transaction() as tx:
            await operators.telegram_works(tx, _BELIEVED)
        await asyncio.sleep(_BELIEVED.total_seconds() / 3)


async def stop_presence(tx: Transaction) -> None:
    """Let nobody count as present by a bot that stops."""
    await operators.telegram_works(tx, timedelta(0))
