"""The visitor's identity, language and appearance: what the panel knows before it reads a thread."""

import contextlib
import logging
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import reflex as rx

from vink_chat import conversations, preferences, topics
from vink_chat.conversations import VisitorContext
from vink_chat.kit import db, rate_limit, signals
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import DEFAULT_LANGUAGE, best_language, say
from vink_chat.pages.shared.markup import from_markdown
from vink_chat.pages.visitor.availability import availability
from vink_chat.pages.visitor.reader import ThreadReader
from vink_chat.pages.visitor.thread_broadcast import thread_broadcasts
from vink_chat.pages.visitor.views import DEFAULT_ZONE, GroupView, known_zone, language_tags
from vink_chat.pages.visitor.words import words
from vink_chat.web import broadcast
from vink_chat.web.request_checks import is_shared

_CYRILLIC: Final = re.compile("[а-яё]", re.IGNORECASE)


def popular_in(language: str) -> list[GroupView]:
    """Return the groups of popular questions; outside Russian, only those without Cyrillic letters.

    A page in another language must not offer questions that its reader cannot read.
    """
    groups = preferences.current(preferences.PopularQuestions).groups
    if language == DEFAULT_LANGUAGE:
        return [GroupView(title=group.title, questions=list(group.questions)) for group in groups]
    foreign = [(group.title, [text for text in group.questions if not _CYRILLIC.search(text)]) for group in groups]
    return [GroupView(title=title, questions=questions) for title, questions in foreign if questions]


@dataclass(frozen=True, slots=True)
class HostOptions:
    """How the host page wants the chat; an empty field means the shop's own preference."""

    language: str = ""
    page: str = ""
    title: str = ""
    colour: str = ""
    arrival: str = ""


class VisitorIdentity(rx.State, mixin=True):
    """Who the visitor is, what the host page wants, and the appearance that follows.

    Attributes:
        secret: Kept by the browser. A visitor signed by their site has another secret, which stays on the server.
        hint: How soon somebody answers; empty until it is known, because pages are first rendered without a visitor.
        reply_from: Outside working hours, when a waiting visitor will be answered.
        arrival: The landing address, a blank, the referrer.
    """

    secret: str = rx.LocalStorage("", name="vink_visitor", sync=True)
    zone: str = rx.LocalStorage(DEFAULT_ZONE, name="vink_zone")
    languages: str = rx.LocalStorage("", name="vink_languages")
    arrival: str = rx.SessionStorage("", name="vink_arrival")

    t: dict[str, str] = words(DEFAULT_LANGUAGE)
    language: str = DEFAULT_LANGUAGE
    title: str = preferences.Look().title
    logo: str = ""
    hint: str = ""
    after_hours: bool = False
    reply_from: str = ""
    greeting: str = from_markdown(preferences.Greeting().text)
    popular: list[GroupView] = []
    colours: dict[str, str] = {}
    consent: dict[str, str] = {"text": "", "url": ""}
    _signed_secret: str = ""
    _signed_with: str = ""
    _host_options: HostOptions = HostOptions()

    def _secret(self) -> str:
        """Return the secret of the current visitor."""
        return self._signed_secret or self.secret

    def _visitor_id(self) -> UUID:
        """Return the id of the current visitor."""
        return conversations.visitor_id(self._secret())

    def _reader(self) -> ThreadReader:
        return ThreadReader(self._visitor_id(), self.language, known_zone(self.zone))

    def _address(self) -> str:
        return self.router.session.client_ip

    async def _check_limits(self) -> None:
        limits = preferences.current(preferences.Limits)
        owner, address = self._visitor_id(), self._address()
        if limits.blocks(address):
            raise conversations.Blocked
        await rate_limit.current().admit(f"visitor:{owner}", limits.visitor_per_minute)
        await rate_limit.current().admit_address("address", address, limits.address_per_minute)

    def _context(self) -> VisitorContext:
        query = self.router.url.query_parameters
        page = self._host_options.page or query.get("page", "") or str(self.router.url)
        landing, _, referrer = conversations.one_line(self._host_options.arrival or self.arrival, 2000).partition(" ")
        return VisitorContext(
            language=self.language,
            page=page,
            referrer=query.get("referrer", "") or referrer,
            campaign=conversations.campaign_of(landing) or conversations.campaign_of(page),
            device=self.router.headers.user_agent,
            address=self._address(),
            shared_address=is_shared(self._address(), self.router.headers.raw_headers),
        )

    def _show_availability(self) -> None:
        for name, value in availability.header(self.language).items():
            setattr(self, name, value)

    def _apply_appearance(self) -> None:
        requested = self._host_options.language or self.router.url.query_parameters.get("lang", "")
        # Not every browser sends its languages when a websocket is opened.
        self.language = best_language(requested, language_tags(self.languages), self.router.headers.accept_language)
        self.t = words(self.language)
        self._show_availability()
        greeting = preferences.current(preferences.Greeting)
        # The default wording is in the catalogue; an edited one is shown as it was written.
        self.greeting = from_markdown(say(greeting.text, self.language))
        self.popular = popular_in(self.language)
        consent = preferences.current(preferences.Consent)
        self.consent = {"text": say(consent.text, self.language), "url": consent.policy_url}
        look = preferences.current(preferences.Look)
        self.title = self._host_options.title or say(look.title, self.language) or self.t["chat"]
        self.logo = look.logo_url
        if self._host_options.colour:
            with contextlib.suppress(VinkError):
                look = preferences.change(look, colour=self._host_options.colour)
        self.colours = {"--brand": look.colour, "--on-brand": look.ink}


log = logging.getLogger(__name__)

_KIND = f"preferences:{preferences.Identity.key}"


async def drop_revoked_tabs() -> None:
    """Stop updates to tabs signed with a renewed secret, read-only ones too, for as long as the process lives."""
    async with signals.current().subscribe(topics.SETTINGS) as changes:
        while True:
            if {_KIND, signals.RESYNC}.isdisjoint(await changes.next()):
                continue
            try:
                async with db.reading() as tx:
                    await preferences.cache.refresh(tx, preferences.Identity.key)
            except Exception:
                log.exception("Could not read the signing secret; open tabs are checked at their next event")
                continue
            thread_broadcasts.drop(_is_revoked)


def _is_revoked(tab: broadcast.Tab) -> bool:
    secret = preferences.current(preferences.Identity).secret
    return bool(tab.shown.get("_signed_secret")) and tab.shown.get("_signed_with") != secret
