"""A tab listens, the database is read.

A page's ``on_load`` says who is asking and returns the State's ``watch``: one background event a tab that waits for
signals and redraws. Reflex cancels it with the tab, because it was started from ``on_load``.
"""

import asyncio
import contextlib
import logging
from typing import Any

import reflex as rx

log = logging.getLogger(__name__)

_BEAT = 600.0


async def keep_open_tabs(app: rx.App) -> None:
    """Keep the States of connected tabs from expiring: one timer for the whole process.

    Without it an idle tab's State would be forgotten after an hour, and its next event would meet a blank one.
    """
    while True:
        await asyncio.sleep(_BEAT)
        namespace, manager = app.event_namespace, app._state_manager  # noqa: SLF001  Reflex has no public door to them
        if namespace is None or manager is None:
            continue
        deadlines: dict[str, Any] = getattr(manager, "_token_expires_at", {})
        for key in list(deadlines):
            token = deadlines[key][1]
            if getattr(token, "ident", key.split("/")[0]) in namespace.token_to_sid:
                manager._track_token(token)  # noqa: SLF001


@contextlib.asynccontextmanager
async def beating(app: rx.App):
    """Run the beat for as long as the application lives."""
    task = asyncio.create_task(keep_open_tabs(app))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
