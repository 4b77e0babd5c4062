"""What operators do in a thread: reply, leave a note, correct a message, read."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat.conversations import actions, search, store
from vink_chat.conversations.errors import ConversationOver, NotYours, ShownAlready
from vink_chat.conversations.model import LONGEST_REPLY, Author, Conversation, Message, Status
from vink_chat.conversations.rows import AnyConversation, MessageRow
from vink_chat.conversations.text import clean_text, one_line, preview
from vink_chat.events import ConversationSeen, MessageChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import NotFound

_KEPT_AFTER_END: Final = timedelta(days=1)


async def reply(  # noqa: PLR0913  each is a fact of its own
    tx: Transaction,
    conversation_id: UUID,
    operator_id: UUID,
    operator_name: str,
    text: object,
    *,
    note: bool = False,
    client_id: object = None,
    quote: UUID | None = None,
) -> MessageRow:
    """Put an operator's words into a thread, once for each ``client_id``.

    Args:
        tx: The open transaction.
        conversation_id: The conversation.
        operator_id: Who writes.
        operator_name: Their name, as the visitor sees it.
        text: Up to 4,096 characters.
        note: For colleagues only. Any operator may leave one, whoever holds the conversation.
        client_id: The id the sender gave this message; a second call with it returns the first message.
        quote: A message of the same conversation that this one answers; any other id is ignored.

    Raises:
        NotYours: The text is not a note, and this operator does not hold the conversation.
        NotFound: There is no such conversation.
        EmptyMessage: Nothing visible was sent.
        LongMessage: More than 4,096 characters.
        BadMessage: It is not text.
    """
    body = clean_text(text, LONGEST_REPLY)
    conversation = await store.get(tx, conversation_id, lock=True)
    name = one_line(client_id, 64) or None
    before = await store.sent_before(tx, conversation.visitor_id, name) if name else None
    if before:
        if before.operator_id == operator_id:
            return before
        name = None
    if not note and not holds(conversation, operator_id):
        raise NotYours
    quoted = await _quotable(tx, conversation, quote, for_visitor=not note)
    if not note:
        # A reply keeps open a conversation that is about to end.
        conversation.ends_at = None
        tx.session.add(conversation)
        # An operator who replies has read the conversation, wherever they did so.
        await mark_read(tx, conversation_id, position=conversation.asked_position, by_operator=operator_id)
    return await actions.post(
        tx,
        conversation,
        Author.OPERATOR,
        body,
        author_name=operator_name,
        operator_id=operator_id,
        note=note,
        client_id=name,
        quote=quoted,
    )


async def edit(  # noqa: PLR0913  each is a fact of its own
    tx: Transaction,
    message_id: UUID,
    operator_id: UUID,
    text: object,
    *,
    note: bool = False,
    conversation_id: UUID | None = None,
    channel: str = "",
) -> Message:
    """Correct an operator's own note, or their own message while the conversation is open.

    Args:
        tx: The open transaction.
        message_id: The message.
        operator_id: Who corrects it.
        text: Up to 4,096 characters.
        note: Whether the new text is for colleagues only.
        conversation_id: The conversation the message was shown in, if known; in any other it is not found.
        channel: Where they correct it (``telegram``); empty in the browser.

    Raises:
        ShownAlready: A message to the visitor was to become a note.
        NotFound: There is no such message.
        NotYours: Somebody else wrote it.
        ConversationOver: The visitor was told it, and the conversation is closed.
        EmptyMessage: The text has no visible characters.
        LongMessage: More than 4,096 characters.
        BadMessage: It is not text.
    """
    body = clean_text(text, LONGEST_REPLY)
    message = await store.message(tx, message_id)
    if message is None or conversation_id not in {None, message.conversation_id}:
        raise NotFound
    if message.author is not Author.OPERATOR or message.operator_id != operator_id:
        raise NotYours
    if note and not message.note:
        raise ShownAlready
    if message.text == body:
        return message
    # Locked, so that a message posted at the same moment keeps its place as the last one.
    conversation = await store.get(tx, message.conversation_id, lock=True)
    if conversation.status is Status.CLOSED and not message.note:
        raise ConversationOver
    message.text, message.edited_at = body, now()
    tx.session.add(message)
    await search.index_message(tx, message.id, message.visitor_id, body)
    if not message.note and conversation.last_at == message.created_at:
        conversation.last_text = preview(message.author, body)
        tx.session.add(conversation)
    tx.emit(MessageChanged(message.conversation_id, message.visitor_id, message.id, channel))
    return message


async def mark_read(
    tx: Transaction,
    conversation_id: UUID,
    *,
    position: int,
    by_operator: UUID | None = None,
    by_visitor: bool = False,
) -> None:
    """Record how far an operator or the visitor has read. A mark never moves back, nor past the last message.

    Each operator has their own mark. The visitor is shown the mark of the operator who holds the conversation, or while
    nobody holds it, of any operator who reads it.
    """
    conversation = await store.get_row(tx, conversation_id)
    last = await store.last_position(tx, conversation_id)
    shown = by_operator is not None and conversation.operator_id in {None, by_operator}
    moved = False
    if by_operator is not None:
        moved = await store.mark_operator_read(tx, conversation_id, by_operator, min(position, last))
    for reads, mark in ((shown, "operator_read"), (by_visitor, "visitor_read")):
        reached = min(position, last)
        if reads and reached > getattr(conversation, mark):
            moved = await store.mark_read(tx, conversation_id, mark, reached) or moved
    if moved:
        tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


async def mark_all_read(tx: Transaction, conversation: AnyConversation, operator_id: UUID) -> None:
    """Record that an operator who takes a conversation has read all of it."""
    await store.mark_operator_read(tx, conversation.id, operator_id, conversation.asked_position)


async def mark_unread(tx: Transaction, conversation: AnyConversation, operator_id: UUID) -> None:
    """Make a conversation unread for an operator, even if they have opened it before."""
    await store.forget_read_mark(tx, conversation.id, operator_id)


async def forget_read_marks(tx: Transaction) -> int:
    """Delete the operators' read marks of conversations closed more than a day ago. Returns how many."""
    return await store.forget_read_marks(tx, now() - _KEPT_AFTER_END)


def holds(conversation: AnyConversation, operator_id: UUID) -> bool:
    """Tell whether an operator holds a conversation now."""
    return conversation.status is Status.ATTENDED and conversation.operator_id == operator_id


async def _quotable(
    tx: Transaction, conversation: Conversation, quote: UUID | None, *, for_visitor: bool
) -> Message | None:
    message = await store.message(tx, quote) if quote else None
    if message is None or message.conversation_id != conversation.id or (for_visitor and message.note):
        return None
    return message
