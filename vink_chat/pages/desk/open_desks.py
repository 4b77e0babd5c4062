"""The desks open in this process's tabs. An operator can be present only while one of theirs is open.

The database holds who has a desk open (see ``operators.presence``), so that every process knows; this module renews it
every few seconds, and ends it when a tab closes.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from uuid import UUID

from vink_chat import handover, operators
from vink_chat.kit import db
from vink_chat.web import tabs

log = logging.getLogger(__name__)

_LONGEST_PAUSE: Final = 20.0


def _connected(tab: str) -> bool:
    return tabs.socket(tab) is not None


class OpenDesks:
    """The open desks of one process, each with its tab and session. A tab may reconnect, so it is not the key."""

    def __init__(self, connected: Callable[[str], bool] = _connected) -> None:
        self._connected = connected
        self._open: dict[object, tuple[str, UUID]] = {}
        self._closed: set[UUID] = set()
        self._kept: dict[UUID, float] = {}
        self._woken = asyncio.Event()

    async def open(self, desk: object, tab: str, asking: operators.SignedIn) -> None:
        """Record that an operator has a desk open in a tab."""
        self._open[desk] = tab, asking.session_id
        self._kept[asking.session_id] = time.monotonic()
        async with db.transaction() as tx:
            await operators.open_desk(tx, asking.session_id, asking.id, handover.grace())

    def close(self, desk: object) -> None:
        """Record that a desk was closed; the grace period begins."""
        if known := self._open.pop(desk, None):
            self._closed.add(known[1])
            self._woken.set()

    async def follow(self) -> None:
        """Renew the open desks in the database until the process stops; then close them."""
        try:
            while True:
                pause = min(_LONGEST_PAUSE, handover.grace().total_seconds() / 3)
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._woken.wait()
                self._woken.clear()
                try:
                    await self._keep()
                except Exception:
                    log.exception("Could not record open desks; retrying")
        finally:
            # Tabs that are still open reconnect to the next process, or to another one.
            recent = time.monotonic() - handover.grace().total_seconds()
            async with db.transaction() as tx:
                await operators.close_desks(tx, [one for one, moment in self._kept.items() if moment > recent])

    async def _keep(self) -> None:
        for desk in [desk for desk, (tab, _) in self._open.items() if not self._connected(tab)]:
            self.close(desk)
        closed, self._closed = self._closed, set()
        sessions = {session for _, session in self._open.values()} | closed
        if not sessions:
            return
        try:
            async with db.transaction() as tx:
                await operators.keep_desks(tx, sessions, handover.grace())
        except BaseException:
            self._closed |= closed
            raise
        moment = time.monotonic()
        oldest = moment - handover.grace().total_seconds()
        self._kept = {one: at for one, at in self._kept.items() if at > oldest} | dict.fromkeys(sessions, moment)


desks: Final = OpenDesks()
"""The desks of this process."""
