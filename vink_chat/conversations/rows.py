"""Read-only rows: the columns of the tables as plain tuples, much quicker to read than the tables' classes.

To change a row, read it as its table's class or call a verb that changes it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from vink_chat.conversations.model import Author, Conversation, Handoff, Message, QuickReply, Reason, Status, Visitor


class ConversationRow(NamedTuple):
    """A conversation at the moment it was read; ``Conversation`` documents the columns."""

    id: UUID
    visitor_id: UUID
    status: Status
    reason: Reason
    priority: int
    operator_id: UUID | None
    operator_name: str
    language: str
    channel: str
    page: str
    referrer: str
    campaign: str
    device: str
    asked_position: int
    answered_position: int
    asked_at: datetime
    visitor_read: int
    operator_read: int
    unsure_in_a_row: int
    assistant_turns: int
    last_text: str
    last_author: Author
    last_at: datetime
    created_at: datetime
    moved_at: datetime
    waiting_since: datetime | None
    alerted_at: datetime | None
    form_offered_at: datetime | None
    promised_at: datetime | None
    closed_at: datetime | None
    ends_at: datetime | None
    rating: int | None
    rating_comment: str
    question: str
    handoff: Handoff | None
    card: dict[str, Any] | None
    queue_notice_id: UUID | None
    callback_since: datetime | None
    led_by: UUID | None
    led_until: datetime | None
    offered_to: UUID | None
    offered_name: str
    offered_until: datetime | None


class MessageRow(NamedTuple):
    """A message at the moment it was read; ``Message`` documents the columns."""

    id: UUID
    conversation_id: UUID
    visitor_id: UUID
    position: int
    author: Author
    author_name: str
    operator_id: UUID | None
    text: str
    client_id: str | None
    note: bool
    sources: list[dict[str, str]]
    quick_replies: list[QuickReply]
    run_id: UUID | None
    quote_id: UUID | None
    quote: str
    unread_rest: bool
    reason: Reason
    created_at: datetime
    edited_at: datetime | None


class VisitorRow(NamedTuple):
    """A visitor at the moment they were read; ``Visitor`` documents the columns."""

    id: UUID
    secret_hash: str
    last_position: int
    name: str
    email: str
    phone: str
    language: str
    created_at: datetime
    seen_at: datetime
    blocked_at: datetime | None
    blocked_until: datetime | None
    blocked_by: str
    blocked_reason: str
    address: str
    shared_address: bool


class DialogueMessage(NamedTuple):
    """A message of a dialogue: only what a model needs to read it."""

    position: int
    author: Author
    text: str
    quick_replies: Sequence[QuickReply] = ()


AnyConversation = ConversationRow | Conversation
AnyMessage = MessageRow | Message
AnyVisitor = VisitorRow | Visitor
