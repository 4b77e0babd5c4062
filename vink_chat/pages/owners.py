"""Whose a tab's State is. Whoever uses the tab next finds nothing of the one before in it.

Reflex keeps the State of a tab that has gone for a while, under a key in the browser's session storage, and sends the whole
of it to whoever connects with that key, before any handler asks who that is.
"""

import logging
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID

from reflex.constants import CompileVars
from reflex_base.constants.state import FIELD_MARKER

from vink_chat import conversations
from vink_chat.pages import live
from vink_chat.pages.staff import cookie
from vink_chat.pages.staff.signed_in import recognised
from vink_chat.pages.visitor.state import VisitorChat

log = logging.getLogger(__name__)

_MOST: Final = 10_000
_SECRET: Final = f"{VisitorChat.get_full_name()}.secret{FIELD_MARKER}"


class Owners:
    """The operators and visitors to whom the States of tabs belong, by their ids."""

    def __init__(self, forget: Callable[[str], None] = live.forget) -> None:
        self._forget = forget
        self._owners: dict[str, UUID] = {}

    async def receive(self, environ: dict[str, Any], auth: Any) -> None:
        """Forget what is kept of a tab that connects, unless it goes on where it was, for the same person.

        Args:
            environ: Of the websocket.
            auth: What the page sends along: its first event.
        """
        token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        if not token or live.socket(token):
            # Reflex gives a copied tab a key of its own.
            return
        told = _told(auth)
        whose = await _signed_in(cookie.token_in(environ.get("HTTP_COOKIE"))) or _visitor(told)
        if told.get("hashes") or whose is None or self._owners.get(token) != whose:
            self._forget(token)
        self._owners.pop(token, None)
        if whose:
            self._owners[token] = whose
            if len(self._owners) > _MOST:
                # Without an owner a tab begins again: nothing is lost but a moment.
                del self._owners[next(iter(self._owners))]


async def _signed_in(session: str) -> UUID | None:
    if not session:
        return None
    try:
        found = await recognised(session, acts=False)
    except Exception:
        log.exception("Whose a tab is could not be read; it begins again")
        return None
    return found.id if found else None


def _visitor(told: dict[str, Any]) -> UUID | None:
    kept: Any = told.get("vars")
    secret: object = kept.get(_SECRET) if isinstance(kept, dict) else None
    return conversations.visitor_id(secret) if conversations.is_secret(secret) else None


def _told(auth: Any) -> dict[str, Any]:
    """Return what a page says of itself: one that was just loaded names what it was built with, in ``hashes``."""
    event: Any = auth.get(CompileVars.CONNECT_AUTH_EVENT) if isinstance(auth, dict) else None
    payload: Any = event.get("payload") if isinstance(event, dict) else None
    return payload if isinstance(payload, dict) else {}
