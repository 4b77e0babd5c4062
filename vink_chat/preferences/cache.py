"""The sections in memory, so that answers and pages need not read them from the database."""

from vink_chat.kit.db import Transaction
from vink_chat.preferences import store
from vink_chat.preferences.actions import parse_row
from vink_chat.preferences.model import S, Versioned
from vink_chat.preferences.sections.access import Identity, Limits
from vink_chat.preferences.sections.assistant import Assistant
from vink_chat.preferences.sections.base import Section
from vink_chat.preferences.sections.greeting import Consent, Greeting, PopularQuestions
from vink_chat.preferences.sections.handover import Handover
from vink_chat.preferences.sections.hours import Hours
from vink_chat.preferences.sections.look import Look
from vink_chat.preferences.sections.operators import Canned, Telegram

SECTIONS: dict[str, type[Section]] = {
    kind.key: kind
    for kind in (
        Greeting,
        Assistant,
        Handover,
        Hours,
        PopularQuestions,
        Look,
        Limits,
        Canned,
        Identity,
        Telegram,
        Consent,
    )
}


class Cache:
    """The last read version of each section; a section that was never read has its defaults."""

    def __init__(self) -> None:
        self._sections: dict[type[Section], Versioned[Section]] = {}

    def current(self, kind: type[S]) -> S:
        """Return a section from memory."""
        cached = self._sections.get(kind)
        if cached is None:
            cached = self._sections[kind] = Versioned(kind())
        return cached.section  # pyright: ignore[reportReturnType]  the key is the kind

    async def load(self, tx: Transaction) -> None:
        """Read all sections (at the start, and when signals may have been lost)."""
        rows = {row.key: row for row in await store.every(tx)}
        self._sections = {kind: parse_row(kind, rows.get(kind.key)) for kind in SECTIONS.values()}

    async def refresh(self, tx: Transaction, key: str) -> None:
        """Read one section again by its key; an unknown key is ignored."""
        kind = SECTIONS.get(key)
        if kind is None:
            return
        fresh = parse_row(kind, await store.find(tx, kind.key))
        cached = self._sections.get(kind)
        # Two refreshes may finish in reverse order.
        if cached is None or fresh.version >= cached.version:
            self._sections[kind] = fresh

    def clear(self) -> None:
        """Clear the cache: the defaults apply until the next ``load``."""
        self._sections.clear()


cache = Cache()
"""The cache of this process."""


def current(kind: type[S]) -> S:
    """Return a section from the memory of this process."""
    return cache.current(kind)
