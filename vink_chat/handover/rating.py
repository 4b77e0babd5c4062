"""What a visitor thinks of a conversation that is over: stars, and a comment."""

from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import Conversation, Status
from vink_chat.events import ConversationRated
from vink_chat.handover.errors import BadRating, NotRated, StillOpen
from vink_chat.kit.db import Transaction


async def rate(tx: Transaction, visitor_id: UUID, stars: object) -> None:
    """Keep a visitor's rating of the last conversation, once it is over.

    Raises:
        BadRating: Not one to five.
        Blocked: The visitor may not write.
        StillOpen: The visitor's conversation is not closed.
    """
    if not isinstance(stars, int) or isinstance(stars, bool) or not 1 <= stars <= 5:  # noqa: PLR2004  five stars
        raise BadRating
    conversation = await _ended(tx, visitor_id)
    if conversation.rating != stars:
        await _record(tx, conversation, stars, conversation.rating_comment)


async def comment(tx: Transaction, visitor_id: UUID, text: object) -> None:
    """Save a visitor's comment on their rating; it replaces an earlier one.

    Raises:
        BadMessage: It is not text.
        Blocked: The visitor may not write.
        EmptyMessage: It has no visible characters.
        LongMessage: It is longer than ``conversations.LONGEST_COMMENT`` characters.
        StillOpen: The visitor's conversation is not closed.
        NotRated: There are no stars yet.
    """
    conversation = await _ended(tx, visitor_id)
    if conversation.rating is None:
        raise NotRated
    words = conversations.clean(text, conversations.LONGEST_COMMENT)
    if conversation.rating_comment != words:
        await _record(tx, conversation, conversation.rating, words)


async def _ended(tx: Transaction, visitor_id: UUID) -> Conversation:
    await conversations.require_unblocked(tx, visitor_id)
    found = await conversations.newest(tx, visitor_id)
    if found is None:
        raise StillOpen
    conversation = await conversations.get(tx, found.id, lock=True)
    if conversation.status is not Status.CLOSED:
        raise StillOpen
    return conversation


async def _record(tx: Transaction, conversation: Conversation, stars: int, words: str) -> None:
    await conversations.record_rating(tx, conversation, stars, words)
    tx.emit(ConversationRated(conversation.id, conversation.visitor_id))
