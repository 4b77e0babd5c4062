"""The right column of the desk."""

from typing import Final

import reflex as rx

from vink_chat.components import button, choice, field, icon
from vink_chat.components.vars import length
from vink_chat.handover import PERIODS
from vink_chat.pages.desk.elements import CardInput, OverlayColumn, command_icon
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.thread import DeskThread
from vink_chat.pages.desk.words import speak

_SENTENCES: Final = {
    "email": "Почта",
    "phone": "Телефон",
    "saved": "Сохранено",
    "page": "Страница",
    "referrer": "Откуда пришёл",
    "campaign": "Реклама (UTM)",
    "device": "Устройство",
    "language": "Язык",
    "earlier": "Прошлые разговоры",
    "block": "Заблокировать…",
    "block_now": "Заблокировать",
    "unblock": "Разблокировать",
    "block_whom": "Кого",
    "block_visitor": "Посетителя",
    "block_address": "Посетителя и его адрес",
    "block_address_hint": "С закрытого адреса не сможет писать никто: в офисе или общей сети это несколько человек.",
    "block_for": "На сколько",
    "block_reason": "Причина (видят сотрудники)",
    "block_hint": "Разговор завершится, писать и звать специалиста посетитель не сможет.",
    "hour": "На час",
    "day": "На сутки",
    "week": "На неделю",
    "always": "Без срока",
}
speak(_SENTENCES)
t = DeskQueue.t
visitor = DeskThread.visitor


def visitor_column() -> rx.Component:
    """Who the visitor is, where they write from, and their earlier conversations."""
    return OverlayColumn.create(
        rx.cond(
            DeskThread.head["id"] != "",
            rx.fragment(
                rx.el.div(
                    rx.el.h2(t["visitor"], class_name="text-base font-semibold m-0 flex-1"),
                    rx.el.div(
                        command_icon(icon("close"), t["close"], runs="hide visitor"),
                        class_name="xl:hidden",
                    ),
                    class_name="flex items-center gap-2 min-h-11",
                ),
                _contacts(),
                rx.el.dl(
                    _fact(t["page"], visitor["page"]),
                    _fact(t["referrer"], visitor["referrer"]),
                    _fact(t["campaign"], visitor["campaign"]),
                    _fact(t["device"], visitor["device"]),
                    _fact(t["language"], visitor["language"]),
                    class_name="m-0 grid gap-2 text-sm",
                ),
                rx.cond(length(DeskThread.earlier) > 0, _earlier()),
                _blocking(),
            ),
        ),
        class_name="min-h-0 overflow-y-auto bg-(--surface) border-l border-(--line) p-4 flex flex-col gap-4 "
        "max-xl:not-data-shown:hidden max-xl:fixed max-xl:inset-y-0 max-xl:right-0 max-xl:z-10 max-xl:w-[min(22rem,100vw)] "
        "max-xl:shadow-(--shadow)",
        name="visitor",
        custom_attrs={"aria-label": t["visitor"]},
    )


def _contacts() -> rx.Component:
    """The card: each field is saved on blur, to the conversation it was rendered for."""
    return rx.el.div(
        *[_contact(name) for name in ("name", "email", "phone")],
        key=DeskThread.head["id"],
        class_name="flex flex-col gap-3",
    )


def _contact(name: str) -> rx.Component:
    told = DeskThread.described
    here = (told["id"] == DeskThread.head["id"]) & (told["field"] == name)
    saved = rx.cond(
        here & (told["wrong"] == ""),
        rx.el.span(
            "✓ ",
            t["saved"],
            custom_attrs={"data-saved": name},
            class_name="text-xs text-(--good)",
        ),
    )
    return rx.el.div(
        field(
            t[name],
            name,
            element=CardInput.create,
            conversation_id=DeskThread.head["id"],
            saved=visitor[name],
            described=told,
            on_describe=DeskThread.describe,
            wrong=rx.cond(here, told["wrong"], ""),
            auto_complete="off",
        ),
        rx.el.div(saved, role="status", class_name="absolute right-0 top-0"),
        class_name="relative",
    )


def _blocking() -> rx.Component:
    """Until when and by whom they are blocked, or the form to block them."""
    here = DeskThread.head["id"]
    return rx.cond(
        visitor["blocked"] != "",
        rx.el.div(
            rx.el.p(visitor["blocked"], class_name="m-0 text-sm text-(--bad) wrap-anywhere"),
            button(t["unblock"], on_click=DeskThread.unblock(here)),
            class_name="flex flex-col gap-2",
            custom_attrs={"data-blocked": ""},
        ),
        rx.el.details(
            rx.el.summary(t["block"], class_name="cursor-pointer text-sm min-h-9 content-center"),
            rx.el.form(
                rx.el.p(t["block_hint"], class_name="m-0 text-sm text-(--soft)"),
                rx.el.input(type="hidden", name="conversation", value=here, read_only=True),
                choice(
                    t["block_whom"],
                    "whom",
                    [
                        rx.el.option(t["block_visitor"], value="visitor"),
                        rx.el.option(t["block_address"], value="address", disabled=visitor["no_address"] != ""),
                    ],
                    hint=rx.cond(visitor["no_address"] != "", visitor["no_address"], t["block_address_hint"]),
                ),
                choice(t["block_for"], "period", [rx.el.option(t[one], value=one) for one in PERIODS]),
                field(t["block_reason"], "reason", max_length=200),
                button(t["block_now"], type="submit"),
                on_submit=DeskThread.block,
                class_name="flex flex-col gap-3 mt-2",
            ),
            key=here,
        ),
    )


def _fact(name: str, value: str) -> rx.Component:
    return rx.cond(
        value != "",
        rx.el.div(rx.el.dt(name, class_name="text-(--soft)"), rx.el.dd(value, class_name="m-0 wrap-anywhere")),
    )


def _earlier() -> rx.Component:
    return rx.el.div(
        rx.el.h3(t["earlier"], class_name="text-sm font-semibold m-0 mb-2"),
        rx.foreach(
            DeskThread.earlier,
            lambda one: rx.el.button(
                rx.el.span(one["time"], class_name="text-(--soft)"),
                rx.el.span(one["text"], class_name="truncate"),
                type="button",
                on_click=DeskThread.open(one["id"]),
                class_name="w-full flex gap-2 text-sm text-left py-1.5 cursor-pointer hover:bg-(--raised) rounded-lg px-2 -mx-2",
            ),
        ),
    )
