"""The visitor's panel. ``/`` shows it with the page around it, ``/embed`` alone, for frames."""

from typing import Any

import reflex as rx
from reflex.components.core.banner import has_connection_errors

from vink_chat.components import button, icon, icon_button
from vink_chat.conversations import Status
from vink_chat.pages.visitor.bubbles import message_row, thinking_row
from vink_chat.pages.visitor.state import VisitorChat
from vink_chat.pages.visitor.views import GroupView

t = VisitorChat.t


def index() -> rx.Component:
    """The hosted chat page."""
    return rx.el.main(
        rx.el.div(
            panel(),
            class_name="mx-auto w-full max-w-3xl h-dvh sm:py-6 sm:px-4 flex",
        ),
        class_name="min-h-dvh bg-(--ground)",
    )


def embed() -> rx.Component:
    """The same panel for a frame on another site."""
    return rx.el.main(panel(), class_name="h-dvh flex bg-(--surface)")


def panel() -> rx.Component:
    """Header, thread and composer."""
    return rx.el.section(
        header(),
        thread(),
        notices(),
        composer(),
        dispatcher(),
        class_name="flex flex-col min-h-0 w-full bg-(--surface) sm:rounded-2xl sm:shadow-(--shadow) overflow-hidden relative",
        style=VisitorChat.colours,
        custom_attrs={
            "aria-label": t["chat"],
            "data-chat": VisitorChat.loaded.to_string(),
            "data-language": VisitorChat.language,
            "data-sending": t["sending"],
            "data-failed": t["failed"],
            "data-retry": t["retry"],
            "data-edit": t["edit"],
            "data-too-long": t["too_long"],
            "data-unread-words": t["unread"],
            "data-you": t["you"],
        },
    )


def header() -> rx.Component:
    """Title, hint, and the way to a person."""
    return rx.el.header(
        rx.el.span(
            icon("chat", 22),
            class_name="grid place-items-center size-10 rounded-xl bg-(--brand) text-(--on-brand) shrink-0",
        ),
        rx.el.div(
            rx.el.h1(VisitorChat.title, class_name="text-[1.0625rem] font-semibold leading-tight truncate m-0"),
            rx.el.p(VisitorChat.hint, class_name="text-sm text-(--soft) truncate m-0"),
            class_name="min-w-0 flex-1",
        ),
        holder(),
        class_name="flex items-center gap-3 px-4 py-3 border-b border-(--line)",
    )


def holder() -> rx.Component:
    """Who holds the conversation: a button that calls a person, or what came of it."""
    state = "inline-flex items-center gap-2 text-sm font-medium rounded-full px-3 min-h-9 bg-(--badge) text-(--ink)"
    call = button(
        icon("person", 18),
        rx.el.span(t["operator"], class_name="max-[400px]:sr-only"),
        on_click=VisitorChat.call_operator,
        custom_attrs={"aria-label": t["operator"]},
        classes="px-3",
    )
    return rx.el.div(
        rx.match(
            VisitorChat.status,
            (Status.WAITING.value, rx.el.span(icon("person", 16), t["waiting"], class_name=state)),
            (Status.ATTENDED.value, rx.el.span(icon("person", 16), t["attended"], class_name=state)),
            (Status.ASSISTED.value, call),
            (Status.CLOSED.value, call),
            call,
        ),
        role="status",
        class_name="shrink-0",
    )


def thread() -> rx.Component:
    """The log, oldest first, with the reader's own scroll left alone."""
    return rx.el.div(
        rx.el.div(
            rx.cond(
                VisitorChat.more,
                button(t["earlier"], on_click=VisitorChat.show_earlier, classes="px-4 self-center"),
            ),
            greeting(),
            rx.foreach(VisitorChat.history, _row),
            rx.foreach(VisitorChat.live, _row),
            rx.el.div(custom_attrs={"data-outbox": ""}, class_name="contents"),
            thinking_row(VisitorChat.thinking, VisitorChat.draft, t["thinking"]),
            ended(),
            class_name="flex flex-col gap-3 px-4 py-4 min-h-full justify-end",
        ),
        role="log",
        tab_index=0,
        class_name="flex-1 min-h-0 overflow-y-auto overscroll-contain",
        custom_attrs={"aria-label": t["log"], "aria-live": "polite", "aria-relevant": "additions", "data-log": ""},
    )


def _row(message: Any) -> rx.Component:
    return message_row(message=message, sources_word=t["sources"], key=message["id"])


