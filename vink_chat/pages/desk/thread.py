"""The State of the middle and right columns: the open conversation and its visitor."""

import time
from collections.abc import Mapping
from typing import Any, Final

import reflex as rx

from vink_chat import operators, topics
from vink_chat.kit import db, signals
from vink_chat.kit.errors import VinkError
from vink_chat.pages.desk.acts import ENDING, DeskDrafting
from vink_chat.pages.desk.ending import endings
from vink_chat.pages.desk.messages import DeskMessageView
from vink_chat.pages.desk.queue_broadcast import OPERATORS, TEAM_TOPIC
from vink_chat.pages.desk.reader import DeskReader, Page
from vink_chat.pages.desk.viewers import Viewer
from vink_chat.pages.desk.views import CardView, EarlierView, HeadView, VisitorView, blank
from vink_chat.pages.staff.signed_in import SESSION_RECHECK_SECONDS, parse_id, shows_refusals
from vink_chat.pages.visitor.views import DEFAULT_ZONE, known_zone, prepend
from vink_chat.web import broadcast, tabs

_MAX_SHOWN_MESSAGES: Final = 400
_TYPING_SECONDS: Final = 6.0
# How often, in seconds, conversations that are about to end are checked for what others do to them.
_ENDING_READ_EVERY: Final = 1.0


