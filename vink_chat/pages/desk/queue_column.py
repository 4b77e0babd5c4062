"""The left column of the desk."""

from typing import Any, Final

import reflex as rx

from vink_chat.components import button, icon, post_form
from vink_chat.components.fields import BOX
from vink_chat.components.vars import contains, length, negate
from vink_chat.conversations import Status
from vink_chat.conversations.queue import QueueTab
from vink_chat.operators import Presence
from vink_chat.pages.desk.conversation import ROW, queue_row
from vink_chat.pages.desk.elements import CommandButton, Menu, RowList, SearchField, command_button
from vink_chat.pages.desk.ending import ending_bars
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.searching import HitView
from vink_chat.pages.desk.thread import DeskThread
from vink_chat.pages.desk.views import RowView
from vink_chat.pages.desk.words import speak

_SENTENCES: Final = {
    "queue": "Очередь",
    "waiting": "Ожидают",
    "callback": "Перезвонить",
    "mine": "Мои",
    "all": "Все",
    "closed": "Закрытые",
    "search": "Поиск",
    "more": "Показать ещё",
    "unfiltered": "Показать все",
    "empty": "Здесь пока пусто",
    "empty_callback": "Перезванивать никому не нужно",
    "hits": "Найденное",
    "not_found": "Ничего не найдено. Искали во всех разговорах: в сообщениях, именах и контактах.",
    "new_tab": " (в новой вкладке)",
    "name": "Имя",
    "here": "На месте",
    "away": "Отошёл",
    "off": "Не на смене",
    "presence": "Статус",
    "off_shift": "Вы не на смене: новые разговоры вам не приходят.",
    "begin_shift": "Начать смену",
    "here_again": "Я на месте",
    "sign_out": "Выйти",
    "admin": "Настройки",
    "account": "Моя учётная запись",
    "menu": "Меню",
    "sound": "Проверить звук и уведомления",
    "unread": "Непрочитанное",
    "mute": "Без звука 30 минут",
    "unmute": "Включить звук",
    "muted": "Звук выключен до",
}
speak(_SENTENCES)
t = DeskQueue.t
# At most a thousand of each status are counted.
_MAX_COUNT: Final = 999
_LINK: Final = "flex items-center min-h-11 px-3 rounded-xl text-[.9375rem] font-medium hover:bg-(--raised)"
_LIST: Final = "list-none m-0 p-0 flex-1 min-h-0 overflow-y-auto"
_NOTHING: Final = "m-0 p-6 text-center text-(--soft) flex-[10]"
_ITEM: Final = "w-full px-3 justify-start! text-left"


def queue_column() -> rx.Component:
    """The operator, the tabs with their counters, and the rows."""
    return rx.el.aside(
        _me(),
        rx.cond(DeskQueue.presence == Presence.OFF.value, _not_here(t["off_shift"], t["begin_shift"])),
        rx.cond(DeskQueue.lost != "", _not_here(DeskQueue.lost, t["here_again"])),
        rx.cond(DeskQueue.muted_until != "", _muted()),
        _boxes(),
        rx.cond(
            DeskQueue.filtered != "",
            rx.el.p(
                rx.el.span(DeskQueue.filtered, class_name="truncate"),
                rx.el.a(
                    icon("close"),
                    href="/desk/",
                    class_name="grid place-items-center size-9 shrink-0 rounded-full text-(--ink) hover:bg-(--raised)",
                    custom_attrs={"aria-label": t["unfiltered"], "title": t["unfiltered"]},
                ),
                class_name="mx-3 mt-0 mb-2 pl-3 w-fit max-w-[calc(100%-1.5rem)] flex items-center gap-1 rounded-full "
                "border border-(--line) text-sm",
                custom_attrs={"data-filtered": ""},
            ),
        ),
        SearchField.create(
            rx.el.div(
                rx.cond(DeskQueue.summary != "", rx.el.p(DeskQueue.summary, class_name="m-0 mt-1.5")),
                rx.cond(DeskQueue.indexing != "", rx.el.p(DeskQueue.indexing, class_name="m-0 mt-1.5 text-(--warn)")),
                class_name="text-sm text-(--soft)",
                role="status",
            ),
            placeholder=t["search"],
            on_search=DeskQueue.search,
            class_name=BOX,
            form_class="px-3 pb-3",
            custom_attrs={"aria-label": t["search"]},
        ),
        rx.cond(DeskQueue.searched != "", _hits(), _rows()),
        ending_bars(
            DeskThread.endings, DeskThread.keep_open, DeskThread.open, DeskThread.forget_ending, classes="m-3 shrink-0"
        ),
        class_name="min-h-0 flex flex-col bg-(--surface) md:border-r border-(--line) max-md:group-[:not([data-open=''])]/desk:hidden",
    )


