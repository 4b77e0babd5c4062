"""The left column: whose turn it is."""

import time
from typing import Any, Final
from uuid import UUID

import reflex as rx

from vink_chat import operators, preferences
from vink_chat.conversations import line
from vink_chat.conversations.desk import Box
from vink_chat.kit import db, signals
from vink_chat.kit.errors import VinkError
from vink_chat.pages.desk import filters
from vink_chat.pages.desk.board import BOARD_TOPIC, OPERATORS, PAGE, board
from vink_chat.pages.desk.views import RowView
from vink_chat.pages.desk.words import words
from vink_chat.pages.staff.signed_in import SignedIn

_TRUST: Final = 30.0
_MOST: Final = 500


class DeskQueue(SignedIn, rx.State):
    """The queue with its counters, and the operator's own presence.

    Attributes:
        order: The ids to show; each row stands in ``fresh``, or else in ``base`` (see board.py).
        filtered: Whether the address narrows the queue.
    """

    t: dict[str, str] = {}
    me: str = ""
    admin: bool = False
    presence: str = ""
    colleagues: list[dict[str, str]] = []
    canned: list[dict[str, str]] = []
    box: str = Box.WAITING.value
    filtered: bool = False
    base: dict[str, RowView] = {}
    fresh: dict[str, RowView] = {}
    order: list[str] = []
    counts: dict[str, int] = {}
    more: bool = False
    _words: str = ""
    _size: int = PAGE
    _drawn: tuple[int, int, int] = (0, 0, 0)
    _counted: tuple[int, ...] = ()

    @rx.event
    async def enter(self):
        """Say who is asking, then listen to the queue."""
        try:
            asking = await self._operator()
        except VinkError as refusal:
            return self._refuse(refusal)
        self.t = words(self._language())
        self.me, self.admin = asking.name, asking.is_admin
        self.canned = [reply.model_dump() for reply in preferences.current(preferences.Canned).replies]
        self.filtered = filters.is_filtered(self.router.url.query_parameters)
        if self.filtered:
            self.box = Box.ALL.value
        # A page that connects again has forgotten what it was sent.
        self._drawn, self._counted = (0, 0, 0), ()
        return DeskQueue.watch

    @rx.event(background=True)
    async def watch(self):
        """Redraw the queue whenever it changed, for as long as the tab lives and its session holds."""
        asking: operators.SignedIn | None = None
        asked = 0.0
        kinds: set[str] = {OPERATORS}
        async with signals.current().subscribe(BOARD_TOPIC) as heard:
            while True:
                async with self:
                    # A session that ends is announced among the operators; its age nobody announces.
                    if asking is None or {OPERATORS, signals.READ_AGAIN} & kinds or time.monotonic() > asked + _TRUST:
                        try:
                            asking, asked = await self._operator(), time.monotonic()
                        except VinkError as refusal:
                            self.base, self.fresh, self.order, self.counts = {}, {}, [], {}
                            return self._refuse(refusal)
                        await self._draw_team(asking)
                    await self._redraw(asking)
                kinds = set(await heard.next())

    @rx.event
    async def show(self, box: str):
        """Look into another box."""
        try:
            asking = await self._operator()
        except VinkError as refusal:
            return self._refuse(refusal)
        if isinstance(box, str) and box in {one.value for one in Box}:
            self.box, self._size = box, PAGE
            await self._redraw(asking)

    @rx.event
    async def search(self, form: dict[str, Any]):
        """Look for words."""
        try:
            asking = await self._operator()
        except VinkError as refusal:
            return self._refuse(refusal)
        self._words = line(form.get("words"), 100) if isinstance(form, dict) else ""
        self._size = PAGE
        await self._redraw(asking)

    @rx.event
    async def show_more(self):
        """Show the next page too."""
        try:
            asking = await self._operator()
        except VinkError as refusal:
            return self._refuse(refusal)
        self._size = min(self._size + PAGE, _MOST)
        await self._redraw(asking)

    @rx.event
    async def set_presence(self, presence: str):
        """Come, step out, or leave for the day."""
        try:
            asking = await self._operator()
            async with db.transaction() as tx:
                await operators.set_presence(tx, asking.id, presence)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.presence = presence

    async def _redraw(self, asking: operators.SignedIn) -> None:
        query = self.router.url.query_parameters
        wanted = filters.wanted(Box(self.box), UUID(str(asking.id)), self._words, query)
        sheet = await board.sheet(wanted, self._size, self._language())
        base, fresh, order = self._drawn
        if sheet.numbers[0] != base:
            self.base = sheet.base
        if sheet.numbers[1] != fresh:
            self.fresh = sheet.fresh
        if sheet.numbers[2] != order:
            self.order, self.more = sheet.order, sheet.more
        counts = await board.counts(asking.id)
        if self._counted != tuple(counts.values()):
            self.counts, self._counted = counts, tuple(counts.values())
        self._drawn = sheet.numbers

    async def _draw_team(self, asking: operators.SignedIn) -> None:
        self.presence, self.admin = asking.presence.value, asking.is_admin
        colleagues = [
            {"id": str(one.id), "name": one.name, "presence": one.presence.value}
            for one in await board.team()
            if one.id != asking.id
        ]
        if colleagues != self.colleagues:
            self.colleagues = colleagues
