"""The log of messages: greeting, rows, quick replies, and what follows the end of a conversation."""

from typing import Any

import reflex as rx

from vink_chat.components import button, icon, icon_button, text_area
from vink_chat.components.vars import length
from vink_chat.conversations import LONGEST_COMMENT, ReplyKind, Status
from vink_chat.pages.visitor.bubbles import message_row, thinking_row
from vink_chat.pages.visitor.composer import ask_button
from vink_chat.pages.visitor.kept_form import contacts, kept_form, left_card
from vink_chat.pages.visitor.state import INTRODUCTION, Refusal, VisitorChat
from vink_chat.pages.visitor.views import GroupView, MessageView
from vink_chat.web.reflex_internals import has_connection_errors

t = VisitorChat.t
_COMMENT = "comment:" + VisitorChat.ending


class ThreadLog(rx.Component):
    """The log with its React part (``thread_log.jsx``): it stays scrolled to the end unless the visitor scrolls up.

    Attributes:
        history: The older messages.
        live: The newer ones.
        loaded: Whether the thread is rendered.
        acknowledged_intro: Number of the host page's last identification of its user that the server has acknowledged.
        title: The page's title; the number of unread messages is put before it.
        words: The panel's sentences.
    """

    library = "$/vink_chat/pages/visitor/thread_log.jsx"
    tag = "ThreadLog"
    history: rx.Var[list[MessageView]]
    live: rx.Var[list[MessageView]]
    loaded: rx.Var[bool]
    acknowledged_intro: rx.Var[str]
    title: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_seen: rx.EventHandler[rx.event.no_args_event_spec]


