"""Who may not write now: visitors and addresses, until when, by whom, and letting them write again."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypedDict
from uuid import UUID

import reflex as rx

from vink_chat import handover, preferences
from vink_chat.conversations import BlockedAddress, Visitor
from vink_chat.kit import db
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.pages.desk.views import blocked_until_words, visitor_name
from vink_chat.pages.staff.signed_in import SignedIn, parse_id


class BlockedView(TypedDict):
    """One line of the list.

    Attributes:
        id: What ``unblock`` takes: the visitor's id, or the address.
        until: When the block ends, in words.
        about: By whom and why.
        href: The conversation it is about, or empty.
    """

    id: str
    name: str
    until: str
    about: str
    href: str


class BlockedDesk(SignedIn, rx.State):
    """The list of the blocked."""

    visitors: list[BlockedView] = []
    addresses: list[BlockedView] = []
    saved: str = ""

    @rx.event
    async def open(self):
        """List who is blocked."""
        self.saved, self.refusal = "", ""
        try:
            await self._admin()
        except VinkError as refusal:
            return self._refuse(refusal)
        await self._list()
        return None

    @rx.event
    async def unblock_visitor(self, visitor_id: str):
        """Let a visitor write again, and the address that was blocked with them."""
        return await self._do(lambda tx: handover.unblock_visitor(tx, parse_id(visitor_id)))

    @rx.event
    async def unblock_address(self, place: str):
        """Let an address write again."""
        return await self._do(lambda tx: handover.unblock_address(tx, place))

    async def _do(self, act: Callable[[Transaction], Awaitable[None]]):
        self.saved = ""
        try:
            await self._admin()
            async with db.transaction() as tx:
                await act(tx)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.saved, self.refusal = say("Разблокировано", self._language()), ""
        await self._list()
        return None

    async def _list(self) -> None:
        language = self._language()
        async with db.reading() as tx:
            blocked = await handover.blocked(tx)
        self.visitors = [_visitor(one, blocked.newest.get(one.id), language) for one in blocked.visitors]
        self.addresses = [_address(one, language) for one in blocked.addresses]


def _visitor(visitor: Visitor, conversation_id: UUID | None, language: str) -> BlockedView:
    return BlockedView(
        id=str(visitor.id),
        name=visitor_name(visitor.name, visitor.id, language),
        until=_until(visitor.blocked_until, language),
        about=_about(visitor.blocked_by, visitor.blocked_reason),
        href=f"/desk?conversation={conversation_id}" if conversation_id else "",
    )


def _address(block: BlockedAddress, language: str) -> BlockedView:
    return BlockedView(
        id=block.place,
        name=block.place,
        until=_until(block.blocked_until, language),
        about=_about(block.blocked_by, block.blocked_reason),
        href="",
    )


def _until(moment: datetime | None, language: str) -> str:
    return blocked_until_words(moment, language, preferences.current(preferences.Hours).zone, named=True)


def _about(by: str, reason: str) -> str:
    return " · ".join(part for part in (by, reason) if part)
