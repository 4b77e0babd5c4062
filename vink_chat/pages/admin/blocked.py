"""The blocked: visitors and addresses that may not write, until when, by whom."""

from typing import Any

import reflex as rx

from vink_chat.components import button
from vink_chat.pages.admin import parts
from vink_chat.pages.admin.blocked_state import BlockedDesk, BlockedView
from vink_chat.pages.admin.frame import frame
from vink_chat.pages.admin.frame_state import AdminFrame
from vink_chat.pages.shared.panels import form_feedback, panel

t = AdminFrame.t


def blocked() -> rx.Component:
    """The page of the blocked."""
    return frame(
        "blocked",
        _list("visitors", BlockedDesk.visitors, BlockedDesk.unblock_visitor),
        _list("addresses", BlockedDesk.addresses, BlockedDesk.unblock_address),
        rx.el.p(
            t["blocked_networks"],
            " ",
            rx.el.a(t["page_handover"], href="/admin/handover", class_name=parts.LINK),
            class_name=parts.SMALL,
        ),
        form_feedback(BlockedDesk),
    )


def _list(name: str, found: Any, unblock: Any) -> rx.Component:
    return panel(
        rx.fragment(t[f"blocked_{name}"], ": ", found.length()),
        rx.el.p(rx.cond(found.length() > 0, t[f"blocked_{name}_hint"], t["blocked_none"]), class_name=parts.SMALL),
        rx.el.ul(
            rx.foreach(found, lambda one: _line(one, unblock)),
            class_name="list-none m-0 p-0",
        ),
        custom_attrs={"data-blocked": name},
    )


def _line(one: BlockedView, unblock: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.cond(
                one["href"] != "",
                rx.el.a(one["name"], href=one["href"], class_name=parts.LINK + " wrap-anywhere"),
                rx.el.span(one["name"], class_name="wrap-anywhere"),
            ),
            rx.el.p(one["until"], class_name="m-0 text-sm text-(--bad)"),
            rx.el.p(one["about"], class_name=parts.SMALL + " wrap-anywhere"),
            class_name="flex-1 min-w-40",
        ),
        button(
            t["unblock"],
            on_click=unblock(one["id"]),
            classes="px-4 shrink-0",
            custom_attrs={"aria-label": t["unblock"] + ": " + one["name"]},
        ),
        key=one["id"],
        class_name="flex flex-wrap items-start gap-3 py-2.5 border-t border-(--line)",
    )
