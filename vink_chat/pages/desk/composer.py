"""Where an operator writes: answers, notes, canned replies."""

import reflex as rx

from vink_chat.components import icon, icon_button
from vink_chat.conversations import Status
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.thread import DeskThread

t = DeskQueue.t
head = DeskThread.head


def _hint() -> rx.Var[str]:
    over = head["status"] == Status.CLOSED.value
    colleague = (head["status"] == Status.ATTENDED.value) & ~head["mine"].bool()
    taken = rx.cond(colleague, t["only_holder"], t["take_first"])
    return rx.cond(head["mine"], t["reply"], rx.cond(over & ~head["last"].bool(), t["only_note"], taken))


def composer() -> rx.Component:
    """The field of the answer, with the canned replies over it and the tick that makes a note of it."""
    return rx.el.form(
        rx.el.ul(
            rx.foreach(
                DeskQueue.canned,
                lambda one: rx.el.li(
                    rx.el.button(
                        rx.el.span("/", one["shortcut"], class_name="font-medium shrink-0"),
                        rx.el.span(one["title"], class_name="shrink-0 max-w-1/2 truncate"),
                        rx.el.span(one["text"], class_name="text-(--soft) truncate"),
                        type="button",
                        class_name="w-full flex gap-3 px-3 py-2 text-left text-sm hover:bg-(--raised) data-picked:bg-(--raised) "
                        "cursor-pointer",
                        custom_attrs={"data-canned": one["shortcut"], "data-text": one["text"]},
                    )
                ),
            ),
            hidden=True,
            class_name="list-none m-0 p-1 mb-2 max-h-48 overflow-y-auto rounded-xl border border-(--line) bg-(--surface)",
            custom_attrs={"aria-label": t["canned"], "data-canned-list": ""},
        ),
        rx.el.div(
            rx.el.textarea(
                name="text",
                rows="1",
                placeholder=_hint(),
                class_name="flex-1 min-w-0 resize-none rounded-xl border border-(--line) bg-(--surface) text-(--ink) px-3.5 py-2.5 "
                "min-h-11 max-h-48 text-base leading-6 placeholder:text-(--soft)",
                custom_attrs={"aria-label": t["reply"], "data-reply-text": ""},
            ),
            rx.el.input(type="hidden", name="client_id"),
            icon_button(icon("send"), t["send"], look="brand", type="submit"),
            class_name="flex items-end gap-2",
        ),
        rx.el.label(
            rx.el.input(type="checkbox", name="note", class_name="size-5 accent-(--brand)"),
            rx.el.span(t["note"]),
            rx.el.span(t["note_hint"], class_name="text-(--soft) max-sm:hidden"),
            class_name="inline-flex items-center gap-2 text-sm mt-1.5 min-h-9 cursor-pointer",
        ),
        on_submit=DeskThread.reply(head["id"]),
        # A note looks like one before it is sent.
        class_name="px-3 pt-3 border-t border-(--line) pb-[max(.5rem,env(safe-area-inset-bottom))] "
        "has-[[name=note]:checked]:bg-(--badge)",
        custom_attrs={"data-reply": "", "data-room": head["id"], "noValidate": True},
    )