def _rows() -> rx.Component:
    return rx.fragment(
        RowList.create(
            rx.foreach(DeskQueue.order, _placed),
            class_name=_LIST,
            custom_attrs={"aria-label": t["queue"]},
        ),
        rx.cond(
            length(DeskQueue.order) == 0,
            rx.el.p(
                rx.cond(DeskQueue.box == QueueTab.CALLBACK.value, t["empty_callback"], t["empty"]), class_name=_NOTHING
            ),
        ),
        rx.cond(DeskQueue.more, button(t["more"], on_click=DeskQueue.show_more, classes="m-3 px-4")),
    )


def _hits() -> rx.Component:
    return rx.fragment(
        RowList.create(
            rx.foreach(DeskQueue.hits, _hit),
            class_name=_LIST,
            custom_attrs={"aria-label": t["hits"]},
        ),
        rx.cond(length(DeskQueue.hits) == 0, rx.el.p(t["not_found"], class_name=_NOTHING)),
        rx.cond(DeskQueue.more_hits, button(t["more"], on_click=DeskQueue.show_more_hits, classes="m-3 px-4")),
    )


def _hit(hit: HitView) -> rx.Component:
    """One message that was found, with the searched words marked."""
    words = rx.foreach(
        hit["pieces"],
        lambda piece: rx.cond(
            piece["marked"],
            rx.el.mark(piece["text"], class_name="bg-(--badge) text-(--ink) font-medium rounded-sm"),
            rx.el.span(piece["text"]),
        ),
    )
    return rx.el.li(
        CommandButton.create(
            rx.el.span(
                rx.el.span(hit["name"], class_name="font-medium truncate flex-1 text-left"),
                rx.el.span(hit["time"], class_name="text-xs text-(--soft) shrink-0"),
                class_name="flex items-baseline gap-2 w-full",
            ),
            rx.el.span(words, class_name="text-sm text-(--soft) w-full text-left line-clamp-3 wrap-anywhere"),
            rx.el.span(
                rx.el.span(hit["status_word"], class_name="shrink-0"),
                rx.cond(hit["who"] != "", rx.el.span("· ", hit["who"], class_name="truncate")),
                class_name="flex gap-1 text-xs text-(--soft) w-full whitespace-nowrap",
            ),
            type="button",
            value=hit["id"],
            # If the conversation is open already, this scrolls to the message.
            runs="reveal",
            subject=hit["message"],
            on_click=DeskThread.open_at(hit["id"], hit["message"]),
            class_name=ROW,
            custom_attrs={
                "data-row": hit["id"],
                "aria-current": rx.cond(
                    (DeskThread.head["id"] == hit["id"]) & (DeskThread.marked == hit["message"]), "true", "false"
                ),
            },
        ),
        key=hit["key"],
        class_name="border-b border-(--line)",
    )


def _elsewhere(name: Any, address: str) -> rx.Component:
    """A link to another page in a new browser tab: the desk stays open, and its operator on shift."""
    mark = rx.el.span("↗", class_name="ml-auto text-(--soft)", custom_attrs={"aria-hidden": "true"})
    hint = rx.el.span(t["new_tab"], class_name="visually-hidden")
    return rx.el.a(name, hint, mark, href=address, target="_blank", rel="noopener", class_name=_LINK)


