"""Where an operator writes: answers, notes, canned replies. desk.js keeps drafts, each with what it is."""

from typing import Any, Final

import reflex as rx

from vink_chat.components import button, icon, icon_button
from vink_chat.conversations import Status
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.thread import DeskThread

t = DeskQueue.t
head = DeskThread.head
_NOTE: Final = "group-has-[[value=note]:checked]/reply:"
_CORRECTS: Final = "group-data-[corrects]/reply:"


def _answers() -> rx.Var[str]:
    """What an answer does first: nothing (``mine``), ``take`` the conversation, or it is not this operator's to give."""
    held = head["status"] == Status.ATTENDED.value
    over = (head["status"] == Status.CLOSED.value) & ~head["last"].bool()
    return rx.cond(head["mine"], "mine", rx.cond(held | over, "", "take"))


def _hint(words: rx.Var[str]) -> rx.Var[str]:
    refused = rx.cond(head["status"] == Status.CLOSED.value, t["only_note"], t["only_holder"])
    return rx.cond(_answers() == "", refused, words)


def composer() -> rx.Component:
    """The field with the canned replies over it, what is written in it (an answer or a note), and the button."""
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
        _draft(),
        _about(),
        rx.el.textarea(
            name="text",
            rows="1",
            class_name="w-full resize-none rounded-xl border border-(--line) bg-(--surface) text-(--ink) px-3.5 py-2.5 "
            "min-h-11 max-h-48 text-base leading-6 placeholder:text-(--soft)",
            # Which of the hints and names it has is the browser's to say (desk.js).
            custom_attrs={
                "aria-label": t["reply"],
                "data-reply-text": "",
                "data-answer-hint": _hint(t["reply_hint"]),
                "data-note-hint": _hint(t["note_hint"]),
                "data-answer-name": t["reply"],
                "data-note-name": t["note_name"],
                "data-correct-name": t["correction"],
            },
        ),
        rx.el.input(type="hidden", name="client_id"),
        rx.el.input(type="hidden", name="quote"),
        rx.el.input(type="hidden", name="take", value=_answers(), read_only=True),
        rx.el.div(
            rx.el.div(
                _kind("answer", t["reply"]),
                _kind("note", t["note"]),
                role="radiogroup",
                class_name=f"inline-flex rounded-xl border border-(--line) bg-(--surface) p-0.5 {_CORRECTS}hidden",
                custom_attrs={"aria-label": t["kind"]},
            ),
            rx.cond(
                _answers() != "",
                button(
                    rx.cond(_drafting(), t["drafting"], t["draft"]),
                    on_click=DeskThread.suggest(head["id"]),
                    classes="px-3 max-md:px-2 aria-busy:text-(--soft) aria-busy:cursor-progress "
                    f"{_NOTE}hidden {_CORRECTS}hidden",
                    custom_attrs={"data-suggest": "", "aria-busy": rx.cond(_drafting(), "true", "false")},
                ),
            ),
            button(
                rx.el.span(
                    rx.el.span(_send(), class_name=f"{_NOTE}hidden"),
                    rx.el.span(t["add_note"], class_name=f"hidden {_NOTE}inline"),
                    class_name=f"{_CORRECTS}hidden",
                ),
                rx.el.span(t["save"], class_name=f"hidden {_CORRECTS}inline"),
                look="brand",
                type="submit",
                classes="px-4 max-md:px-3 ml-auto",
                custom_attrs={"data-send": ""},
            ),
            class_name="flex flex-wrap items-center gap-2 max-md:gap-1.5 mt-2",
        ),
        on_submit=DeskThread.reply(head["id"]),
        # A note looks like one before it is sent.
        class_name="group/reply px-3 pt-3 border-t border-(--line) pb-[max(.5rem,env(safe-area-inset-bottom))] "
        "has-[[value=note]:checked]:bg-(--badge)",
        custom_attrs={
            "data-reply": "",
            "data-room": head["id"],
            "data-answers": _answers(),
            "data-corrected": DeskThread.corrected,
            "noValidate": True,
        },
    )


def _drafting() -> rx.Var[bool]:
    return DeskThread.drafting.contains(head["id"])


def _draft() -> rx.Component:
    """The assistant's draft, offered where the composer is in use; into an empty one desk.js puts it by itself."""
    draft = DeskThread.draft
    return rx.el.div(
        rx.cond(
            (draft["text"] != "") & (draft["id"] == head["id"]),
            rx.el.div(
                rx.el.div(
                    rx.el.b(t["draft_of"], class_name="font-medium text-sm"),
                    rx.el.p(
                        draft["text"],
                        class_name="m-0 text-sm whitespace-pre-line wrap-anywhere max-h-24 overflow-y-auto",
                        # What scrolls can be reached by keys.
                        tab_index=0,
                    ),
                    class_name="flex-1 min-w-0 max-md:basis-full",
                ),
                button(t["insert"], classes="px-3", custom_attrs={"data-insert-draft": ""}),
                icon_button(
                    icon("close"),
                    t["cancel"],
                    on_click=DeskThread.drop_draft(draft["number"].to_string()),
                    custom_attrs={"data-drop-draft": ""},
                ),
                key=draft["number"].to_string(),
                class_name="flex flex-wrap items-center gap-2 mb-2 p-2 pl-3 rounded-xl border border-(--line) bg-(--surface) "
                "[&[hidden]]:hidden",
                custom_attrs={"data-draft": draft["number"].to_string(), "data-text": draft["text"]},
            ),
        ),
        role="status",
    )


def _about() -> rx.Component:
    """The line above the field that says which message is being corrected, or else answered (desk.js)."""
    return rx.el.div(
        rx.el.p(
            rx.el.b(t["correction"], class_name=f"hidden font-medium {_CORRECTS}inline"),
            rx.el.b(t["quoting"], class_name=f"font-medium {_CORRECTS}hidden"),
            ": ",
            rx.el.span(custom_attrs={"data-about-text": ""}),
            class_name="m-0 flex-1 min-w-0 truncate text-sm",
        ),
        icon_button(icon("close"), t["cancel"], custom_attrs={"data-leave-about": ""}),
        hidden=True,
        class_name="flex items-center gap-2 mb-2 pl-3 border-l-4 border-(--link) [&[hidden]]:hidden",
        custom_attrs={"data-about": ""},
    )


def _kind(value: str, word: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio", name="kind", value=value, default_checked=value == "answer", class_name="peer visually-hidden"
        ),
        rx.el.span(
            word,
            class_name="grid place-items-center min-h-9 px-3 max-md:px-2 rounded-lg text-sm text-(--soft) peer-checked:bg-(--ink) "
            "peer-checked:text-(--surface) peer-checked:font-medium peer-focus-visible:outline-2",
        ),
        class_name="relative cursor-pointer",
        custom_attrs={"data-kind": value},
    )


def _send() -> rx.Var[str]:
    again = head["status"] == Status.CLOSED.value
    take = rx.cond(again, t["resume_and_reply"], t["take_and_reply"])
    return rx.cond(_answers() == "take", take, t["send"])
