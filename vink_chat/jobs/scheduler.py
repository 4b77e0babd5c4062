"""What happens by the clock. Every round may run in several processes at once without harm."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations, handover, operators, preferences, topics
from vink_chat.conversations import search
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction

log = logging.getLogger(__name__)

Round = Callable[[], Awaitable[None]]
_RESCUE_EVERY: Final = 2.0
_LOOK_EVERY: Final = 10.0
_END_EVERY: Final = 1.0
_DAY: Final = 86_400.0
_GRACE: Final = timedelta(seconds=3)
_UNSEEN: Final = timedelta(seconds=3 * _LOOK_EVERY)


class Scheduler:
    """The periodic rounds of one process."""

    def __init__(self, wake_assistant: Callable[[UUID], Awaitable[None]]) -> None:
        self._wake_assistant = wake_assistant
        self._tasks: list[asyncio.Task[None]] = []
        self._looked_at: datetime | None = None
        self._looks_since = now()
        self._present: set[UUID] = set()

    async def start(self) -> None:
        """Answer what a crash left unanswered, and begin the rounds.

        Where other processes live, they may be answering some of it: of two runs the quicker one counts.
        """
        await self.rescue(timedelta(0))
        rounds: tuple[tuple[float, Round], ...] = (
            (_RESCUE_EVERY, self.rescue_overdue),
            (_END_EVERY, self.end_due),
            (_END_EVERY, self.end_offers),
            (_LOOK_EVERY, self.alert_again),
            (_LOOK_EVERY, self.offer_forms),
            (_LOOK_EVERY, self.requeue_abandoned),
            (_LOOK_EVERY, self.close_silent),
            (_LOOK_EVERY, self.index_old),
            (_LOOK_EVERY, self.close_gone),
            (_LOOK_EVERY, self.sort_callbacks),
            (_LOOK_EVERY, self.end_presence),
            (_DAY, self.forget_old),
        )
        self._tasks = [asyncio.create_task(_every(seconds, act)) for seconds, act in rounds]

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
        moment = now()
        async with db.transaction() as tx:
            left = await conversations.ask_again(tx, moment - older_than, moment)
        for conversation_id in left:
            log.warning("Conversation %s was left unanswered; retrying", conversation_id)
            await self._wake_assistant(conversation_id)

    async def end_due(self) -> None:
        """End what its holder has finished, once they had the time to think better of it."""
        await _one_by_one(handover.to_end, handover.end_due)

    async def end_offers(self) -> None:
        """Offer to everybody what was offered first to the operator whom a visitor knows."""
        await _one_by_one(handover.ended_offers, handover.offer_to_all)

    async def alert_again(self) -> None:
        """Alert everybody to conversations that nobody takes."""
        async with db.transaction() as tx:
            await handover.alert_again(tx)

    async def offer_forms(self) -> None:
        """Offer the contact form where the wait has become too long."""
        await _one_by_one(handover.without_form, handover.offer_form)

    async def requeue_abandoned(self) -> None:
        """Put into the queue again what its holder leaves lying."""
        await _one_by_one(handover.abandoned, handover.requeue_abandoned)

    async def close_silent(self) -> None:
        """Close conversations that went quiet."""
        await _one_by_one(handover.silent, handover.close_silent)

    async def index_old(self) -> None:
        """Have the search find what was written before it had an index."""
        await search.index_old(db.reading, db.transaction)

    async def close_gone(self) -> None:
        """End the waits of visitors who have gone and left nothing."""
        await _one_by_one(handover.gone, handover.close_gone)

    async def sort_callbacks(self) -> None:
        """Tell apart who waits here from who went away and is to be called back."""
        await _one_by_one(handover.unsorted_callbacks, handover.sort_callback)

    async def end_presence(self) -> None:
        """Let operators be away whose desk was lost, and tell the desks when it has changed who is present.

        A process that has just started, or could not look for a while, gives every desk the time to connect again: the
        fault was ours.
        """
        async with db.reading() as tx:
            present = {one.id for one in await operators.on_shift(tx)}
        if present != self._present:
            signals.current().publish(topics.QUEUE, topics.OPERATORS)
        self._present, moment = present, now()
        if self._looked_at is None or not self._looked_at <= moment <= self._looked_at + _UNSEEN:
            self._looks_since = moment
        self._looked_at = moment
        if moment >= self._looks_since + handover.grace():
            await _one_by_one(handover.absent, handover.leave_shift)

    async def forget_old(self) -> None:
        """Delete ended sessions and links, read marks of conversations that are over, and visitors' old addresses."""
        async with db.transaction() as tx:
            await operators.forget_old(tx)
            await conversations.forget_read_marks(tx)
            await conversations.forget_addresses(tx)


async def _one_by_one(
    find: Callable[[Transaction], Awaitable[list[UUID]]], act: Callable[[Transaction, UUID], Awaitable[bool]]
) -> None:
    """Do something to each one found, in a transaction of its own: one that fails stops no other."""
    async with db.reading() as tx:
        found = await find(tx)
    for one in found:
        try:
            async with db.transaction() as tx:
                await act(tx, one)
        except Exception:
            log.exception("Periodic task %s failed; the others continue", one)


async def _every(seconds: float, act: Round) -> None:
    while True:
        try:
            await act()
        except Exception:
            log.exception("Periodic tasks failed; retrying at the next interval")
        await asyncio.sleep(seconds)
