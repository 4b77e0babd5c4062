"""How a conversation ends, and how its visitor then rates it: stars, and a comment.

When its holder finishes a conversation, it ends some seconds later, so that they can undo that. The moment is stored in
the database and any process ends it then, so closing a tab or restarting a server changes nothing. A message of the
visitor or the holder cancels the end, and so does a move; a note, contacts and a correction do not. If the holder
leaves the shift, it ends at once.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import Author, Conversation, NoOpenConversation, Reason, Status
from vink_chat.events import ConversationRated, ConversationSeen
from vink_chat.handover import store, waiting
from vink_chat.handover.actions import require_held
from vink_chat.handover.errors import BadRating, NewWords, NotRated, StillOpen
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say

UNDO: Final = timedelta(seconds=5)
# For an undo that was pressed at the last moment.
_UNDO_IN_TRANSIT: Final = timedelta(seconds=1)


async def finish(tx: Transaction, conversation_id: UUID, operator_id: UUID) -> None:
    """End a conversation at once.

    Raises:
        NotYours: The operator does not hold it.
    """
    conversation = await require_held(tx, conversation_id, operator_id)
    await end(tx, conversation, Reason.FINISHED, operator_id=operator_id, name=conversation.operator_name)


async def end(
    tx: Transaction, conversation: Conversation, reason: Reason, *, operator_id: UUID | None = None, name: str = ""
) -> None:
    """Close a conversation and tell the visitor; the staff also see who ended it (empty for the scheduler)."""
    await waiting.retire_notice(tx, conversation)
    conversations.move(tx, conversation, Status.CLOSED, reason)
    text = say("Чат окончен.", conversation.language)
    await conversations.post(
        tx, conversation, Author.SYSTEM, text, author_name=name, operator_id=operator_id, reason=reason
    )


async def finish_soon(tx: Transaction, conversation_id: UUID, operator_id: UUID, position: int) -> None:
    """End a conversation after ``UNDO``.

    Args:
        tx: The open transaction.
        conversation_id: The conversation.
        operator_id: Who finishes it.
        position: The position of the last message on their screen.

    Raises:
        NotYours: The operator does not hold it.
        NewWords: The visitor has written something that is not on the operator's screen yet.
    """
    conversation = await require_held(tx, conversation_id, operator_id)
    if conversation.asked_position > position:
        raise NewWords
    conversation.ends_at = now() + UNDO + _UNDO_IN_TRANSIT
    tx.session.add(conversation)
    tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


async def keep_open(tx: Transaction, conversation_id: UUID, operator_id: UUID) -> None:
    """Undo ``finish_soon``.

    Raises:
        NoOpenConversation: The conversation is closed already.
        NotYours: The operator does not hold it.
    """
    if (await conversations.get(tx, conversation_id, lock=True)).status is Status.CLOSED:
        raise NoOpenConversation
    conversation = await require_held(tx, conversation_id, operator_id)
    conversation.ends_at = None
    tx.session.add(conversation)
    tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


async def to_end(tx: Transaction) -> list[UUID]:
    """List the conversations whose end is due."""
    return await store.to_end(tx, now())


async def end_due(tx: Transaction, conversation_id: UUID) -> bool:
    """End a conversation whose end is due. Returns whether it was done now."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation.status is not Status.ATTENDED or not conversation.ends_at or conversation.ends_at > now():
        return False
    holder, name = conversation.operator_id, conversation.operator_name
    await end(tx, conversation, Reason.FINISHED, operator_id=holder, name=name)
    return True


async def rate(tx: Transaction, visitor_id: UUID, stars: object) -> None:
    """Save a visitor's rating of their last conversation.

    Raises:
        BadRating: Not one to five.
        Blocked: The visitor is blocked.
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
        Blocked: The visitor is blocked.
        EmptyMessage: It has no visible characters.
        LongMessage: It is longer than ``conversations.LONGEST_COMMENT`` characters.
        StillOpen: The visitor's conversation is not closed.
        NotRated: The visitor has given no stars yet.
    """
    conversation = await _ended(tx, visitor_id)
    if conversation.rating is None:
        raise NotRated
    comment = conversations.clean_text(text, conversations.LONGEST_COMMENT)
    if conversation.rating_comment != comment:
        await _record(tx, conversation, conversation.rating, comment)


async def _ended(tx: Transaction, visitor_id: UUID) -> Conversation:
    await conversations.require_unblocked(tx, visitor_id)
    conversation = await conversations.newest(tx, visitor_id, lock=True)
    if conversation is None or conversation.status is not Status.CLOSED:
        raise StillOpen
    return conversation


async def _record(tx: Transaction, conversation: Conversation, stars: int, comment: str) -> None:
    await conversations.record_rating(tx, conversation, stars, comment)
    tx.emit(ConversationRated(conversation.id, conversation.visitor_id))
