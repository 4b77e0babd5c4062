"""The queue, read once for all desks of a process.

Fifty desks that hear «the queue changed» would read the same rows fifty times. Whoever comes first after a change reads
for everybody; the others wait for that reading and share it.
"""

import asyncio
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from vink_chat.conversations import desk
from vink_chat.conversations.desk import Box, Wanted
from vink_chat.kit import db, signals
from vink_chat.pages.desk.views import RowView, row

PAGE: Final = 50
BOARD_TOPIC: Final = "board"
_PAUSE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Sheet:
    """One reading of a box."""

    rows: list[RowView]
    more: bool


class Board:
    """Readings of the queue, kept until the queue changes."""

    def __init__(self) -> None:
        self._sheets: dict[tuple[Wanted, int, str], asyncio.Task[Sheet]] = {}
        self._counts: dict[Wanted, asyncio.Task[int]] = {}

    def forget(self) -> None:
        """Drop every reading: the queue changed."""
        self._sheets.clear()
        self._counts.clear()

    async def sheet(self, wanted: Wanted, size: int, language: str) -> Sheet:
        """Return the first ``size`` conversations of a box."""
        key = (wanted, size, language)
        if key not in self._sheets:
            self._sheets[key] = asyncio.create_task(_read(wanted, size, language))
        return await asyncio.shield(self._sheets[key])

    async def counts(self, operator_id: UUID) -> dict[str, int]:
        """Count the boxes, an operator's own among them."""
        found: dict[str, int] = {}
        for box in Box:
            one = Wanted(box, operator_id=operator_id if box is Box.MINE else None)
            if one not in self._counts:
                self._counts[one] = asyncio.create_task(_count(one))
            found[box.value] = await asyncio.shield(self._counts[one])
        return found

    async def follow(self) -> None:
        """Forget whenever the queue changes, for as long as the process lives."""
        async with signals.current().subscribe(signals.QUEUE_TOPIC) as heard:
            while True:
                await heard.next()
                self.forget()
                signals.current().publish(BOARD_TOPIC, "queue", local=True)
                # A burst is one redraw for every desk.
                await asyncio.sleep(_PAUSE)


async def _read(wanted: Wanted, size: int, language: str) -> Sheet:
    async with db.reading() as tx:
        found = await desk.page(tx, replace(wanted), limit=size + 1)
    return Sheet([row(conversation, visitor, language) for conversation, visitor in found[:size]], len(found) > size)


async def _count(wanted: Wanted) -> int:
    async with db.reading() as tx:
        return await desk.count(tx, wanted)


board: Final = Board()