def greeting() -> rx.Component:
    """The first words, and the popular questions while nothing was said."""
    nothing_said = (VisitorChat.history.length() + VisitorChat.live.length()) == 0
    return rx.cond(
        VisitorChat.more,
        rx.fragment(),
        rx.el.div(
            rx.el.div(
                rx.html(VisitorChat.greeting, class_name="words"),
                class_name="self-start max-w-[85%] rounded-2xl rounded-bl-md bg-(--raised) px-4 py-2.5",
            ),
            rx.cond(
                nothing_said & (VisitorChat.popular.length() > 0),
                rx.el.nav(
                    rx.foreach(VisitorChat.popular, _group),
                    class_name="flex flex-col pt-2",
                    custom_attrs={"aria-label": t["popular"], "data-popular": ""},
                ),
            ),
            class_name="flex flex-col gap-3",
        ),
    )


def _group(group: GroupView, index: int) -> rx.Component:
    return rx.el.details(
        rx.el.summary(group["title"], class_name="text-sm font-medium text-(--soft) cursor-pointer py-1.5 select-none"),
        rx.el.div(
            rx.foreach(
                group["questions"],
                lambda question: rx.el.button(
                    question,
                    type="button",
                    class_name="text-left text-[.9375rem] rounded-xl border border-(--line) bg-(--surface) px-3 py-2 "
                    "hover:bg-(--raised) cursor-pointer",
                    custom_attrs={"data-ask": question},
                ),
            ),
            class_name="flex flex-wrap gap-2 pb-2",
        ),
        open=index == 0,
        custom_attrs={"name": "popular"},
    )


def ended() -> rx.Component:
    """What follows the end of a conversation: how it can go on, and the five stars."""
    return rx.cond(
        VisitorChat.status == Status.CLOSED.value,
        rx.el.div(
            rx.el.p(t["closed"], class_name="text-sm text-(--soft) m-0 text-center"),
            rx.cond(
                VisitorChat.rating > 0,
                rx.el.p(t["thanks"], class_name="text-sm m-0 text-center"),
                rx.el.div(
                    *[
                        icon_button(
                            icon("star", 24),
                            f"{stars} / 5",
                            on_click=VisitorChat.rate(stars),
                        )
                        for stars in range(1, 6)
                    ],
                    role="group",
                    class_name="flex justify-center gap-1",
                    custom_attrs={"aria-label": t["rate"]},
                ),
            ),
            class_name="flex flex-col gap-2 pt-2",
        ),
    )


def notices() -> rx.Component:
    """A lost connection and refusals, said once and in words."""
    line = "px-4 py-2 text-sm border-t border-(--line) m-0"
    return rx.fragment(
        rx.el.div(
            rx.cond(has_connection_errors, rx.el.p(t["offline"], class_name=f"{line} text-(--warn)")), role="status"
        ),
        rx.el.div(
            rx.cond(
                VisitorChat.refusal["text"] != "",
                rx.el.p(
                    VisitorChat.refusal["text"],
                    key=VisitorChat.refusal["number"].to_string(),
                    class_name=f"{line} text-(--bad)",
                    custom_attrs={
                        "data-refused": VisitorChat.refusal["client_id"],
                        "data-number": VisitorChat.refusal["number"].to_string(),
                    },
                ),
            ),
            role="alert",
        ),
        rx.el.div(
            icon_button(icon("down"), t["down"], look="plain", custom_attrs={"data-down": ""}),
            class_name="absolute right-4 bottom-24 hidden data-[on]:block",
            custom_attrs={"data-down-place": ""},
        ),
    )


def composer() -> rx.Component:
    """Where the visitor writes. ``chat.js`` keeps what is typed until the server has it."""
    return rx.el.form(
        rx.el.textarea(
            rows="1",
            placeholder=t["placeholder"],
            auto_complete="off",
            enter_key_hint="send",
            class_name="flex-1 min-w-0 resize-none rounded-xl border border-(--line) bg-(--surface) text-(--ink) px-3.5 "
            "py-2.5 min-h-11 max-h-40 placeholder:text-(--soft) text-base leading-6",
            custom_attrs={"aria-label": t["message"], "data-compose": ""},
        ),
        icon_button(icon("send"), t["send"], look="brand", type="submit"),
        class_name="flex items-end gap-2 px-4 pt-3 border-t border-(--line) pb-[max(.75rem,env(safe-area-inset-bottom))]",
        custom_attrs={"data-composer": "", "action": "", "novalidate": ""},
    )


def dispatcher() -> rx.Component:
    """The hidden form by which ``chat.js`` hands a message and its name to the State."""
    return rx.el.form(
        rx.el.textarea(name="text", custom_attrs={"aria-hidden": "true", "tabIndex": -1}),
        rx.el.input(name="client_id", type="hidden"),
        on_submit=VisitorChat.send,
        hidden=True,
        custom_attrs={"data-dispatch": "", "aria-hidden": "true"},
    )
