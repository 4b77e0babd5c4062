"""Blocked visitors and addresses: until when, by whom, why, and a button that unblocks them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

import reflex as rx

from vink_chat import handover, preferences
from vink_chat.components import button
from vink_chat.conversations import BlockedAddress, Visitor
from vink_chat.kit import db
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.pages.admin import parts
from vink_chat.pages.admin.frame import AdminFrame, frame
from vink_chat.pages.desk.views import blocked_until_words, visitor_name
from vink_chat.pages.shared.panels import form_feedback, panel
from vink_chat.pages.staff.signed_in import SignedIn, parse_id, shows_refusals


class BlockedView(TypedDict):
    """One line of the list.

    Attributes:
        id: What ``unblock`` takes: the visitor's id, or the address.
        until: When the block ends, in words.
        about: By whom and why.
        href: The conversation it came from, or empty.
    """

    id: str
    name: str
    until: str
    about: str
    href: str


class BlockedState(SignedIn, rx.State):
    """The lists of blocked visitors and addresses."""

    visitors: list[BlockedView] = []
    addresses: list[BlockedView] = []
    saved: str = ""

    @rx.event
    @shows_refusals
    async def open(self):
        """List blocked visitors and addresses."""
        self.saved, self.refusal = "", ""
        await self._admin()
        await self._list()

    @rx.event
    async def unblock_visitor(self, visitor_id: str):
        """Unblock a visitor, and the address that was blocked with them."""
        return await self._do(lambda tx: handover.unblock_visitor(tx, parse_id(visitor_id)))

    @rx.event
    async def unblock_address(self, place: str):
        """Unblock an address."""
        return await self._do(lambda tx: handover.unblock_address(tx, place))

    @shows_refusals
    async def _do(self, act: Callable[[Transaction], Awaitable[None]]):
        self.saved = ""
        await self._admin()
        async with db.transaction() as tx:
            await act(tx)
        self.saved, self.refusal = say("Разблокировано", self._language()), ""
        await self._list()

    async def _list(self) -> None:
        language = self._language()
        async with db.reading() as tx:
            blocked = await handover.blocked(tx)
        self.visitors = [_visitor(visitor, blocked.newest.get(visitor.id), language) for visitor in blocked.visitors]
        self.addresses = [_address(block, language) for block in blocked.addresses]


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


t = AdminFrame.t


def blocked() -> rx.Component:
    """The page of blocked visitors and addresses."""
    return frame(
        "blocked",
        _list("visitors", BlockedState.visitors, BlockedState.unblock_visitor),
        _list("addresses", BlockedState.addresses, BlockedState.unblock_address),
        rx.el.p(
            t["blocked_networks"],
            " ",
            rx.el.a(t["page_handover"], href="/admin/handover", class_name=parts.LINK),
            class_name=parts.SMALL,
        ),
        form_feedback(BlockedState),
    )


def _list(name: str, blocks: Any, unblock: Any) -> rx.Component:
    return panel(
        rx.fragment(t[f"blocked_{name}"], ": ", blocks.length()),
        rx.el.p(rx.cond(blocks.length() > 0, t[f"blocked_{name}_hint"], t["blocked_none"]), class_name=parts.SMALL),
        rx.el.ul(
            rx.foreach(blocks, lambda block: _line(block, unblock)),
            class_name="list-none m-0 p-0",
        ),
        custom_attrs={"data-blocked": name},
    )


def _line(block: BlockedView, unblock: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.cond(
                block["href"] != "",
                rx.el.a(block["name"], href=block["href"], class_name=parts.LINK + " wrap-anywhere"),
                rx.el.span(block["name"], class_name="wrap-anywhere"),
            ),
            rx.el.p(block["until"], class_name="m-0 text-sm text-(--bad)"),
            rx.el.p(block["about"], class_name=parts.SMALL + " wrap-anywhere"),
            class_name="flex-1 min-w-40",
        ),
        button(
            t["unblock"],
            on_click=unblock(block["id"]),
            classes="px-4 shrink-0",
            custom_attrs={"aria-label": t["unblock"] + ": " + block["name"]},
        ),
        key=block["id"],
        class_name="flex flex-wrap items-start gap-3 py-2.5 border-t border-(--line)",
    )
