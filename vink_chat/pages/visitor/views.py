"""Views for the visitor's browser: they hold only what is shown."""

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import Final, TypedDict, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from vink_chat.conversations import Author, MessageRow, VisitorRow, is_markdown
from vink_chat.kit.clock import ZONES, now
from vink_chat.kit.words import say
from vink_chat.pages.shared.markup import from_markdown, from_operator, from_plain

DEFAULT_ZONE: Final = "Europe/Moscow"


class Source(TypedDict):
    """An article that an answer cites."""

    title: str
    url: str


class MessageView(TypedDict):
    """One message as the visitor sees it.

    Attributes:
        day: The day's name on its first message, else empty.
        html: Sanitised.
        label: The author's name.
        moment: ISO 8601, for machines; ``time`` is for people.
        quote: The beginning of the message it answers, or empty.
        edited: Whether its author corrected it.
    """

    id: str
    client_id: str
    who: str
    label: str
    html: str
    quote: str
    time: str
    moment: str
    day: str
    position: int
    edited: bool
    sources: list[Source]


class ContactView(TypedDict):
    """The contact details the visitor left.

    Attributes:
        shown: Phone and email on one line; empty when neither is known.
    """

    name: str
    phone: str
    email: str
    shown: str


def contact_view(visitor: VisitorRow | None = None) -> ContactView:
    """Return the contact details of a visitor's card."""
    if visitor is None:
        return ContactView(name="", phone="", email="", shown="")
    shown = ", ".join(part for part in (visitor.phone, visitor.email) if part)
    return ContactView(name=visitor.name, phone=visitor.phone, email=visitor.email, shown=shown)


View = TypeVar("View", bound=MessageView)


class GroupView(TypedDict):
    """Popular questions under one title."""

    title: str
    questions: list[str]


def prepend(earlier: Sequence[View], shown: Sequence[View]) -> list[View]:
    """Put earlier messages above the shown ones; a day that continues is not named twice."""
    day = next((message["day"] for message in reversed(earlier) if message["day"]), "")
    if shown and shown[0]["day"] == day:
        first = shown[0].copy()
        first["day"] = ""
        shown = [first, *shown[1:]]
    return [*earlier, *shown]


def known_zone(name: object) -> str:
    """Return a browser's time zone if it is a known one, else Moscow's."""
    return name if isinstance(name, str) and name in ZONES else DEFAULT_ZONE


def language_tags(tags: object) -> str:
    """Return a browser's language tags if they are text, else nothing."""
    return tags if isinstance(tags, str) else ""


def _renderer(message: MessageRow) -> Callable[[str], str]:
    if is_markdown(message):
        return from_markdown
    return from_operator if message.author is Author.OPERATOR else from_plain


class MessagePresenter:
    """Turns messages into views in one language and time zone; the first message of each day names it."""

    def __init__(self, language: str, zone: str) -> None:
        self._language = language
        self._zone = ZoneInfo(zone)
        self._last_day = ""

    def present(self, messages: Sequence[MessageRow], unnamed: Set[UUID] = frozenset()) -> list[MessageView]:
        """Return the views of messages that follow those presented before.

        Operators in ``unnamed`` are shown without their name.
        """
        return [self._view(message, named=message.operator_id not in unnamed) for message in messages]

    def _view(self, message: MessageRow, *, named: bool) -> MessageView:
        local = message.created_at.astimezone(self._zone)
        day = self._day(local)
        fresh, self._last_day = day != self._last_day, day
        is_own = message.author is Author.VISITOR
        return MessageView(
            id=message.id.hex,
            client_id=(message.client_id or "") if is_own else "",
            who=message.author.value,
            label=self._label(message, named=named),
            html=_renderer(message)(message.text),
            quote=message.quote,
            time=format_time(local, "HH:mm", locale=self._language),
            moment=local.isoformat(timespec="seconds"),
            day=day if fresh else "",
            position=message.position,
            edited=message.edited_at is not None,
            sources=[
                Source(title=source["title"], url=source["url"]) for source in message.sources if source.get("url")
            ],
        )

    def _label(self, message: MessageRow, *, named: bool) -> str:
        match message.author:
            case Author.VISITOR:
                return say("Вы", self._language)
            case Author.ASSISTANT:
                return say(message.author_name or "Ассистент", self._language)
            case Author.OPERATOR:
                return (named and message.author_name) or say("Специалист", self._language)
            case Author.SYSTEM:
                return ""

    def _day(self, local: datetime) -> str:
        today = now().astimezone(self._zone).date()
        if local.date() == today:
            return say("Сегодня", self._language)
        style = "d MMMM" if local.year == today.year else "d MMMM y"
        return format_date(local.date(), style, locale=self._language)
