"""The sections as this process knows them, so that no answer and no page reads them from the database."""

from vink_chat.kit.db import Transaction
from vink_chat.preferences import store
from vink_chat.preferences.actions import interpret
from vink_chat.preferences.model import S, Saved
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
    """What was read last, section by section; a section that was never read has its defaults."""

    def __init__(self) -> None:
        self._known: dict[type[Section], Saved[Section]] = {}

    def current(self, kind: type[S]) -> S:
        """Return a section without waiting and without the database."""
        known = self._known.get(kind)
        if known is None:
            known = self._known[kind] = Saved(kind())
        return known.section  # pyright: ignore[reportReturnType]  the key is the kind

    async def load(self, tx: Transaction) -> None:
        """Read every section again (at start, and when signals may have been lost)."""
        rows = {row.key: row for row in await store.every(tx)}
        self._known = {kind: interpret(kind, rows.get(kind.key)) for kind in SECTIONS.values()}

    async def refresh(self, tx: Transaction, section: str) -> None:
        """Read one section again, by the key ``PreferencesChanged`` carries; an unknown key is passed over."""
        kind = SECTIONS.get(section)
        if kind is None:
            return
        fresh = interpret(kind, await store.find(tx, kind.key))
        known = self._known.get(kind)
        # Two refreshes may end in the other order.
        if known is None or fresh.version >= known.version:
            self._known[kind] = fresh

    def clear(self) -> None:
        """Forget everything: the defaults apply until the next ``load``."""
        self._known.clear()


cache = Cache()
"""The cache of this process."""


def current(kind: type[S]) -> S:
    """Return a section as this process knows it, without the database."""
    return cache.current(kind)
