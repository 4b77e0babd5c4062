"""A conversation as the desk shows it: its row in the queue, and the head of its thread with what can be done to it."""

from typing import Any, Final, NamedTuple

import reflex as rx

from vink_chat.components import button, icon
from vink_chat.components.vars import length, value_of
from vink_chat.conversations import Status
from vink_chat.conversations.queue import Priority
from vink_chat.pages.desk.elements import CommandDialog, command_button, command_icon, waiting
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.thread import DeskThread
from vink_chat.pages.desk.views import RowView
from vink_chat.pages.desk.words import speak

_SENTENCES: Final = {
    "claim": "Взять",
    "resume": "Взять снова",
    "take_over": "Забрать",
    "release": "В очередь",
    "give_back": "Вернуть ассистенту",
    "finish": "Завершить",
    "looking": "Сейчас смотрят",
    "back": "К очереди",
    "rating": "Оценка",
    "priority": "Важность",
    "priority_key": "Важность разговора",
    "prioritised": "Показать срочные и важные",
}
speak(_SENTENCES)
speak({f"priority_{priority.name.lower()}": priority.sentence for priority in Priority})
t = DeskQueue.t
head = DeskThread.head


class ActKey(NamedTuple):
    """A key that gives a command about the open conversation.

    Attributes:
        russian_key: The letter of the same key on a Russian keyboard.
        command: What handles it, such as ``pressed_by`` of a button.
        name: The name of the sentence that explains it.
    """

    key: str
    russian_key: str
    command: str
    name: str


ACT_KEYS: Final = (
    ActKey("c", "с", "claim", "claim"),
    ActKey("e", "у", "finish", "finish"),
    ActKey("p", "з", "priority", "priority_key"),
)
# Of colour alone nobody should have to tell them apart: an urgent one's flag is filled, and the word stands there too.
_FLAG: Final = (
    "inline-flex shrink-0 text-(--soft) data-[priority=urgent]:text-(--bad) data-[priority=high]:text-(--warn) "
    "data-[priority=urgent]:[&_path]:fill-current"
)
ROW: Final = (
    "w-full flex flex-col gap-0.5 px-3 py-2.5 text-left cursor-pointer hover:bg-(--raised) "
    "aria-[current=true]:bg-(--raised) border-l-3 border-transparent aria-[current=true]:border-(--brand)"
)
# The last position that the page shows at the moment of a press.
_DRAWN: Final[Any] = rx.cond(
    length(DeskThread.live) > 0,
    DeskThread.live[-1]["position"],
    rx.cond(length(DeskThread.history) > 0, DeskThread.history[-1]["position"], 0),
)
_over: Final[Any] = head["status"] == Status.CLOSED.value


@rx.memo
def queue_row(
    row: rx.Var[RowView],
    current: rx.Var[bool],
    unread: rx.Var[bool],
    unread_word: rx.Var[str],
    units: rx.Var[str],
) -> rx.Component:
    """One conversation: the visitor, the last message, how long they have waited, why, and who holds it."""
    return _row(value_of(row), value_of(current), value_of(unread), unread_word, units)


def _row(row: RowView, current: bool, unread: bool, unread_word: Any, units: Any) -> rx.Component:  # noqa: FBT001
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.span(row["name"], class_name="font-medium truncate flex-1 text-left"),
                rx.el.span(row["time"], class_name="text-xs text-(--soft)"),
                class_name="flex items-baseline gap-2 w-full",
            ),
            rx.el.span(
                row["text"],
                class_name="text-sm text-(--soft) truncate w-full text-left",
            ),
            rx.cond(
                row["comment"] != "",
                rx.el.span("«", row["comment"], "»", class_name="text-sm truncate w-full text-left"),
            ),
            rx.cond(row["contacts"] != "", rx.el.span(row["contacts"], class_name="text-sm truncate w-full text-left")),
            rx.el.span(
                rx.cond(unread, _dot(unread_word)),
                rx.cond(row["priority_word"] != "", _priority_mark(row)),
                waiting(row["since"], units, classes="shrink-0"),
                rx.cond(row["since"] == "", rx.el.span(row["status_word"], class_name="shrink-0")),
                rx.cond(row["stars"] != "", rx.el.span(row["stars"], class_name="shrink-0 tabular-nums")),
                rx.cond(
                    row["gone"] != "",
                    rx.el.span(
                        row["gone"],
                        class_name="rounded-full border border-(--line) px-2 shrink-0",
                        custom_attrs={"data-gone": ""},
                    ),
                ),
                rx.cond(
                    row["reason"] != "",
                    rx.el.span(row["reason"], class_name="rounded-full bg-(--badge) text-(--ink) px-2 truncate"),
                ),
                rx.cond(row["holder"] != "", rx.el.span(row["holder"], class_name="truncate")),
                class_name="flex items-center gap-2 text-xs text-(--soft) w-full min-h-5 whitespace-nowrap",
            ),
            rx.cond(
                row["returned"] != "",
                rx.el.span(
                    rx.cond(row["offered_to"] == DeskQueue.own_id, row["returned_to_you"], row["returned"]),
                    class_name="self-start max-w-full truncate rounded-full bg-(--badge) text-(--ink) px-2 text-xs leading-5",
                    custom_attrs={"data-returned": ""},
                ),
            ),
            rx.cond(
                row["moved"] != "",
                rx.el.span(row["moved"], class_name="text-xs text-(--soft) truncate w-full text-left"),
            ),
            type="button",
            value=row["id"],
            on_click=DeskThread.open(row["id"]),
            class_name=ROW,
            custom_attrs={"data-row": row["id"], "aria-current": rx.cond(current, "true", "false")},
        ),
        class_name="border-b border-(--line)",
    )


