"""Conversations that an operator has just finished and may still keep open."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import reflex as rx

from vink_chat import handover, operators
from vink_chat.components import button, icon, icon_button
from vink_chat.conversations import Conversation, queue, visitors
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.pages.desk.elements import seconds_left
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.views import EndingView, visitor_name
from vink_chat.pages.desk.words import speak

_SENTENCES: Final = {
    "ends": "разговор завершается",
    "keep_open": "Отменить",
    "goes_on": "разговор не завершён, он продолжается",
    "open": "Открыть",
}
speak(_SENTENCES)
t = DeskQueue.t


async def endings(
    tx: Transaction, asking: operators.SignedIn, shown: Sequence[EndingView], language: str
) -> list[EndingView]:
    """Return an operator's conversations that are about to end, and those ``shown`` before that continue after all."""
    before = {one["id"]: one for one in shown}
    found: list[EndingView] = []
    for conversation in await handover.held_by(tx, asking.id):
        if ends_at := conversation.ends_at:
            drawn = before.pop(str(conversation.id), None)
            known = drawn if drawn and drawn["ends_at"] == ends_at.isoformat() else None
            found.append(known or await _view(tx, conversation, ends_at, language))
    # It also continues if a colleague has taken it meanwhile.
    running = await queue.still_open(tx, [UUID(key) for key in before])
    return found + [EndingView(**{**one, "kept": True}) for key, one in before.items() if UUID(key) in running]


async def _view(tx: Transaction, conversation: Conversation, ends_at: datetime, language: str) -> EndingView:
    visitor = await visitors.get_row(tx, conversation.visitor_id)
    left = int((ends_at - now()).total_seconds())
    return EndingView(
        id=str(conversation.id),
        name=visitor_name(visitor.name, visitor.id, language),
        ends_at=ends_at.isoformat(),
        left=max(0, min(left, int(handover.UNDO.total_seconds()))),
        kept=False,
    )


def ending_bars(shown: list[EndingView], keep: Any, open_it: Any, forget: Any, *, classes: str) -> rx.Component:
    """One bar for each conversation, whichever is open; the browser counts the seconds."""

    def bar(one: EndingView) -> rx.Component:
        pending = rx.fragment(
            rx.el.p(
                rx.el.strong(one["name"], class_name="font-medium"),
                ": ",
                t["ends"],
                seconds_left(one["ends_at"], one["left"]),
                class_name="m-0 flex-1 min-w-0",
            ),
            button(t["keep_open"], on_click=keep(one["id"]), classes="px-4", custom_attrs={"data-keep-open": ""}),
        )
        goes_on = rx.fragment(
            rx.el.p(
                rx.el.strong(one["name"], class_name="font-medium"), ": ", t["goes_on"], class_name="m-0 flex-1 min-w-0"
            ),
            button(t["open"], on_click=open_it(one["id"]), classes="px-4"),
            icon_button(icon("close"), t["close"], on_click=forget(one["id"])),
        )
        return rx.el.div(
            rx.cond(one["kept"], goes_on, pending),
            key=one["id"],
            class_name="flex items-center gap-3 rounded-xl px-4 py-2 text-sm bg-(--surface) text-(--ink) border border-(--line)",
            custom_attrs={"data-ending": one["id"]},
        )

    return rx.el.div(
        rx.foreach(shown, bar),
        role="status",
        class_name=f"flex flex-col gap-2 empty:hidden {classes}",
    )
