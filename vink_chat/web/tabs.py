"""A tab listens, the database is read.

A page's ``on_load`` says who is asking and returns the State's ``watch``: one background event a tab that waits for
signals and redraws. Reflex cancels it with the tab, because it was started from ``on_load``.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import reflex as rx
from reflex.state import StateUpdate

log = logging.getLogger(__name__)

_BEAT = 60.0
_app: rx.App | None = None


def socket(token: str) -> str | None:
    """Return the id of a tab's socket; None when it has gone, or before the application is open."""
    namespace = _app.event_namespace if _app else None
    if namespace is None:
        return None
    # Not ``token_to_sid``: it makes a table of all tabs each time.
    record = namespace._token_manager.token_to_socket.get(token)  # noqa: SLF001  Reflex has no public door to it
    # A record may outlive its socket.
    return record.sid if record and namespace.sid_to_token.get(record.sid) == token else None


def forget(token: str) -> None:
    """Drop the State of a tab without a socket; its next event meets a blank one."""
    manager = _app._state_manager if _app else None  # noqa: SLF001  as below
    held = getattr(manager, "_token_expires_at", {}).get(token)
    if held:
        manager._purge_token(held[1])  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess]  # noqa: SLF001


async def emit(update: StateUpdate, sockets: list[str]) -> None:
    """Send one frame to some sockets."""
    if _app and _app.event_namespace:
        await _app.event_namespace.emit("event", update, room=sockets)


_SHORTEST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


async def keep_open_tabs(app: rx.App) -> None:
    """Keep the States of connected tabs from expiring: one timer for the whole process.

    Without it an idle tab's State would be forgotten after five minutes, and its next event would meet a blank one.
    """
    while True:
        await asyncio.sleep(_BEAT)
        namespace, manager = app.event_namespace, app._state_manager  # noqa: SLF001  Reflex has no public door to them
        if namespace is None or manager is None:
            continue
        deadlines: dict[str, Any] = getattr(manager, "_token_expires_at", {})
        for key in list(deadlines):
            token = deadlines[key][1]
            if socket(getattr(token, "ident", key.split("/")[0])):
                manager._track_token(token)  # noqa: SLF001


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
            log.warning("A tab's watch broke off and begins again: %r", error, exc_info=pause == _SHORTEST_PAUSE)
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
