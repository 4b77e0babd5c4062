"""Periodic tasks. Each may run in several processes at once without harm."""

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

PeriodicTask = Callable[[], Awaitable[None]]
_RESCUE_EVERY: Final = 2.0
_CHECK_EVERY: Final = 10.0
_END_EVERY: Final = 1.0
_DAY: Final = 86_400.0
_GRACE: Final = timedelta(seconds=3)
_LONGEST_GAP: Final = timedelta(seconds=3 * _CHECK_EVERY)


class Scheduler:
    """The periodic tasks of one process."""

    def __init__(self, wake_assistant: Callable[[UUID], Awaitable[None]]) -> None:
        self._wake_assistant = wake_assistant
        self._tasks: list[asyncio.Task[None]] = []
        self._checked_at: datetime | None = None
        self._checking_since = now()
        self._present: set[UUID] = set()

    async def start(self) -> None:
        """Answer what a crash left unanswered, and start the periodic tasks.

        Other processes may be answering the same messages; of two runs the faster one counts.
        """
        await self.rescue(timedelta(0))
        periodic: tuple[tuple[float, PeriodicTask], ...] = (
            (_RESCUE_EVERY, self.rescue_overdue),
            (_END_EVERY, self.end_due),
            (_END_EVERY, self.end_offers),
            (_CHECK_EVERY, self.alert_again),
            (_CHECK_EVERY, self.offer_forms),
            (_CHECK_EVERY, self.requeue_abandoned),
            (_CHECK_EVERY, self.close_silent),
            (_CHECK_EVERY, self.index_old),
            (_CHECK_EVERY, self.close_gone),
            (_CHECK_EVERY, self.sort_callbacks),
            (_CHECK_EVERY, self.end_presence),
            (_DAY, self.forget_old),
        )
        self._tasks = [asyncio.create_task(_every(seconds, act)) for seconds, act in periodic]

    async def stop(self) -> None:
        """Stop the periodic tasks."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def rescue_overdue(self) -> None:
        """Wake the assistant for messages whose run must have died."""
        allowed = preferences.current(preferences.Assistant).answer_seconds
        await self.rescue(timedelta(seconds=allowed) + _GRACE)

    async def rescue(self, older_than: timedelta) -> None:
        """Wake the assistant for every message that has been unanswered for longer than this."""
        moment = now()
        async with db.transaction() as tx:
            left = await conversations.ask_again(tx, moment - older_than, moment)
        for conversation_id in left:
            log.warning("Conversation %s was left unanswered; retrying", conversation_id)
            await self._wake_assistant(conversation_id)

    async def end_due(self) -> None:
        """Close conversations that an operator finished, after the time to undo it has passed."""
        await _one_by_one(handover.to_end, handover.end_due)

    async def end_offers(self) -> None:
        """Offer to all operators what was first offered to the one whom the visitor knows."""
        await _one_by_one(handover.ended_offers, handover.offer_to_all)

    async def alert_again(self) -> None:
        """Alert all operators again to conversations that nobody takes."""
        async with db.transaction() as tx:
            await handover.alert_again(tx)

    async def offer_forms(self) -> None:
        """Offer the contact form to visitors who have waited too long."""
        await _one_by_one(handover.without_form, handover.offer_form)

    async def requeue_abandoned(self) -> None:
        """Return conversations whose operator is silent to the queue."""
        await _one_by_one(handover.abandoned, handover.requeue_abandoned)

    async def close_silent(self) -> None:
        """Close conversations that went quiet."""
        await _one_by_one(handover.silent, handover.close_silent)

    async def index_old(self) -> None:
        """Index old messages for the search."""
        await search.index_old(db.reading, db.transaction)

    async def close_gone(self) -> None:
        """End the waits of visitors who left without contacts."""
        await _one_by_one(handover.gone, handover.close_gone)

    async def sort_callbacks(self) -> None:
        """Sort waiting visitors into those still here and those to call back."""
        await _one_by_one(handover.unsorted_callbacks, handover.sort_callback)

    async def end_presence(self) -> None:
        """Set operators who lost their desk to away, and tell the desks when who is present has changed.

        After a start or a long pause of this process, every desk first gets the time to reconnect: it was our fault.
        """
        async with db.reading() as tx:
            present = {operator.id for operator in await operators.on_shift(tx)}
        if present != self._present:
            signals.current().publish(topics.QUEUE, topics.OPERATORS)
        self._present, moment = present, now()
        if self._checked_at is None or not self._checked_at <= moment <= self._checked_at + _LONGEST_GAP:
            self._checking_since = moment
        self._checked_at = moment
        if moment >= self._checking_since + handover.grace():
            await _one_by_one(handover.absent, handover.leave_shift)

    async def forget_old(self) -> None:
        """Delete ended sessions and links, read marks of closed conversations, and visitors' old addresses."""
        async with db.transaction() as tx:
            await operators.forget_old(tx)
            await conversations.forget_read_marks(tx)
            await conversations.forget_addresses(tx)


async def _one_by_one(
    find: Callable[[Transaction], Awaitable[list[UUID]]], act: Callable[[Transaction, UUID], Awaitable[bool]]
) -> None:
    """Do something for each id found, each in its own transaction: a failure does not stop the others."""
    async with db.reading() as tx:
        ids = await find(tx)
    for row_id in ids:
        try:
            async with db.transaction() as tx:
                await act(tx, row_id)
        except Exception:
            log.exception("Periodic task %s failed for %s; continuing with the others", act.__name__, row_id)


async def _every(seconds: float, act: PeriodicTask) -> None:
    while True:
        try:
            await act()
        except Exception:
            log.exception("Periodic task %s failed; retrying in %s s", act.__name__, seconds)
        await asyncio.sleep(seconds)