def _message_spec(
    text: rx.Var[str], client_id: rx.Var[str], number: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    """The arguments of ``on_send``: the text, the client id of the message, and the introduction's number."""
    return text, client_id, number


class PendingMessages(rx.Component):
    """Messages that were sent and are not in the thread yet (``pending_messages.jsx``).

    Attributes:
        disconnected: Whether the server cannot be reached.
        refusal: Why the last refused message was refused.
    """

    library = "$/vink_chat/pages/visitor/pending_messages.jsx"
    tag = "PendingMessages"
    history: rx.Var[list[MessageView]]
    live: rx.Var[list[MessageView]]
    loaded: rx.Var[bool]
    acknowledged_intro: rx.Var[str]
    disconnected: rx.Var[bool]
    refusal: rx.Var[Refusal]
    words: rx.Var[dict[str, str]]
    on_send: rx.EventHandler[_message_spec]


def thread() -> rx.Component:
    """The log, oldest first."""
    return ThreadLog.create(
        rx.el.div(
            rx.cond(
                VisitorChat.more, button(t["earlier"], on_click=VisitorChat.show_earlier, classes="px-4 self-center")
            ),
            greeting(),
            rx.foreach(VisitorChat.history, _row),
            rx.foreach(VisitorChat.live, _row),
            quick_replies(),
            pending(),
            thinking_row(VisitorChat.thinking, VisitorChat.draft, rx.cond(VisitorChat.slow, t["slow"], t["thinking"])),
            rx.cond(VisitorChat.typing, rx.el.p(t["typing"], class_name="m-0 text-sm text-(--soft)")),
            ended(),
            contacts(),
            class_name="flex flex-col gap-3 px-4 py-4",
        ),
        history=VisitorChat.history,
        live=VisitorChat.live,
        loaded=VisitorChat.loaded,
        acknowledged_intro=VisitorChat.acknowledged_intro,
        title=VisitorChat.title,
        words=t,
        on_seen=VisitorChat.see(VisitorChat.acknowledged_intro),
    )


def pending() -> rx.Component:
    """The visitor's messages that are not stored yet."""
    return PendingMessages.create(
        history=VisitorChat.history,
        live=VisitorChat.live,
        loaded=VisitorChat.loaded,
        acknowledged_intro=VisitorChat.acknowledged_intro,
        disconnected=has_connection_errors,
        refusal=VisitorChat.refusal,
        words=t,
        on_send=VisitorChat.send,
    )


def _row(message: Any) -> rx.Component:
    sent = rx.cond(message["position"] <= VisitorChat.read, t["read"], t["sent"])
    return message_row(
        message=message,
        sources_word=t["sources"],
        sent_word=sent,
        edited_word=t["edited"],
        unread_word=t["unread"],
        key=message["id"],
    )


def greeting() -> rx.Component:
    """The greeting, and the popular questions while the thread is empty."""
    is_empty = (length(VisitorChat.history) + length(VisitorChat.live)) == 0
    return rx.cond(
        VisitorChat.more,
        rx.fragment(),
        rx.el.div(
            rx.el.div(
                rx.html(VisitorChat.greeting, class_name="words"),
                class_name="self-start max-w-[85%] rounded-2xl rounded-bl-md bg-(--raised) px-4 py-2.5",
            ),
            rx.cond(
                is_empty & (length(VisitorChat.popular) > 0),
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
                lambda question: ask_button(
                    question,
                    class_name="text-left text-[.9375rem] rounded-xl border border-(--line) bg-(--surface) px-3 py-2 "
                    "hover:bg-(--raised) cursor-pointer",
                ),
            ),
            class_name="flex flex-wrap gap-2 pb-2",
        ),
        open=index == 0,
        custom_attrs={"name": "popular"},
    )


def quick_replies() -> rx.Component:
    """The buttons below the last message: similar questions to ask, and the call for a person."""
    return rx.cond(
        length(VisitorChat.quick_replies) > 0,
        rx.el.div(
            rx.foreach(VisitorChat.quick_replies, _quick_reply),
            role="group",
            class_name="flex flex-wrap gap-2 max-w-[85%]",
            custom_attrs={"aria-label": t["choices"], "data-quick-replies": ""},
        ),
    )


def _quick_reply(reply: Any) -> rx.Component:
    look = (
        "text-left text-[.9375rem] leading-snug rounded-xl border px-3 py-2 min-h-11 cursor-pointer hover:bg-(--raised)"
    )
    return rx.cond(
        reply["kind"] == ReplyKind.CALL.value,
        rx.el.button(
            icon("person", 18),
            reply["text"],
            type="button",
            on_click=VisitorChat.call_operator(INTRODUCTION),
            class_name=f"{look} inline-flex items-center gap-2 font-medium border-(--ink) bg-(--surface)",
        ),
        ask_button(reply["text"], class_name=f"{look} border-(--line) bg-(--surface)"),
    )


def ended() -> rx.Component:
    """After the end of a conversation: how to continue, stars and a comment; or why it cannot continue."""
    line = "text-sm text-(--soft) m-0 text-center"
    return rx.cond(
        VisitorChat.status == Status.CLOSED.value,
        rx.cond(
            VisitorChat.blocked == "",
            rx.el.div(
                rx.el.p(t["closed"], class_name=line),
                _stars(),
                rx.cond(
                    VisitorChat.rating > 0,
                    rx.cond((VisitorChat.comment != "") & ~VisitorChat.comment_form, _comment_card(), _comment_form()),
                ),
                class_name="flex flex-col gap-2 pt-2",
            ),
            rx.el.p(VisitorChat.blocked, class_name=f"{line} pt-2"),
        ),
    )


def _stars() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.cond(VisitorChat.rating > 0, t["thanks"], t["rate"]),
            id="rate",
            class_name="basis-full text-center text-sm font-medium m-0",
        ),
        *[_star(stars) for stars in range(1, 6)],
        role="group",
        class_name="stars flex flex-wrap justify-center gap-1",
        custom_attrs={"aria-labelledby": "rate"},
    )


def _star(stars: int) -> rx.Component:
    """One of five; the given ones are filled, and can be changed."""
    return icon_button(
        icon("star", 24),
        f"{stars} / 5",
        on_click=VisitorChat.rate(stars, VisitorChat.acknowledged_intro),
        custom_attrs={
            "aria-pressed": rx.cond(VisitorChat.rating == stars, "true", "false"),
            "data-given": rx.cond(VisitorChat.rating >= stars, "true", "false"),
        },
    )


def _comment_form() -> rx.Component:
    return kept_form(
        text_area(
            t["comment"], "text", rows=2, max_length=LONGEST_COMMENT, default_value=VisitorChat.comment, required=True
        ),
        button(t["leave_comment"], type="submit", classes="px-4 self-start"),
        key=VisitorChat.ending,
        subject=_COMMENT,
        on_leave=VisitorChat.leave_comment,
        class_name="flex flex-col gap-2",
    )


def _comment_card() -> rx.Component:
    return left_card(
        t["your_comment"],
        VisitorChat.comment,
        name="comment",
        subject=_COMMENT,
        change=VisitorChat.change_comment,
    )
