"""The queue, read once for all desks of a process, and pushed to them so that a change costs little on the wire.

Fifty desks that hear «the queue changed» would read the same rows fifty times. Whoever comes first after a change reads
for everybody; the others wait for that reading and share it. Of the rows a desk is sent those that changed since the
``base`` it has, and the order of their ids; the base is sent again once too many rows differ from it.

Desks that lack the same are sent one frame. Reflex would take each tab's lock and write each tab's frame: fifty desks
made a visitor's message fifty times as expensive. A desk is sent a snapshot through its State before it subscribes; later
changes go past the State.
"""

import asyncio
import itertools
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from vink_chat import operators, topics
from vink_chat.conversations import attention, queue
from vink_chat.conversations.attention import AttendedRow
from vink_chat.conversations.queue import QueueQuery, QueueTab
from vink_chat.kit import db, signals
from vink_chat.pages.desk.views import NewsView, Reader, RowView, present_news, present_row
from vink_chat.web import broadcast

log = logging.getLogger(__name__)

PAGE: Final = 50
TEAM_TOPIC: Final = "team"
OPERATORS: Final = topics.OPERATORS
MOVED: Final = "moved"
_MAX_CHANGED_ROWS: Final = 10
_MAX_SNAPSHOTS: Final = 200
_MIN_SECONDS_BETWEEN_READS: Final = 0.025
_COUNTED_EVERY: Final = 1.0
# A visitor who leaves the page announces nothing, so a quiet queue is read again; no change costs no frame.
_READ_EVERY: Final = 30.0

_numbers = itertools.count(1)
Key = tuple[QueueQuery, int, str, str]


@dataclass(frozen=True, slots=True)
class QueueSnapshot:
    """One reading of a tab of the queue. Equal numbers mean equal contents.

    Attributes:
        base: Every row as it was a few changes ago, by id.
        fresh: The rows that differ from the base, by id.
        order: The ids to show.
        numbers: Of the base, of the fresh rows, of the order.
    """

    base: dict[str, RowView] = field(default_factory=dict[str, RowView])
    fresh: dict[str, RowView] = field(default_factory=dict[str, RowView])
    order: list[str] = field(default_factory=list[str])
    more: bool = False
    numbers: tuple[int, int, int] = (0, 0, 0)

    def after(self, rows: Sequence[RowView], *, more: bool) -> "QueueSnapshot":
        """Return the next reading, as a difference to this one's base."""
        order = [row["id"] for row in rows]
        changed = {row["id"]: row for row in rows if self.base.get(row["id"]) != row}
        base, number, second, third = self.base, *self.numbers
        if len(changed) > _MAX_CHANGED_ROWS or not number:
            base, changed, number = {row["id"]: row for row in rows}, {}, next(_numbers)
        if changed != self.fresh:
            second = next(_numbers)
        if order != self.order or more != self.more:
            third = next(_numbers)
        return QueueSnapshot(base, changed, order, more, (number, second, third))


