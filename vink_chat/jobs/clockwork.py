"""What happens by the clock. Every round may run in several processes at once without harm."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations, preferences
from vink_chat.kit import db
from vink_chat.kit.clock import now

log = logging.getLogger(__name__)

Round = Callable[[], Awaitable[None]]
_RESCUE_EVERY: Final = 5.0
_GRACE: Final = timedelta(seconds=3)


class Clockwork:
    """The periodic rounds of one process."""

    def __init__(self, wake_assistant: Callable[[UUID], Awaitable[None]]) -> None:
        self._wake_assistant = wake_assistant
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, *, alone: bool) -> None:
        """Begin the rounds.

        Args:
            alone: No other process answers, so whatever is unanswered now was left by a crash.
        """
        if alone:
            await self.rescue(timedelta(0))
        self._tasks = [asyncio.create_task(_every(_RESCUE_EVERY, self.rescue_overdue))]

    async def stop(self) -> None:
        """End the rounds."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def rescue_overdue(self) -> None:
        """Wake the assistant for messages whose run must be dead by now."""
        allowed = preferences.current(preferences.Assistant).answer_seconds
        await self.rescue(timedelta(seconds=allowed) + _GRACE)

    async def rescue(self, older_than: timedelta) -> None:
        """Wake the assistant for every message unanswered for longer than this."""
        async with db.reading() as tx:
            left = await conversations.unanswered(tx, now() - older_than)
        for conversation_id in left:
            log.warning("Conversation %s was left unanswered; asking again", conversation_id)
            await self._wake_assistant(conversation_id)


async def _every(seconds: float, act: Round) -> None:
    while True:
        try:
            await act()
        except Exception:
            log.exception("A round failed; the next one follows")
        await asyncio.sleep(seconds)
