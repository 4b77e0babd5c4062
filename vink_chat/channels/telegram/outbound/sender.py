"""Carries the outbox to Telegram: one row of a chat at a time, in order, no faster than allowed.

A row counts as sent when Telegram said ok, and not before. Between that ok and our commit lies the one place where a
crash, or a lost answer, makes a message arrive twice.
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
# What has waited this long is as urgent as a dialogue.
_GROWN: Final = timedelta(seconds=60)
_LOOK_EVERY: Final = 2.0
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
_LONGEST_REST: Final = 30.0
_TELL_EVERY: Final = 3600.0
# A chat that takes no reactions is tried again after so long.
_REACT_AGAIN: Final = 3600.0
_MOST_TOPICS: Final = 6


class Call(Enum):
    """How a call counts in its chat; each counts overall, and in its group.

    MESSAGE goes a gap after the message before. TIDY waits until every call so far has had its gap, and the next
    message does not wait for it: so a chat is never more than one call ahead. REACTION is no message: it waits for the
    gap, and nothing waits for it.
    """

    MESSAGE = auto()
    TIDY = auto()
    REACTION = auto()


class Pace:
    """The calls made lately, in memory; times are the loop's clock, in seconds."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._overall: deque[float] = deque(maxlen=limits.overall)
        self._groups: defaultdict[int, deque[float]] = defaultdict(lambda: deque(maxlen=limits.group))
        self._next: dict[int, float] = {}
        self._even: dict[int, float] = {}
        self._held: dict[int, float] = {}

    def ready_at(self, chat_id: int, call: Call) -> float:
        """Return when the next call to a chat may be made; a time in the past means now."""
        limits = self.limits
        gaps = self._even if call is Call.TIDY else self._next
        times = [self._held.get(chat_id, 0.0), gaps.get(chat_id, 0.0)]
        if len(self._overall) == limits.overall:
            times.append(self._overall[0] + limits.overall_window)
        group = self._groups.get(chat_id)
        # What only tidies up, reactions too, leaves room in a group for what is said there.
        room = limits.group if call is Call.MESSAGE else limits.group - limits.group // 3
        if group and len(group) >= room:
            times.append(group[len(group) - room] + limits.group_window)
        return max(times)

    def spend(self, chat_id: int, moment: float, call: Call) -> None:
        """Note a call that is made now, or was made then."""
        self._overall.append(moment)
        if call is Call.MESSAGE:
            self._next[chat_id] = moment + self.limits.chat_gap
        if call is not Call.REACTION:
            self._even[chat_id] = max(self._even.get(chat_id, moment), moment) + self.limits.chat_gap
        if chat_id < 0:
            self._groups[chat_id].append(moment)

    def settle(self, chat_id: int, moment: float, call: Call) -> None:
        """Count a call from its end: on its way it may have lost time, and the next one may lose less."""
        due = moment + self.limits.chat_gap
        if call is Call.MESSAGE:
            self._next[chat_id] = due
        if call is not Call.REACTION:
            self._even[chat_id] = max(self._even.get(chat_id, due), due)
            if chat_id < 0:
                self._groups[chat_id][-1] = moment

    def hold(self, chat_id: int, until: float) -> None:
        """Obey Telegram's word to wait."""
        self._held[chat_id] = max(until, self._held.get(chat_id, 0.0))


def _call(row: Outgoing) -> Call:
    if row.kind is Kind.REACTION:
        return Call.REACTION
    return Call.TIDY if row.priority == Priority.TIDY else Call.MESSAGE


