"""The log of messages: what opens it, what stands in it, what follows its end."""

from typing import Any

import reflex as rx

from vink_chat.components import area, button, field, icon, icon_button, way_down
from vink_chat.conversations import LONGEST_COMMENT, ReplyKind, Status
from vink_chat.pages.visitor.bubbles import message_row, thinking_row
from vink_chat.pages.visitor.introduction import INTRODUCTION
from vink_chat.pages.visitor.state import VisitorChat
from vink_chat.pages.visitor.views import GroupView

t = VisitorChat.t


def thread() -> rx.Component:
    """The log, oldest first, with the reader's own scroll left alone."""
    log = rx.el.div(
        rx.el.div(
            rx.cond(
                VisitorChat.more,
                button(
                    t["earlier"],
                    on_click=VisitorChat.show_earlier,
                    classes="px-4 self-center",
                    custom_attrs={"data-earlier": ""},
                ),
            ),
            greeting(),
            rx.foreach(VisitorChat.history, _row),
            rx.foreach(VisitorChat.live, _row),
            quick_replies(),
            rx.el.div(custom_attrs={"data-outbox": ""}, class_name="contents"),
            thinking_row(VisitorChat.thinking, VisitorChat.draft, rx.cond(VisitorChat.slow, t["slow"], t["thinking"])),
            rx.cond(VisitorChat.typing, rx.el.p(t["typing"], class_name="m-0 text-sm text-(--soft)")),
            ended(),
            contacts(),
            class_name="flex flex-col gap-3 px-4 py-4",
        ),
        role="log",
        tab_index=0,
        class_name="flex-1 min-w-0 overflow-y-auto overscroll-contain",
        custom_attrs={"aria-label": t["log"], "aria-live": "polite", "aria-relevant": "additions", "data-log": ""},
    )
    return rx.el.div(log, way_down(t["down"]), class_name="relative flex flex-1 min-h-0")


def _row(message: Any) -> rx.Component:
    sent = rx.cond(message["position"] <= VisitorChat.read, t["read"], t["sent"])
    return message_row(
        message=message, sources_word=t["sources"], sent_word=sent, edited_word=t["edited"], key=message["id"]
    )


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


def quick_replies() -> rx.Component:
    """The buttons under the last message: near questions, which the visitor asks by a press, and the way to a person."""
    return rx.cond(
        VisitorChat.quick_replies.length() > 0,
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
        rx.el.button(
            reply["text"],
            type="button",
            class_name=f"{look} border-(--line) bg-(--surface)",
            custom_attrs={"data-ask": reply["text"]},
        ),
    )


def ended() -> rx.Component:
    """What follows the end of a conversation: how it can go on, and the five stars; or that it cannot."""
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
    """One of five; those that were given stay filled, and may be changed."""
    return icon_button(
        icon("star", 24),
        f"{stars} / 5",
        on_click=VisitorChat.rate(stars, VisitorChat.heard),
        custom_attrs={
            "aria-pressed": rx.cond(VisitorChat.rating == stars, "true", "false"),
            "data-given": rx.cond(VisitorChat.rating >= stars, "true", "false"),
        },
    )


def _comment_form() -> rx.Component:
    return rx.el.form(
        area(
            t["comment"], "text", rows=2, max_length=LONGEST_COMMENT, default_value=VisitorChat.comment, required=True
        ),
        rx.el.input(type="hidden", name="number", value=VisitorChat.heard, read_only=True),
        button(t["leave_comment"], type="submit", classes="px-4 self-start"),
        on_submit=VisitorChat.leave_comment,
        class_name="flex flex-col gap-2",
    )


def _comment_card() -> rx.Component:
    return _kept(t["your_comment"], VisitorChat.comment, VisitorChat.change_comment, "data-comment")


def _kept(label: Any, value: Any, change: Any, mark: str) -> rx.Component:
    """Show what the visitor has left, with a button to change it."""
    return rx.el.div(
        rx.el.p(label, " ", rx.el.b(value), class_name="m-0 flex-1 min-w-40 wrap-anywhere whitespace-pre-wrap"),
        button(t["change"], on_click=change, classes="px-4"),
        class_name="flex flex-wrap items-center gap-2 rounded-2xl border border-(--line) px-4 py-2",
        custom_attrs={mark: ""},
    )


def contacts() -> rx.Component:
    """Asked for when nobody can answer now; what was left is shown, to be corrected."""
    known = VisitorChat.contact["shown"] != ""
    folded = button(t["leave"], on_click=VisitorChat.open_contacts, classes="px-4 self-start")
    put_away = VisitorChat.put_away == VisitorChat.form
    return rx.cond(
        VisitorChat.form != "",
        rx.cond(
            VisitorChat.contact_form == "open",
            _contact_form(),
            rx.cond(known, _contact_card(), rx.cond(put_away, folded, _contact_form())),
        ),
    )


def _contact_card() -> rx.Component:
    return _kept(t["answer_to"], VisitorChat.contact["shown"], VisitorChat.open_contacts, "data-contact")


def _contact_form() -> rx.Component:
    contact = VisitorChat.contact
    known = contact["shown"] != ""
    return rx.el.form(
        rx.el.h2(t["contacts"], class_name="text-base font-semibold m-0"),
        rx.el.p(t["either"], class_name="m-0 text-sm text-(--soft)"),
        field(t["name"], "name", auto_complete="name", default_value=contact["name"]),
        _contact_field("phone", type="tel", auto_complete="tel", placeholder="+7"),
        _contact_field("email", type="email", auto_complete="email"),
        rx.el.input(type="hidden", name="number", value=VisitorChat.heard, read_only=True),
        rx.el.div(
            button(rx.cond(known, t["save"], t["leave"]), look="brand", type="submit"),
            button(rx.cond(known, t["cancel"], t["not_now"]), look="quiet", on_click=VisitorChat.close_contacts),
            class_name="flex flex-wrap gap-2",
        ),
        consent(),
        on_submit=VisitorChat.leave_contacts,
        class_name="flex flex-col gap-3 rounded-2xl border border-(--line) p-4",
        custom_attrs={
            "data-contacts": contact["shown"],
            "data-refusals": VisitorChat.wrong_contact["number"].to_string(),
            "noValidate": True,
        },
    )


def _contact_field(name: str, **props: Any) -> rx.Component:
    wrong = rx.cond(VisitorChat.wrong_contact["field"] == name, VisitorChat.wrong_contact["text"], "")
    return field(t[name], name, default_value=VisitorChat.contact[name], wrong=wrong, **props)


def consent() -> rx.Component:
    """What a visitor agrees to by writing, with a link to the shop's policy."""
    link = rx.el.a(
        t["policy"],
        href=VisitorChat.consent["url"],
        target="_blank",
        rel="noopener noreferrer",
        class_name="text-(--link) underline underline-offset-2",
    )
    return rx.cond(
        VisitorChat.consent["url"] != "",
        rx.el.p(
            VisitorChat.consent["text"],
            " ",
            link,
            class_name="basis-full m-0 text-xs text-(--soft)",
            custom_attrs={"data-consent": ""},
        ),
    )
