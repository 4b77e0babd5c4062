"""Blocking visitors and addresses, for a while or for good (ADR 0024)."""

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
_MAX_LISTED: Final = 500


@dataclass(frozen=True, slots=True)
class Block:
    """Until when (None: for good), by whom and why."""

    until: datetime | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """The visitors and addresses that are blocked now; ``newest`` is the last conversation of each visitor."""

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
    """Block the visitor of a conversation, and end their open conversation.

    Args:
        tx: The open transaction.
        conversation_id: The conversation.
        operator_id: Who blocks.
        name: Their name, shown to the staff.
        period: A key of ``PERIODS``.
        reason: Shown to the staff.
        address: Whether to block the visitor's last address too.
        admin: Whether an administrator blocks, who may also end a conversation that a colleague holds.

    Raises:
        BadPeriod: There is no such period.
        NotFound: There is no such conversation.
        AddressNotKept: The address is unknown.
        SharedAddress: The address is that of a proxy.
        HolderBlocks: A colleague who can answer now holds the open conversation.
    """
    if not isinstance(period, str) or period not in PERIODS:
        raise BadPeriod
    length = PERIODS[period]
    conversation = await conversations.get(tx, conversation_id, lock=True)
    visitor = await visitors.get(tx, conversation.visitor_id)
    made = Block(now() + length if length else None, name, conversations.one_line(reason, 200))
    if address:
        await _block_address(tx, visitor, made)
    visitor.blocked_at, visitor.blocked_until = now(), made.until
    visitor.blocked_by, visitor.blocked_reason = made.by, made.reason
    tx.session.add(visitor)
    running = await conversations.newest(tx, conversation.visitor_id, lock=True)
    if running and running.status is not Status.CLOSED:
        others = running.status is Status.ATTENDED and running.operator_id != operator_id
        if others and not await may_take_over(tx, running, operator_id, admin=admin):
            raise HolderBlocks(name=running.operator_name)
        await end(tx, running, Reason.BLOCKED, operator_id=operator_id, name=name)
    tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


async def _block_address(tx: Transaction, visitor: AnyVisitor, block: Block) -> None:
    if why_not := _why_no_address(visitor):
        raise why_not
    address = BlockedAddress(
        place=visitor.address,
        visitor_id=visitor.id,
        blocked_at=now(),
        blocked_until=block.until,
        blocked_by=block.by,
        blocked_reason=block.reason,
    )
    await visitors.block_address(tx, address)


def why_no_address(visitor: AnyVisitor, language: str) -> str:
    """Say why a visitor's address cannot be blocked; empty if it can."""
    refusal = _why_no_address(visitor)
    return refusal.say(language) if refusal else ""


def _why_no_address(visitor: AnyVisitor) -> VinkError | None:
    if not visitor.address:
        return AddressNotKept()
    return SharedAddress() if visitor.shared_address else None


async def unblock(tx: Transaction, conversation_id: UUID) -> None:
    """Unblock the visitor of a conversation, as ``unblock_visitor`` does.

    Raises:
        NotFound: There is no such conversation.
    """
    conversation = await conversations.get(tx, conversation_id)
    await unblock_visitor(tx, conversation.visitor_id)


async def unblock_visitor(tx: Transaction, visitor_id: UUID) -> None:
    """Unblock a visitor, and the addresses that were blocked with them.

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
    """Unblock an address; one that is not blocked is ignored."""
    await visitors.unblock_address(tx, conversations.one_line(place, 64))


async def block_of_address(tx: Transaction, visitor: AnyVisitor) -> Block | None:
    """Return the block of the address a visitor last wrote from, if any."""
    row = await visitors.block_of(tx, visitor.address)
    return Block(row.blocked_until, row.blocked_by, row.blocked_reason) if row else None


async def blocked(tx: Transaction) -> Blocked:
    """List the blocked visitors and addresses, last blocked first, at most 500 of each."""
    people = await visitors.blocked_visitors(tx, _MAX_LISTED)
    newest = await visitors.newest_conversations(tx, [visitor.id for visitor in people])
    return Blocked([*people], [*await visitors.blocked_addresses(tx, _MAX_LISTED)], newest)
