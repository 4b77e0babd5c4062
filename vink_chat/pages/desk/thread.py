"""The middle and right columns: the open conversation and its visitor."""

from typing import Any, Final

import reflex as rx

from vink_chat import conversations, handover, operators
from vink_chat.conversations import desk
from vink_chat.kit import db, signals
from vink_chat.kit.errors import VinkError
from vink_chat.pages.desk.looking import Looking
from vink_chat.pages.desk.reader import DeskReader
from vink_chat.pages.desk.views import CardView, DeskMessageView, EarlierView, HeadView, VisitorView
from vink_chat.pages.staff.signed_in import SignedIn, an_id
from vink_chat.pages.visitor.views import DEFAULT_ZONE, known_zone

_LIVE: Final = 20
_NOBODY: Final = HeadView(
    id="", name="", status="", status_word="", reason="", holder="", mine=False, since="", rating=0
)


class DeskThread(SignedIn, rx.State):
    """The open conversation."""

    opened: str = rx.SessionStorage("", name="vink_desk")
    zone: str = rx.LocalStorage(DEFAULT_ZONE, name="vink_zone")
    head: HeadView = _NOBODY
    visitor: VisitorView = {}  # pyright: ignore[reportAssignmentType]
    card: CardView = {}  # pyright: ignore[reportAssignmentType]
    earlier: list[EarlierView] = []
    history: list[DeskMessageView] = []
    live: list[DeskMessageView] = []
    read: int = 0
    looking: str = ""
    typing: bool = False

    @rx.event
    async def enter(self):
        """Say who is asking, then listen to the open conversation."""
        try:
            await self._operator()
        except VinkError as refusal:
            return self._refuse(refusal)
        wish = self.router.url.query_parameters.get("c", "")
        if wish:
            self.opened = wish
        return DeskThread.watch

    @rx.event(background=True)
    async def watch(self):
        """Redraw the open conversation whenever something happened in it, for as long as the session holds."""
        bus, own = signals.current(), f"tab:{self.router.session.client_token}"
        async with bus.subscribe(own) as heard, Looking() as looking:
            reader: DeskReader | None = None
            kinds: dict[str, Any] = {"open": None}
            while True:
                async with self:
                    try:
                        asking = await self._operator()
                        wanted = an_id(self.opened) if self.opened else None
                    except VinkError as refusal:
                        self._clear()
                        return self._refuse(refusal)
                    zone, language = known_zone(self.zone), self._language()
                if wanted and (reader is None or reader.conversation_id != wanted):
                    reader, kinds = DeskReader(wanted, asking.id, language, zone), {"open": None}
                    bus.retarget(heard, own, signals.conversation_topic(wanted))
                    looking.at(wanted, asking.id, asking.name)
                if reader and wanted:
                    await self._redraw(reader, kinds, looking)
                else:
                    reader = None
                kinds = await heard.next(quiet_after=6.0 if self.typing else None)

    async def _redraw(self, reader: DeskReader, kinds: dict[str, Any], looking: Looking) -> None:
        whole = "open" in kinds or "changed" in kinds or signals.READ_AGAIN in kinds
        try:
            page = await reader.read(whole=whole)
        except VinkError:
            async with self:
                self._clear()
            return
        async with self:
            self.head, self.visitor, self.card, self.earlier = page.head, page.visitor, page.card, page.earlier
            self.read, self.looking = page.read, looking.others()
            self.typing = "typing" in kinds
            if whole:
                self.history, self.live = page.messages, []
            elif len(self.live) + len(page.messages) > _LIVE:
                self.history, self.live = self.history + self.live + page.messages, []
            elif page.messages:
                self.live = self.live + page.messages
        if page.position > reader.marked:
            reader.marked = page.position
            async with db.transaction() as tx:
                await conversations.seen(tx, reader.conversation_id, position=page.position, by_operator=True)

    @rx.event
    async def open(self, conversation_id: str):
        """Open a conversation."""
        try:
            await self._operator()
            self.opened = str(an_id(conversation_id)) if conversation_id else ""
        except VinkError as refusal:
            return self._refuse(refusal)
        if not self.opened:
            self._clear()
        self._wake()

    @rx.event
    async def reply(self, form: dict[str, Any]):
        """Answer the visitor, or leave a note."""
        try:
            asking, conversation_id = await self._at_work()
            fields = form if isinstance(form, dict) else {}
            async with db.transaction() as tx:
                await conversations.reply(
                    tx,
                    conversation_id,
                    asking.id,
                    asking.name,
                    fields.get("text"),
                    note=bool(fields.get("note")),
                    client_id=fields.get("client_id"),
                )
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""

    @rx.event
    async def claim(self):
        """Take the open conversation."""
        try:
            asking, conversation_id = await self._at_work()
            async with db.transaction() as tx:
                await handover.claim(tx, conversation_id, asking.id, asking.name)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""

    @rx.event
    async def release(self):
        """Put the open conversation back into the queue."""
        try:
            asking, conversation_id = await self._at_work()
            async with db.transaction() as tx:
                await handover.release(tx, conversation_id, asking.id)
        except VinkError as refusal:
            return self._refuse(refusal)

    @rx.event
    async def give_back(self):
        """Return the open conversation to the assistant."""
        try:
            asking, conversation_id = await self._at_work()
            async with db.transaction() as tx:
                await handover.give_back(tx, conversation_id, asking.id)
        except VinkError as refusal:
            return self._refuse(refusal)

    @rx.event
    async def finish(self):
        """End the open conversation."""
        try:
            asking, conversation_id = await self._at_work()
            async with db.transaction() as tx:
                await handover.finish(tx, conversation_id, asking.id)
        except VinkError as refusal:
            return self._refuse(refusal)

    @rx.event
    async def transfer(self, form: dict[str, Any]):
        """Give the open conversation to a colleague, with a note."""
        try:
            asking, conversation_id = await self._at_work()
            fields = form if isinstance(form, dict) else {}
            note = conversations.line(fields.get("note"), 1000)
            async with db.transaction() as tx:
                colleague = await operators.operator(tx, an_id(fields.get("to")))
                await handover.transfer(tx, conversation_id, asking.id, colleague.id, colleague.name, note)
        except VinkError as refusal:
            return self._refuse(refusal)

    @rx.event
    async def describe(self, form: dict[str, Any]):
        """Write down who the visitor is."""
        try:
            _, conversation_id = await self._at_work()
            fields = form if isinstance(form, dict) else {}
            async with db.transaction() as tx:
                await desk.describe(
                    tx,
                    conversation_id,
                    name=fields.get("name"),
                    email=fields.get("email"),
                    phone=fields.get("phone"),
                )
        except VinkError as refusal:
            return self._refuse(refusal)

    @rx.event
    async def write(self):
        """Let the visitor know that somebody is writing."""
        try:
            asking, conversation_id = await self._at_work()
            async with db.reading() as tx:
                conversation = await conversations.get(tx, conversation_id)
        except VinkError as refusal:
            return self._refuse(refusal)
        if conversations.holds(conversation, asking.id):
            signals.current().publish(signals.visitor_topic(conversation.visitor_id), "typing")

    async def _at_work(self):
        return await self._operator(), an_id(self.opened)

    def _clear(self) -> None:
        self.head, self.history, self.live, self.earlier, self.looking = _NOBODY, [], [], [], ""

    def _wake(self) -> None:
        signals.current().publish(f"tab:{self.router.session.client_token}", "open", local=True)
