"""The conversation a visitor looks at."""

import logging
from datetime import timedelta
from typing import Any, Final, TypedDict
from uuid import UUID

import reflex as rx

from vink_chat import conversations, handover, preferences
from vink_chat.answering import DRAFT_KIND
from vink_chat.conversations import Reason, Status, Surroundings
from vink_chat.kit import db, signals, throttle
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import DEFAULT_LANGUAGE, best_language, say
from vink_chat.pages.shared.markup import from_markdown
from vink_chat.pages.visitor.reader import ThreadReader
from vink_chat.pages.visitor.views import DEFAULT_ZONE, GroupView, MessageView, known_zone
from vink_chat.pages.visitor.words import words

log = logging.getLogger(__name__)

_LIVE: Final = 20
_TYPING: Final = 6.0
_HISTORY: Final = 200


class Refusal(TypedDict):
    """Why one message was not taken, shown at that message."""

    client_id: str
    text: str
    number: int


class VisitorChat(rx.State):
    """The visitor's panel: thread, composer, and who holds the conversation."""

    secret: str = rx.LocalStorage("", name="vink_visitor", sync=True)
    zone: str = rx.LocalStorage(DEFAULT_ZONE, name="vink_zone")

    t: dict[str, str] = words(DEFAULT_LANGUAGE)
    language: str = DEFAULT_LANGUAGE
    title: str = preferences.Greeting().title
    hint: str = preferences.Greeting().reply_time
    greeting: str = from_markdown(preferences.Greeting().text)
    popular: list[GroupView] = []
    colours: dict[str, str] = {}

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
        async with self:
            owner = conversations.visitor_id(self.secret)
            reader = ThreadReader(owner, self.language, known_zone(self.zone))
        async with signals.current().subscribe(signals.visitor_topic(owner)) as heard:
            await self._redraw(reader, whole=True)
            while True:
                kinds = await heard.next(quiet_after=_TYPING if self.typing else None)
                if not kinds or "typing" in kinds:
                    async with self:
                        self.typing = bool(kinds)
                if {"thread", signals.READ_AGAIN} & set(kinds):
                    await self._redraw(reader, whole=signals.READ_AGAIN in kinds)
                if DRAFT_KIND in kinds:
                    async with self:
                        self.draft = from_markdown(kinds[DRAFT_KIND]) if kinds[DRAFT_KIND] else ""

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
                    tx, self.secret, form.get("text"), name, around=self._around(), reopen_within=within
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
                conversation = await conversations.open_for(tx, self.secret, self._around())
                await handover.request(tx, conversation, Reason.BUTTON)
            self._forget_refusal()
        except VinkError as refusal:
            self._refuse(refusal)

    @rx.event
    async def rate(self, stars: int):
        """Keep the visitor's rating of the finished conversation."""
        try:
            async with db.transaction() as tx:
                await handover.rate(tx, conversations.visitor_id(self.secret), stars)
        except VinkError as refusal:
            self._refuse(refusal)

    @rx.event
    async def leave_contacts(self, form: dict[str, Any]):
        """Keep how to reach the visitor when nobody can answer now."""
        fields = form if isinstance(form, dict) else {}
        try:
            await self._admit()
            async with db.transaction() as tx:
                owner = conversations.visitor_id(self.secret)
                await handover.leave_contacts(tx, owner, fields.get("name"), fields.get("phone"), fields.get("email"))
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
        reader = ThreadReader(conversations.visitor_id(self.secret), self.language, known_zone(self.zone))
        earlier, self.more = await reader.before(shown[0]["position"])
        self.history = earlier + self.history

    async def _redraw(self, reader: ThreadReader, *, whole: bool) -> None:
        news = await reader.whole() if whole else await reader.news()
        async with self:
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

    def _refuse(self, refusal: VinkError, client_id: str = "") -> None:
        # Numbered, so that the same refusal said twice is news to the page.
        number = self.refusal["number"] + 1
        self.refusal = {"client_id": client_id, "text": refusal.say(self.language), "number": number}

    def _forget_refusal(self) -> None:
        if self.refusal["text"]:
            self.refusal = {**self.refusal, "client_id": "", "text": ""}

    async def _admit(self) -> None:
        limits = preferences.current(preferences.Limits)
        owner = conversations.visitor_id(self.secret)
        address = self.router.session.client_ip
        if owner in limits.blocked_visitors or limits.blocks(address):
            raise conversations.Blocked
        await throttle.current().admit(f"visitor:{owner}", limits.visitor_per_minute)
        await throttle.current().admit(f"address:{address}", limits.address_per_minute)

    def _around(self) -> Surroundings:
        headers = self.router.headers
        return Surroundings(
            language=self.language,
            page=self.router.url.query_parameters.get("page", "") or str(self.router.url),
            referrer=self.router.url.query_parameters.get("referrer", ""),
            device=headers.user_agent,
        )

    def _dress(self) -> None:
        wish = self.router.url.query_parameters.get("lang", "")
        self.language = best_language(wish, self.router.headers.accept_language)
        self.t = words(self.language)
        greeting = preferences.current(preferences.Greeting)
        # A wording nobody edited is known to the catalogue; an edited one is shown as it was written.
        self.title, self.hint = say(greeting.title, self.language), say(greeting.reply_time, self.language)
        self.greeting = from_markdown(say(greeting.text, self.language))
        self.popular = [
            GroupView(title=group.title, questions=list(group.questions))
            for group in preferences.current(preferences.PopularQuestions).groups
        ]
        look = preferences.current(preferences.Look)
        self.colours = {"--brand": look.colour, "--on-brand": look.ink}
