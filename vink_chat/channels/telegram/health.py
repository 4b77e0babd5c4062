"""Whether the bot works: noted with each poll, read by administrators, and felt by who can only be reached by it."""

import contextlib
import time
from datetime import timedelta
from typing import Final

from vink_chat import handover, operators
from vink_chat.channels import outbox, store
from vink_chat.conversations import HandoffKind
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.operators import Presence

_WRITE_EVERY: Final = 15.0
PATIENCE: Final = timedelta(minutes=2)


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


async def send_home() -> None:
    """Take off shift whoever only a bot could reach that does not work; they read it when it does again."""
    async with db.reading() as tx:
        since = (await store.post(tx)).fault_at
        if since is None or since > now() - PATIENCE:
            return
        there = [
            one for one in await operators.on_shift(tx) if one.telegram_id and not await operators.at_desk(tx, one.id)
        ]
    for person in there:
        with contextlib.suppress(VinkError):
            async with db.transaction() as tx:
                await operators.set_presence(tx, person.id, Presence.OFF)
                await handover.let_go(tx, person.id, HandoffKind.ABSENT)
                words = say("Бот не работал, поэтому ваша смена закончена. Вернуться — /start.", person.language)
                await outbox.text(tx, person.telegram_id or 0, words)
