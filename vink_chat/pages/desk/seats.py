"""Who looks into which box of the queue: one frame is made for all of them, and only what changed is in it.

Reflex would take each tab's lock and write each tab's frame: fifty desks made one visitor's message fifty times as dear.
A desk that sits here has been sent a sheet through its State; what follows goes past it, to all who were sent the same.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from vink_chat.pages.desk.board import Key, Own, Sheet, board
from vink_chat.web import push


@dataclass(slots=True)
class Seat:
    """What one desk was sent last."""

    tab: push.Tab
    operator_id: UUID
    key: Key
    numbers: tuple[int, int, int]
    own: Own

    @property
    def language(self) -> str:
        """The language it is drawn in."""
        return self.key[2]


class News(NamedTuple):
    """What a desk lacks; those that lack the same get one frame.

    Attributes:
        own: What it is to be told of what needs its operator, as text; empty when it knows.
    """

    key: Key
    numbers: tuple[int, int, int]
    own: str


class Seats:
    """The desks of this process, by tab.

    Attributes:
        lock: Held while anything is sent, this way or by a tab's State: the one must not overtake the other.
    """

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self._seats: dict[str, Seat] = {}

    def take(self, seat: Seat) -> None:
        """Sit down: the tab was sent what the seat says, and is sent the rest from here."""
        self._seats[seat.tab.token] = seat

    def leave(self, tab: str) -> None:
        """Stand up: the tab's State sends for itself again."""
        self._seats.pop(tab, None)

    async def tell(self) -> None:
        """Send every desk what it lacks."""
        if not self._seats:
            return
        async with self.lock:
            sheets = {key: await board.sheet(*key) for key in {seat.key for seat in self._seats.values()}}
            readers = {(seat.operator_id, seat.language) for seat in self._seats.values()}
            owns = {reader: await board.own(*reader) for reader in readers}
            # Nothing waits from here on: nobody sits down or stands up meanwhile.
            await push.send(self._lacking(sheets, owns))

    def _lacking(self, sheets: dict[Key, Sheet], owns: dict[tuple[UUID, str], Own]) -> list[tuple[push.Tab, Any]]:
        """Return what each desk lacks, and count it as sent."""
        made: dict[News, dict[str, Any]] = {}
        lacking: list[tuple[push.Tab, Any]] = []
        for seat in self._seats.values():
            sheet, own = sheets.get(seat.key), owns.get((seat.operator_id, seat.language))
            if sheet is None or own is None:
                continue
            behind = own != seat.own
            if behind or seat.numbers != sheet.numbers:
                news = News(seat.key, seat.numbers, repr(own) if behind else "")
                changes = made[news] if news in made else made.setdefault(news, _changes(news, sheet, own))
                lacking.append((seat.tab, changes))
                seat.numbers, seat.own = sheet.numbers, own
        return lacking


def _changes(news: News, sheet: Sheet, own: Own) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    base, fresh, order = (was != now for was, now in zip(news.numbers, sheet.numbers, strict=True))
    if base:
        changes["base"] = sheet.base
    if fresh:
        changes["fresh"] = sheet.fresh
    if order:
        changes |= {"order": sheet.order, "more": sheet.more}
    if news.own:
        changes |= own.shown()
    return changes


seats: Final = Seats()
