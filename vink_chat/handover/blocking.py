"""Visitors and addresses that may not write any more, for a while or for good (ADR 0024)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import AnyVisitor, BlockedAddress, Reason, Status, Visitor, visitors
from vink_chat.events import ConversationSeen
from vink_chat.handover.actions import may_take_over
from vink_chat.handover.ending import end
from vink_chat.handover.errors import AddressNotKept, BadPeriod, HolderBlocks, SharedAddress
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError

PERIODS: Final[dict[str, timedelta | None]] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "always": None,
}
_MOST_LISTED: Final = 500


@dataclass(frozen=True, slots=True)
class Block:
    """Until when (nothing: for good), by whom and why."""

    until: datetime | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """Who may not write now; ``newest`` is the last conversation of each of the visitors."""

    visitors: list[Visitor]
    addresses: list[BlockedAddress]
    newest: dict[UUID, UUID]


async def block(  # noqa: PLR0913  each is a field of the form
    tx: Transaction,
    conversation_id: UUID,
    operator_id: UUID,
    name: str,
    *,
    period: object,
    reason: object,
    address: bool = False,
    admin: bool = False,
) -> None:
    """Block the visitor of a conversation, and end the one they have now.

    Args:
        tx: The open transaction.
        conversation_id: Whose visitor.
        operator_id: Who blocks.
        name: Their name, for the staff to read.
        period: A key of ``PERIODS``.
        reason: For the staff to read.
        address: Whether nobody may write from the visitor's last address either.
        admin: Whether an administrator asks, who may end the conversation of a colleague.

    Raises:
        BadPeriod: There is no such period.
        NotFound: There is no such conversation.
        AddressNotKept: The address is not known.
        SharedAddress: The address is that of a proxy.
        HolderBlocks: A colleague who can answer now holds the conversation.
    """
    if not isinstance(period, str) or period not in PERIODS:
        raise BadPeriod
    length = PERIODS[period]
    conversation = await conversations.get(tx, conversation_id, lock=True)
    visitor = await visitors.get(tx, conversation.visitor_id)
    found = Block(now() + length if length else None, name, conversations.one_line(reason, 200))
    if address:
        await _block_address(tx, visitor, found)
    visitor.blocked_at, visitor.blocked_until = now(), found.until
    visitor.blocked_by, visitor.blocked_reason = found.by, found.reason
    tx.session.add(visitor)
    newest = await conversations.newest(tx, conversation.visitor_id)
    if newest and newest.status is not Status.CLOSED:
        running = await conversations.get(tx, newest.id, lock=True)
        others = running.status is Status.ATTENDED and running.operator_id != operator_id
        if others and not await may_take_over(tx, running, operator_id, admin=admin):
            raise HolderBlocks(name=running.operator_name)
        await end(tx, running, Reason.BLOCKED, operator_id=operator_id, name=name)
    tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


async def _block_address(tx: Transaction, visitor: AnyVisitor, found: Block) -> None:
    if why_not := _why_no_address(visitor):
        raise why_not
    made = BlockedAddress(
        place=visitor.address,
        visitor_id=visitor.id,
        blocked_at=now(),
        blocked_until=found.until,
        blocked_by=found.by,
        blocked_reason=found.reason,
    )
    await visitors.block_address(tx, made)


def why_no_address(visitor: AnyVisitor, language: str) -> str:
    """Say why a visitor cannot be blocked with their address; nothing when they can."""
    refusal = _why_no_address(visitor)
    return refusal.say(language) if refusal else ""


def _why_no_address(visitor: AnyVisitor) -> VinkError | None:
    if not visitor.address:
        return AddressNotKept()
    return SharedAddress() if visitor.shared_address else None


async def unblock(tx: Transaction, conversation_id: UUID) -> None:
    """Let the visitor of a conversation write again, as ``unblock_visitor`` does.

    Raises:
        NotFound: There is no such conversation.
    """
    conversation = await conversations.get(tx, conversation_id)
    await unblock_visitor(tx, conversation.visitor_id)


async def unblock_visitor(tx: Transaction, visitor_id: UUID) -> None:
    """Let a visitor write again, and everybody from the addresses that were blocked with them.

    Raises:
        NotFound: There is no such visitor.
    """
    visitor = await visitors.get(tx, visitor_id)
    visitor.blocked_at = visitor.blocked_until = None
    visitor.blocked_by = visitor.blocked_reason = ""
    tx.session.add(visitor)
    await visitors.unblock_addresses_of(tx, visitor)
    if newest := await conversations.newest(tx, visitor_id):
        tx.emit(ConversationSeen(newest.id, visitor_id))


async def unblock_address(tx: Transaction, place: object) -> None:
    """Let an address write again; one that is not blocked is passed over."""
    await visitors.unblock_address(tx, conversations.one_line(place, 64))


async def block_of_address(tx: Transaction, visitor: AnyVisitor) -> Block | None:
    """Return the block of the address a visitor wrote from last, if there is one."""
    found = await visitors.block_of(tx, visitor.address)
    return Block(found.blocked_until, found.blocked_by, found.blocked_reason) if found else None


async def blocked(tx: Transaction) -> Blocked:
    """List who may not write now, visitors and addresses, the last blocked first, at most 500 of each."""
    people = await visitors.blocked_visitors(tx, _MOST_LISTED)
    newest = await visitors.newest_conversations(tx, [visitor.id for visitor in people])
    return Blocked([*people], [*await visitors.blocked_addresses(tx, _MOST_LISTED)], newest)
