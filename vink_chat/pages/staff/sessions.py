"""Where an operator is signed in, as that operator and the administrators see it."""

from typing import TypedDict
from uuid import UUID

from vink_chat import operators
from vink_chat.pages.shared.formats import device, when


class Session(TypedDict):
    """One signed-in browser.

    Attributes:
        here: Whether it is the viewer's own session.
    """

    id: str
    device: str
    seen: str
    here: bool


def session_view(view: operators.SessionView, language: str, asking: UUID | None = None) -> Session:
    """Format a session for display; ``asking`` is the viewer's own session."""
    where = " · ".join(part for part in (device(view.user_agent) or "—", view.address) if part)
    return Session(id=str(view.id), device=where, seen=when(view.seen_at, language), here=view.id == asking)
