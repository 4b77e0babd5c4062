"""Whether a visitor is there: their page is open, or somebody asks for them over REST."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from vink_chat.conversations.model import Conversation, Visitor

# An open tab says so every minute, as does whoever asks over REST.
SEEN_WITHIN: Final = timedelta(minutes=5)


def is_there(seen_at: datetime, moment: datetime) -> bool:
    """Tell whether a visitor who was last seen at ``seen_at`` is still there at a moment."""
    return seen_at > moment - SEEN_WITHIN


def of_its_visitor(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say of a conversation that some conditions hold of its visitor."""
    return select(Visitor.id).where(col(Visitor.id) == col(Conversation.visitor_id), *conditions).exists()


def visitor_is_there(moment: datetime) -> ColumnElement[bool]:
    """Say of a conversation that its visitor is there at a moment."""
    return of_its_visitor(col(Visitor.seen_at) > moment - SEEN_WITHIN)
