"""Sends the outbox to Telegram: one row of a chat at a time, in order, no faster than Telegram's limits allow.

A row counts as sent once Telegram has confirmed it. Only a crash between that and our commit, or a lost response, can
make a message arrive twice.

Limits: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, about 30 calls a second
overall, one a second in a chat with short bursts beyond, 20 a minute in a group. Edits share the limits of messages,
and a new topic is a message (docs/adr/0026-tidying-up-waits-for-messages.md).
"""

import asyncio
import contextlib
import logging
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import timedelta
from enum import Enum, auto
from typing import Final

from vink_chat.channels import outbox, store
from vink_chat.channels.channel import Limits
from vink_chat.channels.model import Kind, Outgoing, Priority
from vink_chat.channels.telegram import errors
from vink_chat.channels.telegram.bot import Bot
from vink_chat.channels.telegram.outbound import delivery, failures
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now

log = logging.getLogger(__name__)

_AT_ONCE: Final = 20
# A row that has waited this long is as urgent as a dialogue.
_URGENT_AFTER: Final = timedelta(seconds=60)
_ROUND_EVERY: Final = 2.0
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
_LONGEST_RIGHTS_PAUSE: Final = 30.0
_ALERT_EVERY: Final = 3600.0
# How long a chat that refused a reaction gets none.
_REACTIONS_RETRY: Final = 3600.0
_MOST_TOPICS: Final = 6


class Call(Enum):
    """How a call counts in its chat; every call counts overall and in its group.

    MESSAGE keeps a gap from the previous message. TIDY waits until every earlier call has had its gap, but the next
    message does not wait for it, so a chat is never more than one call ahead. REACTION waits for the gap, and no call
    waits for it.
    """

    MESSAGE = auto()
    TIDY = auto()
    REACTION = auto()


