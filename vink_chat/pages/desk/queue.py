"""The State of the left column: the queue, its counters and the operator's presence."""

import time
from datetime import timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx
from babel.dates import format_time

from vink_chat import operators, preferences, topics
from vink_chat.conversations.queue import QueueTab
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.pages.desk import filters
from vink_chat.pages.desk.open_desks import desks
from vink_chat.pages.desk.queue_broadcast import OPERATORS, PAGE, TEAM_TOPIC, Subscriber, queue_broadcast, queue_cache
from vink_chat.pages.desk.searching import DeskSearch
from vink_chat.pages.desk.views import CannedView, ColleagueView, NewsView, RowView
from vink_chat.pages.desk.words import words
from vink_chat.pages.staff.signed_in import SESSION_RECHECK_SECONDS, shows_refusals
from vink_chat.pages.visitor.views import known_zone
from vink_chat.web import broadcast, tabs

_MAX_ROWS: Final = 500
_SHOW: Final = "show"
_CANNED: Final = f"preferences:{preferences.Canned.key}"
_MUTED_FOR: Final = timedelta(minutes=30)


class DeskQueue(DeskSearch, rx.State):
    """The queue with its counters, and the operator's own presence.

    Attributes:
        lost: A notice that the connection was lost and ended the operator's presence; empty otherwise.
        box: The tab of the queue that is shown; the browser tab keeps it over a reload.
        order: The ids to show; each row is in ``fresh``, or else in ``base`` (see queue_broadcast.py).
        news: News in the operator's conversations, newest first; ``unread`` are their ids, ``marks`` their marks.
        quiet: The waiting conversations that need no attention: already read, or offered first to a colleague.
        calls: How many conversations wait for this operator.
        called: When the newest of them came into the queue.
        muted_until: Until when the desk is muted, ISO 8601, or empty; ``muted_text`` is the same as shown.
        filtered: The filter in the address, in words; empty without one.
    """

    t: dict[str, str] = {}
    me: str = ""
    own_id: str = ""
    admin: bool = False
    presence: str = ""
    lost: str = ""
    colleagues: list[ColleagueView] = []
    canned: list[CannedView] = []
    box: str = rx.SessionStorage(QueueTab.WAITING.value, name="vink_box")
    filtered: str = ""
    base: dict[str, RowView] = {}
    fresh: dict[str, RowView] = {}
    order: list[str] = []
    counts: dict[str, int] = {}
    news: list[NewsView] = []
    unread: list[str] = []
    marks: str = ""
    quiet: list[str] = []
    calls: int = 0
    called: str = ""
    queue_sound: str = operators.QueueSound.REPEATED.value
    own_sound: bool = True
    muted_until: str = ""
    muted_text: str = ""
    more: bool = False
    _size: int = PAGE

    @rx.event
    @shows_refusals
    async def enter(self):
        """Identify the operator, then follow the queue."""
        asking = await self._operator()
        self.t = words(self._language())
        self.me, self.own_id, self.admin = asking.name, str(asking.id), asking.is_admin
        query = self.router.url.query_parameters
        self.filtered = filters.label(query, self._language()) if filters.is_filtered(query) else ""
        if self.filtered:
            self.box = QueueTab.ALL.value
        elif query.get("box") in set(QueueTab):
            self.box = query["box"]
        return DeskQueue.watch

    @rx.event(background=True)
    async def watch(self):
        """Show the queue and follow it, for as long as the tab is open and its session is valid."""
        return await tabs.lasting(self._watch)

    async def _watch(self):
        tab, mine = self.router.session.client_token, object()
        asking: operators.SignedIn | None = None
        asked = 0.0
        kinds: set[str] = {_SHOW}
        try:
            async with signals.current().subscribe(TEAM_TOPIC, f"queue:{tab}", topics.SETTINGS) as subscription:
                while True:
                    if {_SHOW, _CANNED, signals.RESYNC} & kinds:
                        await self._draw_canned()
                    # The operators' changes announce a session that was ended, but not one that expired.
                    if (
                        asking is None
                        or {OPERATORS, signals.RESYNC} & kinds
                        or time.monotonic() > asked + SESSION_RECHECK_SECONDS
                    ):
                        async with self:
                            known, asking = asking, await self._operator(counts_as_activity=False)
                            asked = time.monotonic()
                            await self._draw_team(asking)
                        if known is None or known.session_id != asking.session_id:
                            await desks.open(mine, tab, asking)
                    if {_SHOW, signals.RESYNC} & kinds:
                        async with queue_broadcast.lock, self:
                            queue_broadcast.subscribe(await self._redraw(asking))
                    kinds = set(await subscription.next(quiet_after=SESSION_RECHECK_SECONDS))
        except VinkError as refusal:
            queue_broadcast.unsubscribe(tab)
            async with queue_broadcast.lock, self:
                self.base, self.fresh, self.order, self.counts = {}, {}, [], {}
                self.colleagues, self.canned = [], []
                self.news, self.unread, self.marks, self.quiet, self.calls, self.called = [], [], "", [], 0, ""
                self._leave_search()
                return self._refuse(refusal)
        finally:
            queue_broadcast.unsubscribe(tab)
            desks.close(mine)

    @rx.event
    @shows_refusals
    async def show(self, box: str):
        """Show another tab of the queue; this ends a search or a filter."""
        await self._operator()
        if box not in set(QueueTab):
            return None
        self._leave_search()
        self.box, self._size = box, PAGE
        if self.filtered or self.router.url.query_parameters.get("box"):
            # A filter or a tab in the address would be applied again on reload.
            self.filtered = ""
            return rx.redirect("/desk/")
        self._wake()
        return None

    @rx.event
    @shows_refusals
    async def keep_in_sight(self, box: str):
        """Show the tab that the open conversation has just moved to, unless the current tab shows it too."""
        await self._operator()
        if box in {QueueTab.WAITING, QueueTab.MINE} and self._chosen() not in {box, QueueTab.ALL}:
            self.box, self._size = box, PAGE
            self._wake()

    @rx.event
    @shows_refusals
    async def show_more(self):
        """Show the next page too."""
        await self._operator()
        self._size = min(self._size + PAGE, _MAX_ROWS)
        self._wake()

    @rx.event
    @shows_refusals
    async def set_presence(self, presence: str):
        """Come, step out, or leave for the day."""
        asking = await self._operator()
        async with db.transaction() as tx:
            await operators.set_presence(tx, asking.id, presence)
        self.presence, self.lost, self.refusal = presence, "", ""

    @rx.event
    @shows_refusals
    async def switch_mute(self):
        """Mute the desk for half an hour, or unmute it."""
        asking = await self._operator()
        async with db.transaction() as tx:
            await operators.mute(tx, asking.id, None if self.muted_until else now() + _MUTED_FOR)

    async def _redraw(self, asking: operators.SignedIn) -> Subscriber:
        query = self.router.url.query_parameters
        wanted = filters.wanted(self._chosen(), UUID(str(asking.id)), query)
        key = (wanted, self._size, self._language(), known_zone(self.zone))
        snapshot, own = await queue_cache.snapshot(*key), await queue_cache.own(asking.id, key[2])
        self.base, self.fresh, self.order, self.more = snapshot.base, snapshot.fresh, snapshot.order, snapshot.more
        for name, value in own.shown().items():
            setattr(self, name, value)
        return Subscriber(broadcast.Tab.of(self), asking.id, key, snapshot.numbers, own)

    def _chosen(self) -> QueueTab:
        """Return the tab that is shown; the browser may remember one that does not exist."""
        return next((one for one in QueueTab if one.value == self.box), QueueTab.WAITING)

    def _wake(self) -> None:
        signals.current().publish(f"queue:{self.router.session.client_token}", _SHOW, local=True)

    async def _draw_team(self, asking: operators.SignedIn) -> None:
        self.presence, self.admin = asking.presence.value, asking.is_admin
        self.lost = self._lost(asking)
        # Present colleagues come first in the transfer dialog.
        team = sorted(await queue_cache.team(), key=lambda one: not one.present)
        colleagues = [
            ColleagueView(id=str(colleague.id), name=colleague.name, presence=colleague.shown_presence.value)
            for colleague in team
            if colleague.id != asking.id
        ]
        if colleagues != self.colleagues:
            self.colleagues = colleagues
        sounds = next((one.sounds for one in team if one.id == asking.id), operators.Sounds())
        until = sounds.muted_until if sounds.muted_until and sounds.muted_until > now() else None
        self.queue_sound, self.own_sound = sounds.queue.value, sounds.own
        self.muted_until = until.isoformat(timespec="seconds") if until else ""
        local = until.astimezone(ZoneInfo(known_zone(self.zone))) if until else None
        self.muted_text = format_time(local, "HH:mm", locale=self._language()) if local else ""

    async def _draw_canned(self) -> None:
        async with db.reading() as tx:
            replies = (await preferences.read(tx, preferences.Canned)).replies
        async with self:
            canned = [CannedView(shortcut=one.shortcut, title=one.title, text=one.text) for one in replies]
            if canned != self.canned:
                self.canned = canned

    def _lost(self, asking: operators.SignedIn) -> str:
        if asking.lost_at is None:
            return ""
        moment = asking.lost_at.astimezone(ZoneInfo(known_zone(self.zone)))
        return say(
            "Связь пропала в {time}: ваш статус теперь «Отошёл». Если у вас были разговоры, они вернулись в очередь.",
            self._language(),
            time=moment.strftime("%H:%M"),
        )
