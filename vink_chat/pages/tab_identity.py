"""The owner of a connecting tab: the operator of its session, or the visitor whose secret its browser keeps."""

import logging
from typing import Any, Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.pages.staff import cookie
from vink_chat.pages.staff.signed_in import recognised
from vink_chat.pages.visitor.state import VisitorChat
from vink_chat.web import reflex_internals

log = logging.getLogger(__name__)

_SECRET: Final = reflex_internals.field_name(f"{VisitorChat.get_full_name()}.secret")


async def identify(cookies: str, stored: dict[str, Any]) -> UUID | None:
    """Return the id of an operator or a visitor; None for a stranger.

    Args:
        cookies: The ``Cookie`` header.
        stored: What the browser's storage holds for the States.
    """
    return await _operator(cookie.token_in(cookies)) or _visitor(stored.get(_SECRET))


async def _operator(session: str) -> UUID | None:
    if not session:
        return None
    try:
        operator = await recognised(session, counts_as_activity=False)
    except Exception:
        log.exception("Could not determine the tab's owner; resetting its state")
        return None
    return operator.id if operator else None


def _visitor(secret: object) -> UUID | None:
    return conversations.visitor_id(secret) if conversations.is_secret(secret) else None
