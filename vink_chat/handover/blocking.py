"""Visitors who may not write any more, for a while or for good."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import Reason, Status, desk
from vink_chat.events import ConversationSeen
from vink_chat.handover.actions import end
from vink_chat.handover.errors import BadPeriod
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction

PERIODS: Final[dict[str, timedelta | None]] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "always": None,
}


async def block(
    tx: Transaction, conversation_id: UUID, operator_id: UUID, name: str, *, period: object, reason: object
) -> None:
    """Block the visitor of a conversation, and end the one they have now.

    Raises:
        BadPeriod: There is no such period.
        NotFound: There is no such conversation.
    """
    if not isinstance(period, str) or period not in PERIODS:
        raise BadPeriod
    length = PERIODS[period]
    conversation = await conversations.get(tx, conversation_id, lock=True)
    visitor = await desk.visitor(tx, conversation.visitor_id)
    visitor.blocked_at, visitor.blocked_until = now(), now() + length if length else None
    visitor.blocked_by, visitor.blocked_reason = name, conversations.line(reason, 200)
    tx.session.add(visitor)
    newest = await conversations.current(tx, conversation.visitor_id)
    if newest and newest.status is not Status.CLOSED:
        running = await conversations.get(tx, newest.id, lock=True)
        await end(tx, running, Reason.BLOCKED, operator_id=operator_id, name=name)
    tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


async def unblock(tx: Transaction, conversation_id: UUID) -> None:
    """Let the visitor of a conversation write again.

    Raises:
        NotFound: There is no such conversation.
    """
    conversation = await conversations.get(tx, conversation_id)
    visitor = await desk.visitor(tx, conversation.visitor_id)
    visitor.blocked_at = visitor.blocked_until = None
    visitor.blocked_by = visitor.blocked_reason = ""
    tx.session.add(visitor)
    tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))
