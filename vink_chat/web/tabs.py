"""Open tabs: their watches, their sockets, the life of their States, and to whom those belong.

A page's ``on_load`` checks access and returns the State's ``watch``: one background event per tab that waits for
signals and updates the State. Reflex cancels it with the tab, because it was started from ``on_load``.

Reflex keeps the State of a closed tab for a while, under a key in the browser's session storage, and sends all of it to
whoever connects with that key, before any handler checks who that is. ``TabOwners`` drops it for another owner.
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

_HEARTBEAT_SECONDS = 60.0
_app: rx.App | None = None


def socket(token: str) -> str | None:
    """Return the id of a tab's socket; None when it has gone, or before the application is open."""
    return reflex_internals.socket_of(_app, token) if _app else None


def forget(token: str) -> None:
    """Drop the State of a tab without a socket; its next event gets a new one."""
    if _app:
        reflex_internals.forget_state(_app, token)


async def emit(changes: dict[str, dict[str, Any]], sockets: list[str]) -> None:
    """Send one frame to some sockets: values by full State name and wire field name."""
    if _app:
        await reflex_internals.emit(_app, changes, sockets)


_SHORTEST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


async def keep_open_tabs(app: rx.App) -> None:
    """Keep the States of connected tabs from expiring, with one timer for the process.

    Without it an idle tab's State would be dropped after five minutes, and its next event would get a new one.
    """
    while True:
        await asyncio.sleep(_HEARTBEAT_SECONDS)
        reflex_internals.renew_states(app, lambda token: socket(token) is not None)


@contextlib.asynccontextmanager
async def beating(app: rx.App) -> AsyncGenerator[None]:
    """Keep open tabs alive for as long as the application lives."""
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
    """Run a tab's watch to its end; restart it after a temporary failure, such as a restarting database.

    A watch reads everything when it starts, so nothing is missed in between.
    """
    pause = _SHORTEST_PAUSE
    while True:
        try:
            return await watch()
        except Exception as error:
            log.warning("A tab's watch failed; restarting it: %r", error, exc_info=pause == _SHORTEST_PAUSE)
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


_MAX_OWNERS: Final = 10_000
Identify = Callable[[str, dict[str, Any]], Awaitable[UUID | None]]
"""Returns who connects, from the ``Cookie`` header and the browser's stored State values; None for a stranger."""


class TabOwners:
    """The operators and visitors who own the States of tabs.

    Args:
        identify: Returns who connects.
        forget: Drops the State of a tab.
    """

    def __init__(self, identify: Identify, forget: Callable[[str], None] = forget) -> None:
        self._identify = identify
        self._forget = forget
        self._owners: dict[str, UUID] = {}

    async def receive(self, environ: dict[str, Any], auth: Any) -> None:
        """Drop the State of a connecting tab, unless the same owner reconnects.

        Args:
            environ: The websocket's WSGI environment.
            auth: What the page sends on connecting: its first event.
        """
        token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        if not token or socket(token):
            # A duplicated tab gets its own key from Reflex.
            return
        payload = _payload(auth)
        stored: Any = payload.get("vars")
        owner = await self._identify(environ.get("HTTP_COOKIE") or "", stored if isinstance(stored, dict) else {})
        # A newly loaded page sends the ``hashes`` of its build; a reconnecting one does not.
        if payload.get("hashes") or owner is None or self._owners.get(token) != owner:
            self._forget(token)
        self._owners.pop(token, None)
        if owner:
            self._owners[token] = owner
            if len(self._owners) > _MAX_OWNERS:
                # A tab without a known owner only has to load its State again.
                del self._owners[next(iter(self._owners))]


def _payload(auth: Any) -> dict[str, Any]:
    event: Any = auth.get(reflex_internals.CONNECT_EVENT) if isinstance(auth, dict) else None
    payload: Any = event.get("payload") if isinstance(event, dict) else None
    return payload if isinstance(payload, dict) else {}