@dataclass(frozen=True, slots=True)
class Counted:
    """One reading of the numbers that all desks show.

    Attributes:
        held: The conversations each operator holds.
        lost: The conversations a colleague took over from each operator and they have not looked at since.
        looked_at: The waiting conversations each operator has read.
        called: When the newest call came, by the operator it is offered to alone; None for everybody.
        offered: The calls offered to one operator alone, and that operator.
    """

    boxes: dict[QueueTab, int]
    held: dict[UUID, list[AttendedRow]]
    lost: dict[UUID, list[AttendedRow]]
    looked_at: dict[UUID, set[UUID]]
    called: dict[UUID | None, datetime]
    offered: dict[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Own:
    """What needs one operator's attention.

    Attributes:
        counts: The counters of the tabs.
        news: News in the conversations they hold, newest first.
        quiet: The waiting conversations that need no attention: already read, or offered first to a colleague.
        calls: How many conversations wait for them: all but those offered first to a colleague.
        called: When the newest of these calls came, ISO 8601, or empty.
    """

    counts: dict[str, int]
    news: list[NewsView]
    quiet: list[str]
    calls: int
    called: str

    def shown(self) -> dict[str, Any]:
        """Return its values by the names of the State's variables."""
        return {
            "counts": self.counts,
            "news": self.news,
            "unread": [one["id"] for one in self.news],
            "marks": " ".join(one["mark"] for one in self.news),
            "quiet": self.quiet,
            "calls": self.calls,
            "called": self.called,
        }


class QueueCache:
    """Caches readings of the queue and of the team until they change."""

    def __init__(self) -> None:
        self._read: dict[Key, asyncio.Task[QueueSnapshot]] = {}
        self._kept: OrderedDict[Key, QueueSnapshot] = OrderedDict()
        self._counts: asyncio.Task[Counted] | None = None
        self._counted = 0.0
        self._team: asyncio.Task[list[operators.OperatorView]] | None = None

    def forget(self, kinds: Sequence[str] = (signals.RESYNC,)) -> None:
        """Drop what the queue's or the team's change has made stale."""
        self._read.clear()
        if not self.owes_counts or {MOVED, signals.RESYNC} & set(kinds):
            self._counts = None
        if {OPERATORS, signals.RESYNC} & set(kinds):
            self._team = None

    @property
    def owes_counts(self) -> bool:
        """Whether the counters may be stale: unless a conversation moved they are read once a second."""
        return self._counts is not None and time.monotonic() < self._counted + _COUNTED_EVERY

    async def snapshot(self, query: QueueQuery, size: int, language: str, zone: str) -> QueueSnapshot:
        """Return the first ``size`` conversations of a query, their times in a time zone."""
        key = (query, size, language, zone)
        if key not in self._read or _failed(self._read[key]):
            self._read[key] = asyncio.create_task(self._next(key))
        return await asyncio.shield(self._read[key])

    async def own(self, operator_id: UUID, language: str) -> Own:
        """Return one operator's counters and news."""
        if self._counts is None or _failed(self._counts):
            self._counts, self._counted = asyncio.create_task(_count()), time.monotonic()
        counted = await asyncio.shield(self._counts)
        held, lost = counted.held.get(operator_id, []), counted.lost.get(operator_id, [])
        elsewhere = {key for key, to in counted.offered.items() if to != operator_id}
        # A visitor who comes back needs attention again, even if the conversation was read before.
        read = counted.looked_at.get(operator_id, set()) - counted.offered.keys()
        called = max((at for to in (None, operator_id) if (at := counted.called.get(to))), default=None)
        return Own(
            counts={box.value: len(held) if box is QueueTab.MINE else counted.boxes[box] for box in QueueTab},
            news=[present_news(one, language) for one in (*lost, *held) if one.unread],
            quiet=sorted(map(str, elsewhere | read)),
            calls=max(0, counted.boxes[QueueTab.WAITING] - len(elsewhere)),
            called=called.isoformat(timespec="microseconds") if called else "",
        )

    async def team(self) -> list[operators.OperatorView]:
        """Return the operators to whom a conversation may be transferred."""
        if self._team is None or _failed(self._team):
            self._team = asyncio.create_task(_team())
        return await asyncio.shield(self._team)

    async def follow(self, tell: Callable[[], Awaitable[None]]) -> None:
        """Drop stale readings whenever the queue changes, and push to the desks, for as long as the process lives."""
        bus, owed = signals.current(), False
        async with bus.subscribe(topics.QUEUE) as subscription:
            while True:
                kinds = await subscription.next(quiet_after=_COUNTED_EVERY if owed else _READ_EVERY) or {MOVED: None}
                owed = MOVED not in kinds
                self.forget([*kinds])
                if OPERATORS in kinds:
                    bus.publish(TEAM_TOPIC, OPERATORS, local=True)
                try:
                    await tell()
                except Exception:
                    log.exception("Failed to push queue changes to desks; retrying on the next change")
                # A burst of changes costs each desk one frame.
                await asyncio.sleep(_MIN_SECONDS_BETWEEN_READS)

    async def _next(self, key: Key) -> QueueSnapshot:
        query, size, language, zone = key
        async with db.reading() as tx:
            found = await queue.page(tx, query, limit=size + 1)
        rows = [present_row(row, Reader(language, zone), query) for row in found[:size]]
        snapshot = self._kept.get(key, QueueSnapshot()).after(rows, more=len(found) > size)
        self._kept[key] = snapshot
        self._kept.move_to_end(key)
        if len(self._kept) > _MAX_SNAPSHOTS:
            self._kept.popitem(last=False)
        return snapshot


def _failed(reading: asyncio.Task[Any]) -> bool:
    """Tell whether a reading failed, so that it is repeated."""
    return reading.done() and (reading.cancelled() or reading.exception() is not None)


async def _count() -> Counted:
    async with db.reading() as tx:
        looked_at, called = await attention.waiting_read_by(tx), await attention.last_calls(tx)
        counted = Counted(await queue.counts(tx), {}, {}, looked_at, called, await attention.offered(tx))
        attended = await attention.attended(tx)
        for one in attended:
            counted.held.setdefault(one.operator_id, []).append(one)
        for one in await attention.unseen_takeovers(tx, attended):
            counted.lost.setdefault(one.operator_id, []).append(one)
    return counted


async def _team() -> list[operators.OperatorView]:
    async with db.reading() as tx:
        everyone = await operators.operators(tx)
    # Without a login and Telegram an operator could not answer.
    return [
        one
        for one in everyone
        if one.status is operators.AccountStatus.ACTIVE and (one.can_sign_in or one.telegram_id is not None)
    ]


queue_cache: Final = QueueCache()


@dataclass(slots=True)
class Subscriber:
    """One desk, and what it was last sent."""

    tab: broadcast.Tab
    operator_id: UUID
    key: Key
    numbers: tuple[int, int, int]
    own: Own

    @property
    def language(self) -> str:
        """The operator's language."""
        return self.key[2]


class Lack(NamedTuple):
    """What a desk has not been sent yet; desks that lack the same get one frame.

    Attributes:
        own: The operator's own counters and news, as text; empty if they were sent.
    """

    key: Key
    numbers: tuple[int, int, int]
    own: str


class QueueBroadcast(broadcast.Broadcast[Subscriber]):
    """The desks of this process, each with the query it shows."""

    async def publish_changes(self) -> None:
        """Read what the desks show, and send each the changes it lacks."""
        if not len(self):
            return
        async with self.lock:
            snapshots = {key: await queue_cache.snapshot(*key) for key in {desk.key for desk in self}}
            readers = {(desk.operator_id, desk.language) for desk in self}
            owns = {reader: await queue_cache.own(*reader) for reader in readers}
            made: dict[Lack, broadcast.Changes] = {}
            await self.publish(lambda desk: _lacking(desk, snapshots, owns, made))


def _lacking(
    desk: Subscriber,
    snapshots: dict[Key, QueueSnapshot],
    owns: dict[tuple[UUID, str], Own],
    made: dict[Lack, broadcast.Changes],
) -> broadcast.Changes:
    """Return the changes a desk lacks and record them as sent; one that subscribed during the reading lacks none."""
    snapshot, own = snapshots.get(desk.key), owns.get((desk.operator_id, desk.language))
    if snapshot is None or own is None or (own == desk.own and desk.numbers == snapshot.numbers):
        return {}
    lack = Lack(desk.key, desk.numbers, repr(own) if own != desk.own else "")
    desk.numbers, desk.own = snapshot.numbers, own
    if lack not in made:
        made[lack] = _changes(lack, snapshot, own)
    return made[lack]


def _changes(lack: Lack, snapshot: QueueSnapshot, own: Own) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    base, fresh, order = (was != now for was, now in zip(lack.numbers, snapshot.numbers, strict=True))
    if base:
        changes["base"] = snapshot.base
    if fresh:
        changes["fresh"] = snapshot.fresh
    if order:
        changes |= {"order": snapshot.order, "more": snapshot.more}
    if lack.own:
        changes |= own.shown()
    return changes


queue_broadcast: Final = QueueBroadcast()