class CallPace:
    """The recent calls, in memory; times are the loop's clock, in seconds."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._overall: deque[float] = deque(maxlen=limits.overall)
        self._groups: defaultdict[int, deque[float]] = defaultdict(lambda: deque(maxlen=limits.group))
        self._next: dict[int, float] = {}
        self._tidy_next: dict[int, float] = {}
        self._blocked_until: dict[int, float] = {}

    def ready_at(self, chat_id: int, call: Call) -> float:
        """Return when the next call to a chat may be made; a time in the past means now."""
        limits = self.limits
        gaps = self._tidy_next if call is Call.TIDY else self._next
        times = [self._blocked_until.get(chat_id, 0.0), gaps.get(chat_id, 0.0)]
        if len(self._overall) == limits.overall:
            times.append(self._overall[0] + limits.overall_window)
        group = self._groups.get(chat_id)
        # Tidying up and reactions leave room in a group for messages.
        room = limits.group if call is Call.MESSAGE else limits.group - limits.group // 3
        if group and len(group) >= room:
            times.append(group[len(group) - room] + limits.group_window)
        return max(times)

    def spend(self, chat_id: int, moment: float, call: Call) -> None:
        """Record a call made at a moment."""
        self._overall.append(moment)
        if call is Call.MESSAGE:
            self._next[chat_id] = moment + self.limits.chat_gap
        if call is not Call.REACTION:
            self._tidy_next[chat_id] = max(self._tidy_next.get(chat_id, moment), moment) + self.limits.chat_gap
        if chat_id < 0:
            self._groups[chat_id].append(moment)

    def settle(self, chat_id: int, moment: float, call: Call) -> None:
        """Count a call from its end instead: it may have taken longer to arrive than the next one will."""
        due = moment + self.limits.chat_gap
        if call is Call.MESSAGE:
            self._next[chat_id] = due
        if call is not Call.REACTION:
            self._tidy_next[chat_id] = max(self._tidy_next.get(chat_id, due), due)
            if chat_id < 0:
                self._groups[chat_id][-1] = moment

    def block(self, chat_id: int, until: float) -> None:
        """Make no call to a chat until a time."""
        self._blocked_until[chat_id] = max(until, self._blocked_until.get(chat_id, 0.0))


def _call(row: Outgoing) -> Call:
    if row.kind is Kind.REACTION:
        return Call.REACTION
    return Call.TIDY if row.priority == Priority.TIDY else Call.MESSAGE


class Sender:
    """Sends rows while this process holds the lease."""

    def __init__(self, bot: Bot, holds_lease: Callable[[], bool], limits: Limits | None = None) -> None:
        self._bot = bot
        self._holds_lease = holds_lease
        self._pace = CallPace(limits or Limits())
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._failed: dict[int, int] = {}
        self._topics_tried: dict[int, int] = {}
        self._alerted_at: dict[int, float] = {}
        self._no_reactions: dict[int, float] = {}

    async def run(self) -> None:
        """Send until cancelled; calls in progress are finished first."""
        await self._recall()
        try:
            async with signals.current().subscribe(outbox.SENDER_SIGNAL) as wakes:
                while True:
                    pause = await self._round(wakes)
                    # Not wait_for: before Python 3.12 it may swallow a cancellation.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(pause):
                            await wakes.next()
        finally:
            if self._busy:
                await asyncio.wait(self._busy.values(), timeout=5)
            for task in self._busy.values():
                task.cancel()

    async def _recall(self) -> None:
        """Count the calls the previous process made within the longest window."""
        window = self._pace.limits.group_window
        async with db.reading() as tx:
            sent = await store.sent_since(tx, now() - timedelta(seconds=window))
        clock = asyncio.get_running_loop().time()
        for row in sent:
            self._pace.spend(row.chat_id, clock - (now() - (row.sent_at or now())).total_seconds(), _call(row))

    async def _round(self, wakes: signals.Subscription) -> float:
        """Start sending the rows that are due, and return how many seconds to wait."""
        async with db.reading() as tx:
            heads = await store.next_rows(tx, now() - _URGENT_AFTER)
        pause = _ROUND_EVERY
        for row in heads:
            if row.chat_id in self._busy:
                continue
            wait = self._wait(row)
            if wait > 0:
                pause = min(pause, wait)
            elif len(self._busy) < _AT_ONCE and self._holds_lease():
                self._begin(row, wakes)
        return pause

    def _wait(self, row: Outgoing) -> float:
        clock = asyncio.get_running_loop().time()
        asked = (row.not_before - now()).total_seconds() if row.not_before else 0.0
        return max(asked, self._pace.ready_at(row.chat_id, _call(row)) - clock)

    def _begin(self, row: Outgoing, wakes: signals.Subscription) -> None:
        self._pace.spend(row.chat_id, asyncio.get_running_loop().time(), _call(row))
        task = asyncio.create_task(self._send(row))
        self._busy[row.chat_id] = task

        def done(_: asyncio.Task[None]) -> None:
            self._busy.pop(row.chat_id, None)
            self._pace.settle(row.chat_id, asyncio.get_running_loop().time(), _call(row))
            wakes.put("done", None)
            signals.current().publish(outbox.call_ended_signal(row.chat_id), "settled")

        task.add_done_callback(done)

    async def _send(self, row: Outgoing) -> None:
        assert row.id is not None  # noqa: S101  it came from the database
        try:
            await self._attempt(row, row.id)
        except Exception as error:
            log.exception("Could not deliver row %s of the Telegram outbox; retrying", row.id)
            self._pace.block(row.chat_id, asyncio.get_running_loop().time() + _LONGEST_PAUSE)
            if not db.is_away(error):
                await failures.postpone(row.id, _LONGEST_PAUSE, unsure=True)

    async def _attempt(self, row: Outgoing, row_id: int) -> None:
        if row.kind is Kind.REACTION and asyncio.get_running_loop().time() < self._no_reactions.get(row.chat_id, 0.0):
            await failures.mark_already_done(row_id)
            return
        try:
            await delivery.deliver_next(self._bot, row_id)
            self._failed.pop(row.chat_id, None)
        except errors.RateLimited as limit:
            log.info("Telegram rate limit for chat %s: waiting %.0f s", row.chat_id, limit.seconds)
            self._pace.block(row.chat_id, asyncio.get_running_loop().time() + limit.seconds)
            await failures.postpone(row_id, limit.seconds)
        except errors.TemporaryFailure as error:
            pause = self._pause(row.chat_id, _LONGEST_PAUSE)
            log.warning("Telegram did not answer for chat %s (%s); retrying in %.1f s", row.chat_id, error, pause)
            unsure = isinstance(error, errors.AnswerLost | errors.AnswerUnreadable)
            await failures.postpone(row_id, pause, unsure=unsure)
        except errors.CallRejected as refusal:
            await self._refused(row, row_id, refusal)

    def _pause(self, chat_id: int, longest: float) -> float:
        failed = self._failed[chat_id] = self._failed.get(chat_id, 0) + 1
        return min(_FIRST_PAUSE * 2 ** min(failed, 10), longest)

    def _alert_due(self, chat_id: int) -> bool:
        """Whether to tell the administrators about a chat's failure, which happens at most once an hour."""
        clock = asyncio.get_running_loop().time()
        due = clock - self._alerted_at.get(chat_id, -_ALERT_EVERY) >= _ALERT_EVERY
        if due:
            self._alerted_at[chat_id] = clock
        return due

    def _has_tries_left(self, row_id: int) -> bool:
        """Whether another topic may be tried for a row that Telegram rejected in its own."""
        tried = self._topics_tried[row_id] = self._topics_tried.get(row_id, 0) + 1
        return tried <= _MOST_TOPICS

    async def _refused(self, row: Outgoing, row_id: int, refusal: errors.CallRejected) -> None:
        if isinstance(refusal, errors.ReactionRefused):
            self._no_reactions[row.chat_id] = asyncio.get_running_loop().time() + _REACTIONS_RETRY
            await failures.mark_already_done(row_id)
        elif isinstance(refusal, errors.NothingToChange):
            await failures.mark_already_done(row_id)
        elif isinstance(refusal, errors.TopicLost) and self._has_tries_left(row_id):
            await failures.on_topic_deleted(row_id)
        elif isinstance(refusal, errors.TopicClosed) and self._has_tries_left(row_id):
            await failures.on_topic_closed(row_id)
        elif isinstance(refusal, errors.GroupMigrated):
            await failures.on_group_migrated(row.chat_id, refusal.chat_id)
            signals.current().publish(outbox.SYNC_ALL_SIGNAL, "moved")
        elif isinstance(refusal, errors.RightMissing):
            pause = self._pause(row.chat_id, _LONGEST_RIGHTS_PAUSE)
            await failures.on_right_missing(row_id, str(refusal), pause, tell=self._alert_due(row.chat_id))
        elif isinstance(refusal, errors.ChatClosed):
            await failures.on_chat_closed(row.chat_id, str(refusal))
            signals.current().publish(outbox.SYNC_ALL_SIGNAL, "closed")
        else:
            self._topics_tried.pop(row_id, None)
            await failures.fail(row_id, str(refusal))
