"""The middle column of the desk."""

from typing import Any, Final

import reflex as rx

from vink_chat.components import button, choice, field
from vink_chat.components.vars import length
from vink_chat.conversations import Status
from vink_chat.operators import Presence
from vink_chat.pages.desk.bubbles import desk_row
from vink_chat.pages.desk.composer import composer
from vink_chat.pages.desk.conversation import thread_head
from vink_chat.pages.desk.elements import DeskLog, FoldingCard, TransferDialog, command_button
from vink_chat.pages.desk.ending import ending_bars
from vink_chat.pages.desk.messages import DeskMessageView
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.thread import DeskThread
from vink_chat.pages.desk.views import ColleagueView
from vink_chat.pages.desk.words import speak

_SENTENCES: Final = {
    "earlier_words": "Показать раньше",
    "down": "К последним сообщениям",
    "to_newest": "Показать последние сообщения",
    "pick": "Выберите разговор слева",
    "log": "Переписка",
    "to_whom": "Кому передать",
    "choose": "Выберите коллегу",
    "no_colleagues": "Передать некому: других операторов пока нет. Разговор можно вернуть в очередь или ассистенту.",
    "transfer_note": "Пояснение для коллеги",
    "card": "Коротко о разговоре",
    "wish": "Чего хочет",
    "tried": "Что ответил ассистент",
    "found": "Что нашлось в базе знаний",
    "why_stopped": "Почему передан",
    "moved": "Кто передал",
    "typing": "печатает…",
}
speak(_SENTENCES)
t = DeskQueue.t
head = DeskThread.head
_MAX_PASSAGES: Final = 3
_over: Final[Any] = head["status"] == Status.CLOSED.value


def thread_column() -> rx.Component:
    """The open conversation, or a notice that none is open."""
    return rx.el.section(
        rx.cond(
            head["id"] == "",
            rx.el.p(t["pick"], class_name="m-auto p-6 text-(--soft) text-center"),
            rx.fragment(thread_head(), _endings(), _card(), _log(), composer()),
        ),
        _transfer(),
        class_name="min-h-0 min-w-0 flex flex-col bg-(--surface) max-md:group-data-[open='']/desk:hidden",
        custom_attrs={"aria-label": t["log"]},
    )


def _endings() -> rx.Component:
    # In a wide window they are below the queue.
    return ending_bars(
        DeskThread.endings,
        DeskThread.keep_open,
        DeskThread.open,
        DeskThread.forget_ending,
        classes="md:hidden px-3 py-2",
    )


def _card() -> rx.Component:
    card = DeskThread.card
    return rx.cond(
        (head["status"] != Status.ASSISTED.value) & (card["stopped"] != ""),
        FoldingCard.create(
            rx.el.summary(
                rx.el.span(
                    t["card"],
                    rx.cond(card["wish"] != "", rx.el.span(": ", class_name="group-open/card:hidden")),
                    class_name="font-medium max-md:sr-only max-md:group-open/card:not-sr-only",
                ),
                rx.el.span(card["wish"], class_name="group-open/card:hidden"),
                class_name="cursor-pointer text-sm truncate",
            ),
            rx.el.dl(
                _fact(t["wish"], card["wish"]),
                _fact(t["why_stopped"], card["stopped"]),
                _fact(t["moved"], card["moved"]),
                _fact(t["tried"], card["tried"]),
                rx.cond(
                    length(card["passages"]) > 0,
                    rx.el.div(
                        rx.el.dt(t["found"], class_name="text-(--soft)"),
                        rx.el.dd(
                            rx.foreach(
                                card["passages"][:_MAX_PASSAGES],
                                lambda one: rx.el.div(one["score"], " ", one["title"], class_name="truncate"),
                            ),
                            class_name="m-0",
                        ),
                    ),
                ),
                class_name="m-0 mt-1.5 grid grid-cols-1 sm:grid-cols-2 gap-x-6 gap-y-2 text-sm max-h-[40dvh] overflow-y-auto",
                # A scrolling area must be focusable by keyboard.
                tab_index=0,
            ),
            # A new conversation starts with a new card.
            key=head["id"],
            mine=head["mine"],
            history=DeskThread.history,
            live=DeskThread.live,
            open=head["status"] != Status.CLOSED.value,
            class_name="group/card bg-(--badge) text-(--ink) px-4 py-2.5 border-b border-(--line) shrink-0",
            custom_attrs={"data-card": ""},
        ),
    )