def _me() -> rx.Component:
    return rx.el.div(
        rx.el.h2(DeskQueue.me, class_name="text-base font-semibold m-0 truncate flex-1"),
        rx.el.select(
            rx.el.option(t["here"], value="here"),
            rx.el.option(t["away"], value="away"),
            rx.el.option(t["off"], value="off"),
            value=DeskQueue.presence,
            on_change=DeskQueue.set_presence,
            class_name="rounded-xl border border-(--line) bg-(--surface) text-(--ink) min-h-10 px-2 text-sm",
            custom_attrs={"aria-label": t["presence"]},
        ),
        Menu.create(
            rx.el.summary(
                "⋯",
                class_name="size-10 grid place-items-center rounded-xl hover:bg-(--raised) cursor-pointer list-none",
                custom_attrs={"aria-label": t["menu"], "title": t["menu"]},
            ),
            rx.el.div(
                rx.cond(DeskQueue.admin, _elsewhere(t["admin"], "/admin")),
                _elsewhere(t["account"], "/account"),
                command_button(t["sound"], look="quiet", classes=_ITEM, runs="try alerts"),
                button(
                    rx.cond(DeskQueue.muted_until != "", t["unmute"], t["mute"]),
                    look="quiet",
                    on_click=DeskQueue.switch_mute,
                    classes=_ITEM,
                ),
                command_button(t["help"], look="quiet", classes=_ITEM, runs="help"),
                post_form(
                    button(t["sign_out"], look="quiet", type="submit", classes=_ITEM),
                    action="/auth/sign-out",
                ),
                class_name="absolute right-0 top-11 z-10 w-max max-w-[80vw] p-2 flex flex-col rounded-xl bg-(--surface) border border-(--line) shadow-(--shadow)",
            ),
            class_name="relative",
        ),
        class_name="flex items-center gap-2 px-3 py-3",
    )


def _not_here(why: Any, come: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(why, class_name="m-0 flex-1"),
        button(come, look="brand", on_click=DeskQueue.set_presence(Presence.HERE.value), classes="px-3"),
        class_name="mx-3 mb-3 p-3 flex items-center gap-3 rounded-xl bg-(--badge) text-(--ink) text-sm",
        custom_attrs={"data-off-shift": ""},
    )


def _muted() -> rx.Component:
    return rx.el.div(
        rx.el.p(t["muted"], " ", DeskQueue.muted_text, class_name="m-0 flex-1"),
        button(t["unmute"], on_click=DeskQueue.switch_mute, classes="px-3"),
        class_name="mx-3 mb-3 px-3 py-2 flex items-center gap-3 rounded-xl border border-(--line) text-sm",
        custom_attrs={"data-silent": ""},
    )


def _boxes() -> rx.Component:
    return rx.el.div(
        *[_box(box) for box in QueueTab],
        role="group",
        class_name="grid grid-cols-[auto_auto_1fr_1fr_auto] gap-1 px-3 pb-3",
        custom_attrs={"aria-label": t["queue"]},
    )


def _box(box: QueueTab) -> rx.Component:
    chosen = (DeskQueue.box == box.value) & (DeskQueue.searched == "") & (DeskQueue.filtered == "")
    background: Any = rx.cond(chosen, "bg-(--badge)", "hover:bg-(--raised)")
    count = DeskQueue.counts[box.value]
    return CommandButton.create(
        rx.el.span(
            rx.cond(count > _MAX_COUNT, f"{_MAX_COUNT}+", count),
            _unread_count() if box is QueueTab.MINE else None,
            class_name="text-base font-semibold tabular-nums flex items-center gap-1",
        ),
        rx.el.span(t[box.value], class_name="text-[.6875rem]"),
        type="button",
        runs="leave search",
        on_click=DeskQueue.show(box.value),
        class_name=background.to(str)
        + " flex flex-col items-center rounded-xl px-1 py-1.5 min-h-12 cursor-pointer leading-tight",
        custom_attrs={"aria-pressed": rx.cond(chosen, "true", "false"), "data-box": box.value},
    )


def _unread_count() -> rx.Component:
    """How many of the operator's conversations have news."""
    count = length(DeskQueue.unread)
    return rx.cond(
        count > 0,
        rx.el.span(
            rx.el.span(", ", t["unread"], " ", class_name="visually-hidden"),
            count,
            class_name="min-w-5 px-1 rounded-full bg-(--bad) text-(--surface) text-xs leading-5 text-center",
            custom_attrs={"data-own-unread": count},
        ),
    )


def _placed(number: str) -> rx.Component:
    row: Any = rx.cond(contains(DeskQueue.fresh, number), DeskQueue.fresh[number], DeskQueue.base[number])
    view: RowView = row
    # A dot marks what needs attention: unread waiting conversations, and news in the operator's own.
    waits = (view["status"] == Status.WAITING.value) & negate(contains(DeskQueue.quiet, number))
    drawn = queue_row(
        row=row,
        current=DeskThread.head["id"] == number,
        unread=waits | contains(DeskQueue.unread, number),
        unread_word=t["unread"],
        units=t["units"],
    )
    return rx.fragment(drawn, key=number)
