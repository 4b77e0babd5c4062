"""The desk: three columns on a wide screen, one at a time on a phone."""

from typing import Final

import reflex as rx

from vink_chat.components import button, icon, icon_button
from vink_chat.pages.desk.conversation import ACT_KEYS
from vink_chat.pages.desk.elements import Alerts, CommandDialog, DeskHistory, Shortcuts
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.queue_column import queue_column
from vink_chat.pages.desk.thread import DeskThread
from vink_chat.pages.desk.thread_column import thread_column
from vink_chat.pages.desk.views import NewsView
from vink_chat.pages.desk.visitor_column import visitor_column
from vink_chat.pages.desk.words import speak
from vink_chat.web.reflex_internals import has_connection_errors

_SENTENCES: Final = {
    "desk": "Рабочее место оператора",
    "by_turns": "По очереди вверх и вниз",
    "do_open": "Открыть разговор",
    "correct_last": "В пустом поле: изменить своё последнее",
    "this_help": "Эта подсказка",
    "news": "Новое в ваших разговорах",
    "offline": "Нет связи. Подключаемся…",
    "alert": "Посетитель ждёт специалиста",
}
speak(_SENTENCES)
t = DeskQueue.t
_TOASTS: Final = 3
# Letters also work by the same key on a Russian keyboard.
_KEYS: Final = (
    ("↑ ↓", "by_turns"),
    ("Enter", "do_open"),
    *((act.key, act.name) for act in ACT_KEYS),
    ("/", "canned"),
    (".", "reply"),
    ("↑", "correct_last"),
    ("?", "this_help"),
)


def desk() -> rx.Component:
    """The operators' page."""
    return rx.el.main(
        rx.el.h1(t["desk"], class_name="visually-hidden"),
        connection(),
        queue_column(),
        thread_column(),
        visitor_column(),
        alerts(),
        toasts(),
        shortcuts(),
        DeskHistory.create(open_id=DeskThread.head["id"], on_go=DeskThread.open),
        class_name="group/desk h-dvh grid grid-rows-[auto_minmax(0,1fr)] grid-cols-1 md:grid-cols-[20rem_minmax(0,1fr)] xl:grid-cols-[21rem_minmax(0,1fr)_19rem] "
        "bg-(--ground) overflow-hidden",
        custom_attrs={
            "aria-label": t["desk"],
            "data-desk": DeskQueue.me,
            "data-open": DeskThread.head["id"],
            "data-waiting": DeskQueue.calls,
            "data-mine": DeskQueue.counts["mine"],
            "data-news": DeskQueue.marks,
            "data-called": DeskQueue.called,
            "data-queue-sound": DeskQueue.queue_sound,
            "data-own-sound": rx.cond(DeskQueue.own_sound, "true", "false"),
            "data-muted": DeskQueue.muted_until,
            "data-presence": DeskQueue.presence,
            "data-drafts": DeskThread.draft["number"],
        },
    )


def connection() -> rx.Component:
    """The notice that the connection is lost, in a row of its own above the columns."""
    lost = rx.el.p(t["offline"], class_name="m-0 px-4 py-2 text-sm text-center text-(--warn) border-b border-(--line)")
    return rx.el.div(
        rx.cond(has_connection_errors, lost),
        role="status",
        class_name="col-span-full bg-(--surface)",
        custom_attrs={"data-connection": ""},
    )


def alerts() -> rx.Component:
    """Refusals, over everything else."""
    box = "rounded-xl px-4 py-3 shadow-(--shadow) bg-(--surface) border border-(--line) text-sm"

    def refused(state: type[DeskQueue | DeskThread]) -> rx.Component:
        return rx.cond(
            state.refusal != "",
            rx.el.div(
                rx.el.p(state.refusal, class_name="m-0 flex-1"),
                icon_button(icon("close"), t["close"], on_click=state.forget_refusal),
                key=state.refusal_number,
                class_name=f"{box} text-(--bad) flex items-center gap-2",
                custom_attrs={"data-refusal": state.refusal_number},
            ),
        )

    return rx.el.div(
        rx.el.div(refused(DeskThread), refused(DeskQueue), role="alert", class_name="flex flex-col gap-2"),
        class_name="fixed top-3 left-1/2 -translate-x-1/2 z-20 flex flex-col gap-2 max-w-[90vw]",
    )


def toasts() -> rx.Component:
    """News in the operator's own conversations; a press opens the conversation, and the toast disappears by itself."""

    def toast(one: NewsView) -> rx.Component:
        return rx.el.button(
            rx.el.span(one["name"], class_name="font-semibold w-full truncate"),
            rx.el.span(one["text"], class_name="line-clamp-2 text-(--soft)"),
            type="button",
            key=one["mark"],
            on_click=DeskThread.open(one["id"]),
            # The open conversation needs no toast.
            hidden=DeskThread.head["id"] == one["id"],
            class_name="passing w-full flex flex-col text-left text-sm cursor-pointer rounded-xl px-4 py-3 "
            "bg-(--surface) text-(--ink) border border-(--line) border-l-4 border-l-(--bad) shadow-(--shadow) "
            "[&[hidden]]:hidden",
            custom_attrs={"data-toast": one["mark"]},
        )

    return Alerts.create(
        rx.foreach(DeskQueue.news[:_TOASTS], toast),
        open_id=DeskThread.head["id"],
        waiting=DeskQueue.calls,
        mine=DeskQueue.counts["mine"],
        newest=DeskQueue.called,
        news=DeskQueue.news,
        presence=DeskQueue.presence,
        queue_sound=DeskQueue.queue_sound,
        own_sound=DeskQueue.own_sound,
        muted_until=DeskQueue.muted_until,
        call=t["alert"],
        role="status",
        class_name="fixed z-20 flex flex-col gap-2 max-md:inset-x-3 max-md:top-3 md:left-3 md:bottom-3 md:w-[19rem] "
        "pointer-events-none *:pointer-events-auto",
        custom_attrs={"aria-label": t["news"]},
    )


def shortcuts() -> rx.Component:
    """The keyboard shortcuts, and the dialog that explains them."""
    help_dialog = CommandDialog.create(
        rx.el.h2(t["help"], class_name="text-lg font-semibold m-0 mb-3"),
        rx.el.dl(
            *[
                rx.el.div(rx.el.dt(rx.el.kbd(keys)), rx.el.dd(t[act], class_name="m-0"), class_name="contents")
                for keys, act in _KEYS
            ],
            class_name="m-0 mb-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5",
        ),
        button(t["close"]),
        name="help",
        class_name="m-auto rounded-2xl p-6 bg-(--surface) text-(--ink) shadow-(--shadow) border border-(--line)",
        custom_attrs={"aria-label": t["help"]},
    )
    return rx.fragment(
        Shortcuts.create(
            conversation_id=DeskThread.head["id"],
            acts={key: act.command for act in ACT_KEYS for key in (act.key, act.russian_key)},
        ),
        help_dialog,
    )
