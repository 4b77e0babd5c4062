"""The search above the queue: a hit is one message, and opens its conversation at that message."""

from typing import Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from babel.dates import format_datetime, format_time
from babel.numbers import format_decimal

from vink_chat.conversations import Author, one_line
from vink_chat.conversations.search import Hit, SearchResult, find
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.words import say
from vink_chat.pages.desk.views import visitor_name
from vink_chat.pages.desk.words import status_word
from vink_chat.pages.staff.signed_in import Refusals, shows_refusals
from vink_chat.pages.visitor.views import DEFAULT_ZONE, known_zone

_MAX_QUERY_CHARS: Final = 100
_MAX_HITS: Final = 1000


class PieceView(TypedDict):
    """A part of an excerpt; the searched words are marked."""

    text: str
    marked: bool


class HitView(TypedDict):
    """A message that was found; ``message`` is empty for a visitor's card."""

    key: str
    id: str
    message: str
    name: str
    who: str
    time: str
    status_word: str
    pieces: list[PieceView]


class DeskSearch(Refusals, mixin=True):
    """The search and its hits.

    Attributes:
        searched: The searched words; the hits are shown instead of the queue unless they are empty.
        summary: How many hits there are and how many are shown, in words.
        indexing: A notice that part of the history is not indexed yet, or empty.
    """

    zone: str = rx.LocalStorage(DEFAULT_ZONE, name="vink_zone")
    searched: str = ""
    hits: list[HitView] = []
    summary: str = ""
    indexing: str = ""
    more_hits: bool = False
    _last_hit: int = 0

    @rx.event
    @shows_refusals
    async def search(self, words: str):
        """Search all conversations; empty words end the search."""
        await self._operator()
        words = one_line(words, _MAX_QUERY_CHARS)
        async with db.reading() as tx:
            found = await find(tx, words)
        self._leave_search()
        self.searched = words
        if words:
            self._put_hits(found)

    @rx.event
    @shows_refusals
    async def show_more_hits(self):
        """Show the next hits too."""
        await self._operator()
        if self.more_hits:
            async with db.reading() as tx:
                found = await find(tx, self.searched, before=self._last_hit)
            self._put_hits(found)

    def _put_hits(self, found: SearchResult) -> None:
        language, zone = self._language(), known_zone(self.zone)
        self.hits = [*self.hits, *(hit_view(hit, language, zone) for hit in found.hits)]
        self.more_hits = found.more and len(self.hits) < _MAX_HITS
        self._last_hit = found.hits[-1].number if found.hits else 0
        self.summary = summary(found, len(self.hits), language)
        self.indexing = indexing(found, language)

    def _leave_search(self) -> None:
        self.searched, self.hits, self.summary, self.indexing = "", [], "", ""
        self.more_hits, self._last_hit = False, 0


def summary(found: SearchResult, shown: int, language: str) -> str:
    """Say how many hits there are and how many are shown; empty if there are none."""
    total = format_decimal(found.total, locale=language)
    if not found.total:
        return ""
    if not found.exact:
        return say("Показано {shown} из более чем {total}", language, shown=shown, total=total)
    if shown < found.total:
        return say("Показано {shown} из {total}", language, shown=shown, total=total)
    return say("Найдено: {total}", language, total=total)


def indexing(found: SearchResult, language: str) -> str:
    """Say that old conversations are still being indexed; empty once all are."""
    if found.indexed >= 100:  # noqa: PLR2004  per cent
        return ""
    return say(
        "Старая переписка ещё индексируется: {percent} %. Пока найдено может быть не всё.",
        language,
        percent=found.indexed,
    )


def hit_view(hit: Hit, language: str, zone: str) -> HitView:
    """Return the view of a hit."""
    return HitView(
        key=str(hit.number),
        id=str(hit.conversation_id),
        message=hit.message_id.hex if hit.message_id else "",
        name=visitor_name(hit.visitor_name, hit.visitor_id, language),
        who=_who(hit, language),
        time=_time(hit, language, zone),
        status_word=status_word(hit.status, language),
        pieces=[PieceView(text=piece.text, marked=piece.marked) for piece in hit.pieces],
    )


def _who(hit: Hit, language: str) -> str:
    """Name the author; empty for the visitor, whom the row names already."""
    if hit.author is None:
        return say("Имя и контакты", language)
    if hit.note:
        return " · ".join(filter(None, (say("Заметка", language), hit.author_name)))
    if hit.author is Author.ASSISTANT:
        return hit.author_name or say("Ассистент", language)
    if hit.author is Author.SYSTEM:
        return say("Служебное сообщение", language)
    return hit.author_name if hit.author is Author.OPERATOR else ""


def _time(hit: Hit, language: str, zone: str) -> str:
    if hit.at is None:
        return ""
    local, today = hit.at.astimezone(ZoneInfo(zone)), now().astimezone(ZoneInfo(zone))
    if local.date() == today.date():
        return format_time(local, "HH:mm", locale=language)
    return format_datetime(local, "d MMM" if local.year == today.year else "d MMM y", locale=language)