class DeskThread(DeskDrafting, rx.State):
    """The open conversation.

    Attributes:
        marked: The message at which it was opened, or empty.
        gap: Whether messages between those shown and the newest ones are left out.
    """

    zone: str = rx.LocalStorage(DEFAULT_ZONE, name="vink_zone")
    head: HeadView = blank(HeadView)
    visitor: VisitorView = blank(VisitorView)
    card: CardView = blank(CardView)
    earlier: list[EarlierView] = []
    history: list[DeskMessageView] = []
    live: list[DeskMessageView] = []
    more: bool = False
    gap: bool = False
    marked: str = ""
    read: int = 0
    looking: str = ""
    typing: bool = False

    @rx.event
    @shows_refusals
    async def enter(self):
        """Identify the operator, then follow the open conversation."""
        await self._operator()
        query = self.router.url.query_parameters
        wish = query.get("c", "") or query.get("conversation", "")
        if wish:
            self.opened = wish
        return DeskThread.watch

    @rx.event(background=True)
    async def watch(self):
        """Show the open conversation and follow its changes, for as long as the session is valid."""
        return await tabs.lasting(self._watch)

    async def _watch(self):
        bus, own = signals.current(), f"tab:{self.router.session.client_token}"
        async with bus.subscribe(own, TEAM_TOPIC) as subscription, Viewer() as viewer:
            reader: DeskReader | None = None
            asking: operators.SignedIn | None = None
            tab: broadcast.Tab | None = None
            kinds: dict[str, Any] = {"open": None}
            asked, ends, language = 0.0, False, ""
            while True:
                # The operators' changes announce a session that was ended; a message alone needs no check.
                called = {"open", OPERATORS, signals.RESYNC} & kinds.keys()
                if asking is None or called or time.monotonic() > asked + SESSION_RECHECK_SECONDS:
                    asked = time.monotonic()
                    async with self:
                        try:
                            asking = await self._operator(counts_as_activity="open" in kinds)
                            wanted = parse_id(self.opened) if self.opened else None
                            at = parse_id(self.marked) if self.marked else None
                        except VinkError as refusal:
                            self._clear()
                            self.endings = []
                            self._forget_drafts()
                            return self._refuse(refusal)
                        tab, zone, language = broadcast.Tab.of(self), known_zone(self.zone), self._language()
                    if wanted is None:
                        reader = None
                        viewer.leave()
                    elif reader is None or reader.conversation_id != wanted:
                        reader, kinds = (
                            DeskReader(wanted, asking.id, language, zone, admin=asking.is_admin),
                            {"open": None},
                        )
                        bus.retarget(subscription, own, TEAM_TOPIC, topics.conversation(wanted))
                    if reader and "open" in kinds:
                        reader.at = at
                        viewer.open(reader.conversation_id, asking.id, asking.name)
                ends = await self._redraw_endings(asking, language, due=bool(called) or ENDING in kinds or ends)
                if reader and tab:
                    await self._redraw(tab, reader, kinds, viewer)
                until = reader.typing_until if reader else 0.0
                quiet = max(0.0, until - time.monotonic()) if until else SESSION_RECHECK_SECONDS
                kinds = await subscription.next(quiet_after=min(quiet, _ENDING_READ_EVERY) if ends else quiet)

    async def _redraw_endings(self, asking: operators.SignedIn, language: str, *, due: bool) -> bool:
        """Refresh the conversations that are about to end, if ``due``; true while there are any."""
        if not due:
            return False
        async with self:
            async with db.reading() as tx:
                found = await endings(tx, asking, self.endings, language)
            self._put(endings=found)
        return not all(one["kept"] for one in found)

    async def _redraw(self, tab: broadcast.Tab, reader: DeskReader, kinds: dict[str, Any], viewer: Viewer) -> None:
        whole = not {"open", "changed", signals.RESYNC}.isdisjoint(kinds)
        page = None
        if whole or not {"thread", OPERATORS}.isdisjoint(kinds):
            try:
                page = await reader.read(whole=whole)
            except VinkError:
                async with self:
                    self._clear()
                return
        if "typing" in kinds:
            reader.typing_until = time.monotonic() + _TYPING_SECONDS
        if (page and page.messages) or time.monotonic() >= reader.typing_until:
            reader.typing_until = 0.0
        wanted = {"looking": viewer.others(), "typing": reader.typing_until > 0}
        if page:
            wanted |= _drawn(page, tab.shown, whole=whole)
        await self._show(tab, reader, wanted, whole=whole)

    async def _show(self, tab: broadcast.Tab, reader: DeskReader, wanted: dict[str, Any], *, whole: bool) -> None:
        """Send what changed: a whole reading through the State, later changes past it."""
        opened = str(reader.conversation_id)
        if whole:
            async with self:
                # The operator may have opened another conversation meanwhile.
                if self.opened == opened:
                    self._put(**wanted)
        elif tab.shown.get("opened") == opened:
            await broadcast.send([(tab, broadcast.differing(tab, wanted))])

    def _put(self, **values: Any) -> None:
        """Set the variables that differ, and only those."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    @rx.event
    @shows_refusals
    async def show_earlier(self, conversation_id: str):
        """Show older messages above the thread, if the conversation is still open."""
        asking, conversation = await self._operator(), parse_id(conversation_id)
        shown = self.history or self.live
        if not shown or not self.head["id"] == self.opened == str(conversation):
            return
        reader = DeskReader(conversation, asking.id, self._language(), known_zone(self.zone))
        earlier, self.more = await reader.before(shown[0]["position"])
        self.history = prepend(earlier, self.history)

    @rx.event
    async def open(self, conversation_id: str):
        """Open a conversation at its end."""
        return await self._open(conversation_id, "")

    @rx.event
    async def open_at(self, conversation_id: str, message_id: str):
        """Open a conversation at one of its messages."""
        return await self._open(conversation_id, message_id)

    @shows_refusals
    async def _open(self, conversation_id: str, message_id: str):
        await self._operator()
        opened = str(parse_id(conversation_id)) if conversation_id else ""
        # The form in which message views carry ids.
        marked = parse_id(message_id).hex if message_id else ""
        self.opened, self.marked, self.refusal = opened, marked, ""
        self.endings = [ending for ending in self.endings if not (ending["kept"] and ending["id"] == opened)]
        if not self.opened:
            self._clear()
        self._wake()

    def _clear(self) -> None:
        self.head, self.visitor, self.card = blank(HeadView), blank(VisitorView), blank(CardView)
        self.history, self.live, self.earlier, self.looking = [], [], [], ""
        self.gap, self.marked = False, ""
        self.more, self.typing = False, False


def _drawn(page: Page, shown: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Return a reading by the names of the State's variables."""
    found: dict[str, Any] = {
        "head": page.head,
        "visitor": page.visitor,
        "card": page.card,
        "earlier": page.earlier,
        "read": page.read,
    }
    if whole:
        return found | {"history": page.messages, "live": [], "more": page.more, "gap": page.gap}
    if shown.get("gap"):
        # New messages follow the gap.
        return found | {"live": [*shown.get("live", ()), *page.messages][-_MAX_SHOWN_MESSAGES:]}
    return found | broadcast.append_messages(shown, page.messages, _MAX_SHOWN_MESSAGES)
