"""The left column: whose turn it is."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import reflex as rx

from vink_chat import operators, preferences
from vink_chat.conversations import Reason, line
from vink_chat.conversations.desk import Box, Wanted
from vink_chat.kit import db, signals
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import DEFAULT_LANGUAGE
from vink_chat.pages.desk.board import BOARD_TOPIC, PAGE, board
from vink_chat.pages.desk.views import RowView
from vink_chat.pages.desk.words import words
from vink_chat.pages.staff.signed_in import SignedIn


class DeskQueue(SignedIn, rx.State):
    """The queue with its counters, and the operator's own presence."""

    t: dict[str, str] = {}
    me: str = ""
    admin: bool = False
    presence: str = ""
    colleagues: list[dict[str, str]] = []
    canned: list[dict[str, str]] = []
    box: str = Box.WAITING.value
    words: str = ""
    size: int = PAGE
    rows: list[RowView] = []
    counts: dict[str, int] = {}
    more: bool = False
    _mine: str = ""

    @rx.event
    async def enter(self):
        """Say who is asking, then listen to the queue."""
        try:
            asking = await self._operator()
        except VinkError as refusal:
            return self._refuse(refusal)
        self.t = words(self._language() or DEFAULT_LANGUAGE)
        self.me, self.admin, self.presence = asking.name, asking.is_admin, asking.presence.value
        self._mine = str(asking.id)
        self.canned = [reply.model_dump() for reply in preferences.current(preferences.Canned).replies]
        return DeskQueue.watch

    @rx.event(background=True)
    async def watch(self):
        """Redraw the queue whenever it changed, for as long as the tab lives and its session holds."""
        async with signals.current().subscribe(BOARD_TOPIC, signals.QUEUE_TOPIC) as heard:
            while True:
                async with self:
                    try:
                        asking = await self._operator()
                    except VinkError as refusal:
                        self.rows, self.counts = [], {}
                        return self._refuse(refusal)
                    wanted, size, language = self._wanted(), self.size, self._language()
                sheet, counts = await board.sheet(wanted, size, language), await board.counts(asking.id)
                async with db.reading() as tx:
                    team = await operators.operators(tx)
                async with self:
                    self.rows, self.more, self.counts = sheet.rows, sheet.more, counts
                    self.presence = asking.presence.value
                    self.colleagues = [
                        {"id": str(one.id), "name": one.name, "presence": one.presence.value}
                        for one in team
                        if one.status is operators.AccountStatus.ACTIVE and one.id != asking.id
                    ]
                while not {"queue", "operators", signals.READ_AGAIN} & set(await heard.next()):
                    pass

    @rx.event
    async def show(self, box: str):
        """Look into another box."""
        try:
            asking = await self._operator()
        except VinkError as refusal:
            return self._refuse(refusal)
        if isinstance(box, str) and box in {one.value for one in Box}:
            self.box, self.size = box, PAGE
            await self._redraw(asking)

    @rx.event
    async def search(self, form: dict[str, Any]):
        """Look for words."""
        try:
            asking = await self._operator()
        except VinkError as refusal:
            return self._refuse(refusal)
        self.words = line(form.get("words"), 100) if isinstance(form, dict) else ""
        await self._redraw(asking)

    @rx.event
    async def show_more(self):
        """Show the next page too."""
        try:
            asking = await self._operator()
        except VinkError as refusal:
            return self._refuse(refusal)
        self.size = min(self.size + PAGE, 500)
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
        self._mine = str(asking.id)
        sheet = await board.sheet(self._wanted(), self.size, self._language())
        self.rows, self.more = sheet.rows, sheet.more

    def _wanted(self) -> Wanted:
        box = Box(self.box)
        query = self.router.url.query_parameters
        reason = query.get("reason", "")
        day = _day(query.get("day", ""))
        return Wanted(
            box=box,
            operator_id=UUID(self._mine) if box is Box.MINE else None,
            reason=reason if reason in {one.value for one in Reason} else "",
            since=day,
            until=day + timedelta(days=1) if day else None,
            words=self.words,
        )


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:10]).replace(tzinfo=UTC) if text else None
    except ValueError:
        return None
