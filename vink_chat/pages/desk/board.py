"""The queue, read once for all desks of a process, and cut so that a change costs little on the wire.

Fifty desks that hear «the queue changed» would read the same rows fifty times. Whoever comes first after a change reads
for everybody; the others wait for that reading and share it. Of the rows a desk is sent those that changed since the
``base`` it has, and the order of their ids; the base is sent anew once too many rows differ from it.
"""

import asyncio
import itertools
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vink_chat import operators
from vink_chat.conversations import desk
from vink_chat.conversations.desk import Box, Wanted
from vink_chat.kit import db, signals
from vink_chat.pages.desk.views import RowView, row

PAGE: Final = 50
BOARD_TOPIC: Final = "board"
TEAM_TOPIC: Final = "team"
OPERATORS: Final = "operators"
_MOST_CHANGED: Final = 10
_MOST_KEPT: Final = 200
_PAUSE: Final = 0.025

_numbers = itertools.count(1)
Key = tuple[Wanted, int, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One reading of a box. Equal numbers mean equal contents.

    Attributes:
        base: Every row as it was some changes ago, by id.
        fresh: The rows that differ from the base, by id.
        order: The ids to show.
        numbers: Of the base, of the fresh rows, of the order.
    """

    base: dict[str, RowView] = field(default_factory=dict[str, RowView])
    fresh: dict[str, RowView] = field(default_factory=dict[str, RowView])
    order: list[str] = field(default_factory=list[str])
    more: bool = False
    numbers: tuple[int, int, int] = (0, 0, 0)

    def after(self, rows: Sequence[RowView], *, more: bool) -> "Sheet":
        """Return the next reading, cut against this one."""
        order = [row["id"] for row in rows]
        changed = {row["id"]: row for row in rows if self.base.get(row["id"]) != row}
        base, number, second, third = self.base, *self.numbers
        if len(changed) > _MOST_CHANGED or not number:
            base, changed, number = {row["id"]: row for row in rows}, {}, next(_numbers)
        if changed != self.fresh:
            second = next(_numbers)
        if order != self.order or more != self.more:
            third = next(_numbers)
        return Sheet(base, changed, order, more, (number, second, third))


class Board:
    """Readings of the queue and of the team, kept until they change."""

    def __init__(self) -> None:
        self._read: dict[Key, asyncio.Task[Sheet]] = {}
        self._kept: OrderedDict[Key, Sheet] = OrderedDict()
        self._counts: dict[Wanted, asyncio.Task[int]] = {}
        self._team: asyncio.Task[list[operators.OperatorView]] | None = None

    def forget(self, kinds: Sequence[str] = (signals.READ_AGAIN,)) -> None:
        """Drop what was read: the queue changed, or the team."""
        self._read.clear()
        self._counts.clear()
        if {OPERATORS, signals.READ_AGAIN} & set(kinds):
            self._team = None

    async def sheet(self, wanted: Wanted, size: int, language: str) -> Sheet:
        """Return the first ``size`` conversations of a box."""
        key = (wanted, size, language)
        if key not in self._read:
            self._read[key] = asyncio.create_task(self._next(key))
        return await asyncio.shield(self._read[key])

    async def counts(self, operator_id: UUID) -> dict[str, int]:
        """Count the boxes, an operator's own among them."""
        found: dict[str, int] = {}
        for box in Box:
            one = Wanted(box, operator_id=operator_id if box is Box.MINE else None)
            if one not in self._counts:
                self._counts[one] = asyncio.create_task(_count(one))
            found[box.value] = await asyncio.shield(self._counts[one])
        return found

    async def team(self) -> list[operators.OperatorView]:
        """Return those who may be given a conversation."""
        if self._team is None:
            self._team = asyncio.create_task(_team())
        return await asyncio.shield(self._team)

    async def follow(self) -> None:
        """Forget whenever the queue changes, for as long as the process lives; then wake the desks."""
        bus = signals.current()
        async with bus.subscribe(signals.QUEUE_TOPIC) as heard:
            while True:
                kinds = await heard.next()
                self.forget([*kinds])
                for kind in kinds:
                    bus.publish(BOARD_TOPIC, kind, local=True)
                if OPERATORS in kinds:
                    bus.publish(TEAM_TOPIC, OPERATORS, local=True)
                # A burst is one redraw for every desk.
                await asyncio.sleep(_PAUSE)

    async def _next(self, key: Key) -> Sheet:
        wanted, size, language = key
        async with db.reading() as tx:
            found = await desk.page(tx, wanted, limit=size + 1)
        rows = [row(conversation, visitor, language) for conversation, visitor in found[:size]]
        sheet = self._kept.get(key, Sheet()).after(rows, more=len(found) > size)
        self._kept[key] = sheet
        self._kept.move_to_end(key)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return sheet


async def _count(wanted: Wanted) -> int:
    async with db.reading() as tx:
        return await desk.count(tx, wanted)


async def _team() -> list[operators.OperatorView]:
    async with db.reading() as tx:
        everyone = await operators.operators(tx)
    return [one for one in everyone if one.status is operators.AccountStatus.ACTIVE]


board: Final = Board()
