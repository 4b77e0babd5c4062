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
