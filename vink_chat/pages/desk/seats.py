"""Who looks into which box of the queue: one frame is made for all of them, and only what changed is in it.

Reflex would take each tab's lock and write each tab's frame: fifty desks made one visitor's message fifty times as dear.
A desk that sits here has been sent a sheet through its State; what follows goes past it, to all who were sent the same.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER

from vink_chat.pages import live
from vink_chat.pages.desk.board import Key, Sheet, board

_STATE: Final = "reflex___state____state.vink_chat___pages___desk___queue____desk_queue"


@dataclass(slots=True)
class Seat:
    """What one desk was sent last."""

    operator_id: UUID
    key: Key
    numbers: tuple[int, int, int]
    counts: dict[str, int]


class News(NamedTuple):
    """What a desk lacks; those that lack the same get one frame."""

    key: Key
    numbers: tuple[int, int, int]
    counts: tuple[tuple[str, int], ...]


class Seats:
    """The desks of this process, by tab.

    Attributes:
        lock: Held while anything is sent, this way or by a tab's State: the one must not overtake the other.
    """

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self._seats: dict[str, Seat] = {}

    def take(self, tab: str, seat: Seat) -> None:
        """Sit down: the tab was sent what the seat says, and is sent the rest from here."""
        self._seats[tab] = seat

    def leave(self, tab: str) -> None:
        """Stand up: the tab's State sends for itself again."""
        self._seats.pop(tab, None)

    async def tell(self) -> None:
        """Send every desk what it lacks."""
        namespace = live.sockets()
        if namespace is None or not self._seats:
            return
        async with self.lock:
            await self._tell(namespace)

    async def _tell(self, namespace: Any) -> None:
        sheets = {key: await board.sheet(*key) for key in {seat.key for seat in self._seats.values()}}
        counts = {one: await board.counts(one) for one in {seat.operator_id for seat in self._seats.values()}}
        sockets = namespace.token_to_sid
        lacking: defaultdict[News, list[str]] = defaultdict(list)
        # From here to the end of the loop nothing waits: nobody sits down or stands up meanwhile.
        for tab, seat in self._seats.items():
            sheet, counted = sheets.get(seat.key), counts.get(seat.operator_id)
            if sheet is None or counted is None or tab not in sockets:
                continue
            behind = tuple(counted.items()) if counted != seat.counts else ()
            if behind or seat.numbers != sheet.numbers:
                lacking[News(seat.key, seat.numbers, behind)].append(sockets[tab])
                seat.numbers, seat.counts = sheet.numbers, counted
        for news, sids in lacking.items():
            delta = {_STATE: _changes(news, sheets[news.key])}
            await namespace.emit("event", StateUpdate(delta=delta), room=sids)


def _changes(news: News, sheet: Sheet) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    base, fresh, order = (was != now for was, now in zip(news.numbers, sheet.numbers, strict=True))
    if base:
        changes["base"] = sheet.base
    if fresh:
        changes["fresh"] = sheet.fresh
    if order:
        changes |= {"order": sheet.order, "more": sheet.more}
    if news.counts:
        changes["counts"] = dict(news.counts)
    return {f"{name}{FIELD_MARKER}": value for name, value in changes.items()}


seats: Final = Seats()
