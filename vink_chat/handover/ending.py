"""How a conversation ends, and what its visitor thinks of it then: stars, and a comment.

The end that its holder asked for comes some seconds later, so that they may think better of it. It stands in the
database, and the clock of whatever process lives carries it out: a tab that closes, or a server that starts again,
loses none. What the visitor or the holder says meanwhile takes it back, as does whoever moves the conversation
elsewhere; a note, contacts and a correction do not. Who leaves the shift lets it end at once.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import Author, Conversation, Reason, Status
from vink_chat.events import ConversationRated, ConversationSeen
from vink_chat.handover import store, waiting
from vink_chat.handover.actions import require_held
from vink_chat.handover.errors import BadRating, NewWords, NoOpenConversation, NotRated, StillOpen
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say

UNDO: Final = timedelta(seconds=5)
# A press in the last moment is still on its way.
_ON_ITS_WAY: Final = timedelta(seconds=1)


async def finish(tx: Transaction, conversation_id: UUID, operator_id: UUID) -> None:
    """End a conversation.

    Raises:
        NotYours: Somebody else holds it.
    """
    conversation = await require_held(tx, conversation_id, operator_id)
    await end(tx, conversation, Reason.FINISHED, operator_id=operator_id, name=conversation.operator_name)


async def end(
    tx: Transaction, conversation: Conversation, reason: Reason, *, operator_id: UUID | None = None, name: str = ""
) -> None:
    """Close a conversation and tell the visitor; the staff read beside it who ended it (the clock without a name)."""
    await waiting.retire_notice(tx, conversation)
    conversations.move(tx, conversation, Status.CLOSED, reason)
    text = say("Чат окончен.", conversation.language)
    await conversations.post(
        tx, conversation, Author.SYSTEM, text, author_name=name, operator_id=operator_id, reason=reason
    )


async def finish_soon(tx: Transaction, conversation_id: UUID, operator_id: UUID, position: int) -> None:
    """Let a conversation end once ``UNDO`` is over.

    Args:
        tx: The open transaction.
        conversation_id: Which one.
        operator_id: Who asks for it.
        position: Up to where its thread was drawn for them.

    Raises:
        NotYours: Somebody else holds it.
        NewWords: The visitor wrote something that was not drawn yet.
    """
    conversation = await require_held(tx, conversation_id, operator_id)
    if conversation.asked_position > position:
        raise NewWords
    conversation.ends_at = now() + UNDO + _ON_ITS_WAY
    tx.session.add(conversation)
    tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


async def keep_open(tx: Transaction, conversation_id: UUID, operator_id: UUID) -> None:
    """Let a conversation go on that was about to end.

    Raises:
        NoOpenConversation: It is over already.
        NotYours: Somebody else holds it.
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
    words = conversations.clean_text(text, conversations.LONGEST_COMMENT)
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