class Sender:
    """The one process's hands that send."""

    def __init__(self, bot: Bot, holds_lease: Callable[[], bool], limits: Limits | None = None) -> None:
        self._bot = bot
        self._holds_lease = holds_lease
        self._pace = Pace(limits or Limits())
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._failed: dict[int, int] = {}
        self._topics_tried: dict[int, int] = {}
        self._told: dict[int, float] = {}
        self._no_reactions: dict[int, float] = {}

    async def run(self) -> None:
        """Send until cancelled; what is under way then is finished first."""
        await self._recall()
        try:
            async with signals.current().subscribe(outbox.TOPIC) as heard:
                while True:
                    pause = await self._round(heard)
                    # Not wait_for: before Python 3.12 it may swallow a cancellation.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(pause):
                            await heard.next()
        finally:
            if self._busy:
                await asyncio.wait(self._busy.values(), timeout=5)
            for task in self._busy.values():
                task.cancel()

    @property
    def at_rest(self) -> bool:
        """Whether no call is under way."""
        return not self._busy

    async def _recall(self) -> None:
        """Remember what the process before sent within the longest window."""
        window = self._pace.limits.group_window
        async with db.reading() as tx:
            sent = await store.sent_since(tx, now() - timedelta(seconds=window))
        clock = asyncio.get_running_loop().time()
        for row in sent:
            self._pace.spend(row.chat_id, clock - (now() - (row.sent_at or now())).total_seconds(), _call(row))

    async def _round(self, heard: signals.Subscription) -> float:
        """Begin whatever is due and return how long to wait, in seconds."""
        async with db.reading() as tx:
            heads = await store.heads(tx, now() - _GROWN)
        pause = _LOOK_EVERY
        for row in heads:
            if row.chat_id in self._busy:
                continue
            wait = self._wait(row)
            if wait > 0:
                pause = min(pause, wait)
            elif len(self._busy) < _AT_ONCE and self._holds_lease():
                self._begin(row, heard)
        return pause

    def _wait(self, row: Outgoing) -> float:
        clock = asyncio.get_running_loop().time()
        asked = (row.not_before - now()).total_seconds() if row.not_before else 0.0
        return max(asked, self._pace.ready_at(row.chat_id, _call(row)) - clock)

    def _begin(self, row: Outgoing, heard: signals.Subscription) -> None:
        self._pace.spend(row.chat_id, asyncio.get_running_loop().time(), _call(row))
        task = asyncio.create_task(self._carry(row))
        self._busy[row.chat_id] = task

        def done(_: asyncio.Task[None]) -> None:
            self._busy.pop(row.chat_id, None)
            self._pace.settle(row.chat_id, asyncio.get_running_loop().time(), _call(row))
            heard.put("done", None)
            signals.current().publish(outbox.settled_topic(row.chat_id), "settled")

        task.add_done_callback(done)

    async def _carry(self, row: Outgoing) -> None:
        assert row.id is not None  # noqa: S101  it came from the database
        try:
            await self._attempt(row, row.id)
        except Exception as error:
            log.exception("Could not deliver row %s of the Telegram outbox; retrying", row.id)
            self._pace.hold(row.chat_id, asyncio.get_running_loop().time() + _LONGEST_PAUSE)
            if not db.is_away(error):
                await failures.postpone(row.id, _LONGEST_PAUSE, unsure=True)

    async def _attempt(self, row: Outgoing, row_id: int) -> None:
        if row.kind is Kind.REACTION and asyncio.get_running_loop().time() < self._no_reactions.get(row.chat_id, 0.0):
            await failures.settle(row_id)
            return
        try:
            await delivery.take(self._bot, row_id)
            self._failed.pop(row.chat_id, None)
        except errors.RateLimited as asked:
            log.info("Telegram rate limit for chat %s: waiting %.0f s", row.chat_id, asked.seconds)
            self._pace.hold(row.chat_id, asyncio.get_running_loop().time() + asked.seconds)
            await failures.postpone(row_id, asked.seconds)
        except errors.ChannelUnavailable as error:
            pause = self._pause(row.chat_id, _LONGEST_PAUSE)
            log.warning("Telegram did not answer for chat %s (%s); retrying in %.1f s", row.chat_id, error, pause)
            unsure = isinstance(error, errors.AnswerLost | errors.AnswerUnreadable)
            await failures.postpone(row_id, pause, unsure=unsure)
        except errors.Refused as refusal:
            await self._refused(row, row_id, refusal)

    def _pause(self, chat_id: int, longest: float) -> float:
        failed = self._failed[chat_id] = self._failed.get(chat_id, 0) + 1
        return min(_FIRST_PAUSE * 2 ** min(failed, 10), longest)

    def _tells(self, chat_id: int) -> bool:
        """Whether the administrators are to hear of a chat's trouble, which they do once an hour."""
        clock = asyncio.get_running_loop().time()
        due = clock - self._told.get(chat_id, -_TELL_EVERY) >= _TELL_EVERY
        if due:
            self._told[chat_id] = clock
        return due

    def _has_tries_left(self, row_id: int) -> bool:
        """Whether another topic may be tried for a row that was refused in its own."""
        tried = self._topics_tried[row_id] = self._topics_tried.get(row_id, 0) + 1
        return tried <= _MOST_TOPICS

    async def _refused(self, row: Outgoing, row_id: int, refusal: errors.Refused) -> None:
        if isinstance(refusal, errors.ReactionRefused):
            self._no_reactions[row.chat_id] = asyncio.get_running_loop().time() + _REACT_AGAIN
            await failures.settle(row_id)
        elif isinstance(refusal, errors.NothingToChange):
            await failures.settle(row_id)
        elif isinstance(refusal, errors.TopicLost) and self._has_tries_left(row_id):
            await failures.lose_topic(row_id)
        elif isinstance(refusal, errors.TopicClosed) and self._has_tries_left(row_id):
            await failures.close_topic(row_id)
        elif isinstance(refusal, errors.GroupMigrated):
            await failures.move_group(row.chat_id, refusal.chat_id)
            signals.current().publish(outbox.LOOK, "moved")
        elif isinstance(refusal, errors.RightMissing):
            pause = self._pause(row.chat_id, _LONGEST_REST)
            await failures.lack_right(row_id, str(refusal), pause, tell=self._tells(row.chat_id))
        elif isinstance(refusal, errors.ChatClosed):
            await failures.shut_out(row.chat_id, str(refusal))
            signals.current().publish(outbox.LOOK, "closed")
        else:
            self._topics_tried.pop(row_id, None)
            await failures.fail(row_id, str(refusal))
