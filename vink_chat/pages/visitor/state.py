"""The conversation a visitor looks at."""

import logging
from datetime import timedelta
from typing import Any, Final, TypedDict
from uuid import UUID

import reflex as rx

from vink_chat import conversations, handover, preferences
from vink_chat.answering import DRAFT_KIND
from vink_chat.conversations import Reason, Status
from vink_chat.kit import db, signals
from vink_chat.kit.errors import VinkError
from vink_chat.pages import live
from vink_chat.pages.shared.markup import from_markdown
from vink_chat.pages.visitor.asking import Asking, Wishes
from vink_chat.pages.visitor.reader import ThreadReader
from vink_chat.pages.visitor.views import MessageView

log = logging.getLogger(__name__)

_LIVE: Final = 20
_TYPING: Final = 6.0
_HISTORY: Final = 200


class Refusal(TypedDict):
    """Why one message was not taken, shown at that message."""

    client_id: str
    text: str
    number: int


class VisitorChat(Asking, rx.State):
    """The visitor's panel: thread, composer, and who holds the conversation."""

    history: list[MessageView] = []
    live: list[MessageView] = []
    more: bool = False
    loaded: bool = False
    draft: str = ""
    thinking: bool = False
    status: str = Status.ASSISTED.value
    rating: int = 0
    form: bool = False
    typing: bool = False
    refusal: Refusal = {"client_id": "", "text": "", "number": 0}
    _conversation_id: UUID | None = None
    _position: int = 0
    _seen: int = 0

    @rx.event
    async def enter(self):
        """Say who is asking, draw what needs no thread, and begin to listen."""
        if not conversations.is_secret(self.secret):
            self.secret = conversations.new_secret()
        self._dress()
        return VisitorChat.watch

    @rx.event(background=True)
    async def watch(self):
        """Redraw the thread whenever something happened in it, for as long as the tab lives."""
        return await live.lasting(self._watch)

    async def _watch(self):
        while True:
            async with self:
                reader = self._reader()
            async with signals.current().subscribe(signals.visitor_topic(reader.visitor_id)) as heard:
                await self._follow(reader, heard)

    @rx.event
    async def send(self, form: dict[str, Any]):
        """Take a message; a repeated one changes nothing."""
        form = form if isinstance(form, dict) else {}
        name = conversations.line(form.get("client_id"), 64)
        try:
            await self._admit()
            within = timedelta(hours=preferences.current(preferences.Handover).reopen_hours)
            async with db.transaction() as tx:
                await conversations.receive(
                    tx, self._own(), form.get("text"), name, around=self._around(), reopen_within=within
                )
            self._forget_refusal()
        except VinkError as refusal:
            self._refuse(refusal, name)

    @rx.event
    async def call_operator(self):
        """Call a person."""
        try:
            await self._admit()
            async with db.transaction() as tx:
                conversation = await conversations.open_for(tx, self._own(), self._around())
                await handover.request(tx, conversation, Reason.BUTTON)
            self._forget_refusal()
        except VinkError as refusal:
            self._refuse(refusal)

    @rx.event
    async def rate(self, stars: int):
        """Keep the visitor's rating of the finished conversation."""
        try:
            async with db.transaction() as tx:
                await handover.rate(tx, self._owner(), stars)
        except VinkError as refusal:
            self._refuse(refusal)

    @rx.event
    async def leave_contacts(self, form: dict[str, Any]):
        """Keep how to reach the visitor when nobody can answer now."""
        fields = form if isinstance(form, dict) else {}
        try:
            await self._admit()
            async with db.transaction() as tx:
                await handover.leave_contacts(
                    tx, self._owner(), fields.get("name"), fields.get("phone"), fields.get("email")
                )
            self._forget_refusal()
        except VinkError as refusal:
            self._refuse(refusal)

    @rx.event
    async def write(self):
        """Let the operator know that the visitor is writing."""
        if self._conversation_id and self.status == Status.ATTENDED.value:
            signals.current().publish(signals.conversation_topic(self._conversation_id), "typing")

    @rx.event
    async def see(self):
        """Let the operators know that the visitor has read the thread."""
        if self._conversation_id and self._position > self._seen:
            self._seen = self._position
            async with db.transaction() as tx:
                await conversations.seen(tx, self._conversation_id, position=self._position, by_visitor=True)

    @rx.event
    async def show_earlier(self):
        """Draw older messages above the thread."""
        shown = self.history or self.live
        if not shown or not conversations.is_secret(self.secret):
            return
        earlier, self.more = await self._reader().before(shown[0]["position"])
        self.history = earlier + self.history

    def _dress_as(self, signed: str, wishes: Wishes) -> None:
        """Become the visitor whom the site signed (empty: whom the browser knows), and dress as the site wishes."""
        before, language = self._owner(), self.language
        self._signed, self._wishes = signed, wishes
        self._dress()
        if (before, language) == (self._owner(), self.language):
            return
        self.history, self.live, self.more, self.loaded, self.draft, self.typing = [], [], False, False, "", False
        self._seen = 0
        # Wakes this tab's own watch, which then follows the other thread.
        signals.current().publish(signals.visitor_topic(before), "thread", local=True)

    def _has_said(self) -> bool:
        return bool(self._signed or self.history or self.live)

    async def _follow(self, reader: ThreadReader, heard: signals.Subscription) -> None:
        """Redraw until the tab shows another thread."""
        here = await self._redraw(reader, whole=True)
        while here:
            kinds = await heard.next(quiet_after=_TYPING if self.typing else None)
            if not kinds or "typing" in kinds:
                async with self:
                    self.typing = bool(kinds)
            if {"thread", signals.READ_AGAIN} & set(kinds):
                here = await self._redraw(reader, whole=signals.READ_AGAIN in kinds)
            if DRAFT_KIND in kinds:
                async with self:
                    self.draft = from_markdown(kinds[DRAFT_KIND]) if kinds[DRAFT_KIND] else ""

    async def _redraw(self, reader: ThreadReader, *, whole: bool) -> bool:
        news = await reader.whole() if whole else await reader.news()
        async with self:
            if not reader.suits(self._owner(), self.language):
                return False
            if whole:
                self.history, self.live, self.more, self.loaded = news.messages, [], news.more, True
            elif len(self.live) + len(news.messages) > _LIVE:
                whole_thread = self.history + self.live + news.messages
                self.history, self.live = whole_thread[-_HISTORY:], []
                self.more = self.more or len(whole_thread) > _HISTORY
            elif news.messages:
                self.live = self.live + news.messages
            self.status, self.thinking, self.rating = news.status, news.thinking, news.rating
            self.form, self._conversation_id, self._position = news.form, news.id, news.position
            if news.messages:
                self.typing = False
            if not news.thinking:
                self.draft = ""
        return True

    def _refuse(self, refusal: VinkError, client_id: str = "") -> None:
        # Numbered, so that the same refusal said twice is news to the page.
        number = self.refusal["number"] + 1
        self.refusal = {"client_id": client_id, "text": refusal.say(self.language), "number": number}

    def _forget_refusal(self) -> None:
        if self.refusal["text"]:
            self.refusal = {**self.refusal, "client_id": "", "text": ""}