def _dot(word: str) -> rx.Component:
    return rx.el.span(
        rx.el.span(word, class_name="visually-hidden"), class_name="size-2 rounded-full bg-(--bad) shrink-0"
    )


def thread_head() -> rx.Component:
    """The open conversation's visitor, status and buttons, above its thread."""
    return rx.el.header(
        command_icon(icon("close"), t["back"], on_click=DeskThread.open(""), runs="leave conversation"),
        rx.el.div(
            rx.el.h2(head["name"], class_name="text-base font-semibold m-0 truncate"),
            rx.el.p(
                rx.cond(head["priority_word"] != "", rx.fragment(head["priority_word"], " · ")),
                head["status_word"],
                rx.cond(head["holder"] != "", rx.fragment(": ", head["holder"])),
                waiting(head["since"], t["units"], classes="ml-1.5"),
                rx.cond(head["reason"] != "", rx.fragment(" · ", head["reason"])),
                rx.cond(head["rating"] > 0, rx.fragment(" · ", t["rating"], ": ", head["rating"], "/5")),
                class_name="text-sm text-(--soft) m-0 truncate",
            ),
            rx.cond(
                head["comment"] != "",
                rx.el.p(
                    "«",
                    head["comment"],
                    "»",
                    class_name="text-sm m-0 max-h-24 overflow-y-auto whitespace-pre-wrap wrap-anywhere",
                    tab_index=0,
                    custom_attrs={"data-rating-comment": ""},
                ),
            ),
            rx.cond(
                head["moved"] != "",
                rx.el.p(head["moved"], class_name="text-sm text-(--soft) m-0 truncate"),
            ),
            rx.cond(
                DeskThread.looking != "",
                rx.el.p(t["looking"], ": ", DeskThread.looking, class_name="text-xs text-(--warn) m-0 truncate"),
            ),
            class_name="min-w-0 flex-1 basis-40",
        ),
        rx.el.div(
            _priority_button(),
            rx.el.div(command_icon(icon("person"), t["visitor"], runs="show visitor"), class_name="xl:hidden"),
            class_name="flex",
        ),
        _acts(),
        _priority_dialog(),
        class_name="flex flex-wrap items-center gap-2 px-3 py-2.5 border-b border-(--line)",
    )


def _priority_mark(row: RowView) -> rx.Component:
    return rx.el.span(
        icon("flag", 16),
        rx.el.span(row["priority_word"], class_name="visually-hidden"),
        title=row["priority_word"],
        class_name=_FLAG,
        custom_attrs={"data-priority": row["priority"]},
    )


def _priority_button() -> rx.Component:
    word = rx.cond(head["priority_word"] == "", t["priority_normal"], head["priority_word"])
    return command_icon(
        rx.el.span(icon("flag"), class_name=_FLAG, custom_attrs={"data-priority": head["priority"]}),
        f"{t['priority']}: {word}",
        runs="priority",
        custom_attrs={"aria-haspopup": "dialog"},
    )


def _priority_dialog() -> rx.Component:
    """The choice of how urgent the open conversation is; the key or the button opens it."""
    choices = [
        button(
            t[f"priority_{priority.name.lower()}"],
            on_click=DeskThread.set_priority(head["id"], priority.name.lower()),
            custom_attrs={"aria-pressed": rx.cond(head["priority"] == priority.name.lower(), "true", "false")},
            classes="px-4 aria-pressed:bg-(--badge)",
        )
        for priority in Priority
    ]
    return CommandDialog.create(
        rx.el.h2(t["priority"], ": ", head["name"], class_name="text-lg font-semibold m-0 mb-3"),
        rx.el.div(
            *choices,
            rx.el.a(t["prioritised"], href="/desk/?only=priority", class_name="text-sm text-(--link) underline"),
            button(t["cancel"], look="quiet"),
            class_name="flex flex-col gap-2",
        ),
        name="priority",
        subject=head["id"],
        class_name="m-auto rounded-2xl p-6 bg-(--surface) text-(--ink) shadow-(--shadow) border border-(--line) "
        "w-[min(20rem,90vw)]",
        custom_attrs={"aria-label": t["priority"]},
    )


def _acts() -> rx.Component:
    waiting = (head["status"] == Status.WAITING.value) | (head["status"] == Status.ASSISTED.value)
    # An operator who takes it is about to write.
    claim = {"subject": head["id"], "pressed_by": "claim", "runs": "claiming"}
    return rx.el.div(
        rx.cond(waiting, command_button(t["claim"], on_click=DeskThread.claim(head["id"]), **claim)),
        rx.cond(_over & head["last"], command_button(t["resume"], on_click=DeskThread.resume(head["id"]), **claim)),
        rx.cond(
            head["take_from"] != "",
            button(t["take_over"], on_click=DeskThread.take_over(head["id"], head["take_from"]), classes="px-3"),
        ),
        rx.cond(
            head["mine"],
            rx.el.div(
                command_button(t["transfer"], runs="transfer", classes="px-3"),
                button(t["release"], on_click=DeskThread.release(head["id"]), classes="px-3"),
                button(t["give_back"], on_click=DeskThread.give_back(head["id"]), classes="px-3"),
                command_button(
                    t["finish"],
                    on_click=DeskThread.finish(head["id"], _DRAWN),
                    disabled=head["ending"],
                    subject=head["id"],
                    pressed_by="finish",
                    runs="go on",
                ),
                class_name="arriving flex flex-wrap gap-2",
            ),
        ),
        class_name="flex flex-wrap gap-2 empty:hidden",
    )