def _fact(name: str, value: str) -> rx.Component:
    return rx.cond(
        value != "",
        rx.el.div(rx.el.dt(name, class_name="text-(--soft)"), rx.el.dd(value, class_name="m-0 wrap-anywhere")),
    )


def _log() -> rx.Component:
    def row(message: DeskMessageView) -> rx.Component:
        drawn = desk_row(message=message, t=t, read=DeskThread.read, over=_over)
        marked = rx.cond(DeskThread.marked == message["id"], "true", "false")
        return rx.el.div(
            drawn,
            key=message["id"],
            class_name="rounded-2xl data-[marked=true]:outline-2 outline-offset-4 outline-(--warn)",
            custom_attrs={"id": "message-" + message["id"], "data-marked": marked},
        )

    return DeskLog.create(
        rx.el.div(
            rx.cond(
                DeskThread.more,
                button(
                    t["earlier_words"],
                    look="quiet",
                    on_click=DeskThread.show_earlier(head["id"]),
                    classes="px-4 self-center",
                ),
            ),
            rx.foreach(DeskThread.history, row),
            rx.cond(
                DeskThread.gap,
                command_button(
                    t["to_newest"],
                    look="quiet",
                    on_click=DeskThread.open(head["id"]),
                    classes="px-4 self-center",
                    runs="end",
                ),
            ),
            rx.foreach(DeskThread.live, row),
            rx.cond(DeskThread.typing, rx.el.p(t["typing"], class_name="m-0 text-sm text-(--soft)")),
            class_name="flex flex-col gap-3 px-4 py-4 min-h-full justify-end",
        ),
        conversation_id=head["id"],
        history=DeskThread.history,
        live=DeskThread.live,
        marked=DeskThread.marked,
        down=t["down"],
        on_seen=DeskThread.see,
        # The log itself keeps its place when messages are added above.
        class_name="flex-1 min-w-0 overflow-y-auto [overflow-anchor:none]",
        custom_attrs={"aria-label": t["log"]},
    )


def _colleague(colleague: ColleagueView) -> rx.Component:
    """A colleague's name, with their presence if they are away: an operator should know before transferring."""
    absent = colleague["name"] + " — " + t[colleague["presence"]]
    return rx.el.option(
        rx.cond(colleague["presence"] == Presence.HERE.value, colleague["name"], absent), value=colleague["id"]
    )


def _transfer() -> rx.Component:
    others = length(DeskQueue.colleagues) > 0
    chosen = rx.fragment(
        choice(
            t["to_whom"],
            "to",
            [
                rx.el.option(t["choose"], value="", disabled=True),
                rx.foreach(DeskQueue.colleagues, _colleague),
            ],
            default_value="",
            required=True,
        ),
        field(t["transfer_note"], "note", max_length=1000),
    )
    return TransferDialog.create(
        rx.cond(others, chosen, rx.el.p(t["no_colleagues"], class_name="m-0")),
        rx.el.div(
            button(t["cancel"], type="submit", form_method="dialog", form_no_validate=True),
            rx.cond(others, button(t["transfer"], look="brand", type="submit")),
            class_name="flex gap-2 justify-end",
        ),
        conversation_id=head["id"],
        visitor=head["name"],
        heading=t["transfer"],
        refused=(DeskThread.refusal != "") | (DeskQueue.refusal != ""),
        on_transfer=DeskThread.transfer,
        form_class="flex flex-col gap-4 w-[min(24rem,80vw)]",
        class_name="m-auto rounded-2xl p-6 bg-(--surface) text-(--ink) shadow-(--shadow) border border-(--line)",
        custom_attrs={"data-transfer": "", "aria-label": t["transfer"]},
    )
