"""A tab listens, the database is read; and whoever uses a tab next finds nothing of its former owner in it.

A page's ``on_load`` says who is asking and returns the State's ``watch``: one background event a tab that waits for
signals and redraws. Reflex cancels it with the tab, because it was started from ``on_load``.

Reflex keeps the State of a closed tab for a while, under a key in the browser's session storage, and sends the whole of
it to whoever connects with that key, before any handler asks who that is.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID

import reflex as rx

from vink_chat.web import reflex_internals

log = logging.getLogger(__name__)

_BEAT = 60.0
_app: rx.App | None = None


def socket(token: str) -> str | None:
    """Return the id of a tab's socket; None when it has gone, or before the application is open."""
    return reflex_internals.socket_of(_app, token) if _app else None


def forget(token: str) -> None:
    """Drop the State of a tab without a socket; its next event meets a blank one."""
    if _app:
        reflex_internals.forget_state(_app, token)


async def emit(changes: dict[str, dict[str, Any]], sockets: list[str]) -> None:
    """Send one frame to some sockets: values by a State's full name and their travelling names."""
    if _app:
        await reflex_internals.emit(_app, changes, sockets)


_SHORTEST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


async def keep_open_tabs(app: rx.App) -> None:
    """Keep the States of connected tabs from expiring: one timer for the whole process.

    Without it an idle tab's State would be forgotten after five minutes, and its next event would meet a blank one.
    """
    while True:
        await asyncio.sleep(_BEAT)
        reflex_internals.renew_states(app, lambda token: socket(token) is not None)


@contextlib.asynccontextmanager
async def beating(app: rx.App) -> AsyncGenerator[None]:
    """Run the beat for as long as the application lives."""
    global _app  # noqa: PLW0603  one application a process
    _app = app
    task = asyncio.create_task(keep_open_tabs(app))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def lasting(watch: Callable[[], Awaitable[Any]]) -> Any:
    """Run a tab's watch to its end; after a passing fault (a database that restarts) begin it again.

    A watch reads everything when it begins, so nothing is missed in between.
    """
    pause = _SHORTEST_PAUSE
    while True:
        try:
            return await watch()
        except Exception as error:
            log.warning("A tab's watch failed; restarting it: %r", error, exc_info=pause == _SHORTEST_PAUSE)
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


_MOST: Final = 10_000
Identify = Callable[[str, dict[str, Any]], Awaitable[UUID | None]]
"""Says who connects, by the ``Cookie`` header and what the browser stores for the States; None for a stranger."""


class TabOwners:
    """The operators and visitors to whom the States of tabs belong, by their ids.

    Args:
        identify: Says who connects.
        forget: Drops the State of a tab.
    """

    def __init__(self, identify: Identify, forget: Callable[[str], None] = forget) -> None:
        self._identify = identify
        self._forget = forget
        self._owners: dict[str, UUID] = {}

    async def receive(self, environ: dict[str, Any], auth: Any) -> None:
        """Forget what is kept of a tab that connects, unless the same person goes on where they were.

        Args:
            environ: Of the websocket.
            auth: What the page sends along: its first event.
        """
        token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        if not token or socket(token):
            # Reflex gives a copied tab a key of its own.
            return
        payload = _payload(auth)
        stored: Any = payload.get("vars")
        owner = await self._identify(environ.get("HTTP_COOKIE") or "", stored if isinstance(stored, dict) else {})
        # A page that was just loaded names what it was built with, in ``hashes``.
        if payload.get("hashes") or owner is None or self._owners.get(token) != owner:
            self._forget(token)
        self._owners.pop(token, None)
        if owner:
            self._owners[token] = owner
            if len(self._owners) > _MOST:
                # Without an owner a tab begins again: nothing is lost but a moment.
                del self._owners[next(iter(self._owners))]


def _payload(auth: Any) -> dict[str, Any]:
    event: Any = auth.get(reflex_internals.CONNECT_EVENT) if isinstance(auth, dict) else None
    payload: Any = event.get("payload") if isinstance(event, dict) else None
    return payload if isinstance(payload, dict) else {}
