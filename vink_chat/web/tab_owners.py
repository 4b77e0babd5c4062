"""To whom a tab's State belongs. Whoever uses the tab next finds nothing of its former owner in it.

Reflex keeps the State of a closed tab for a while, under a key in the browser's session storage, and sends the whole of
it to whoever connects with that key, before any handler asks who that is.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID

from vink_chat.web import reflex_internals, tabs

_MOST: Final = 10_000
Identify = Callable[[str, dict[str, Any]], Awaitable[UUID | None]]
"""Says who connects, by the ``Cookie`` header and what the browser stores for the States; None for a stranger."""


class TabOwners:
    """The operators and visitors to whom the States of tabs belong, by their ids.

    Args:
        identify: Says who connects.
        forget: Drops the State of a tab.
    """

    def __init__(self, identify: Identify, forget: Callable[[str], None] = tabs.forget) -> None:
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
        if not token or tabs.socket(token):
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
