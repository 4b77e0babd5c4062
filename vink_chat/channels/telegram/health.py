"""Whether the bot works, as administrators read it: noted with each poll."""

import time
from typing import Final

from vink_chat.channels import store
from vink_chat.kit import db
from vink_chat.kit.clock import now

_WRITE_EVERY: Final = 15.0


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
