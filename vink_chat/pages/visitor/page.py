"""The visitor's panel. ``/`` shows it with the page around it, ``/embed`` alone, for frames."""

import reflex as rx

from vink_chat.components import button, icon, icon_button
from vink_chat.conversations import Status
from vink_chat.pages import head
from vink_chat.pages.shared.brand import brand_tile
from vink_chat.pages.visitor.introduction import INTRODUCTION, VisitorIntroduction
from vink_chat.pages.visitor.state import VisitorChat
from vink_chat.pages.visitor.thread import consent, thread
from vink_chat.pages.visitor.words import words
from vink_chat.web.reflex_internals import has_connection_errors

t = VisitorChat.t


def index() -> rx.Component:
    """The hosted chat page."""
    return rx.el.main(
        rx.el.div(
            panel(frame="sm:rounded-2xl sm:shadow-(--shadow)"),
            class_name="screen mx-auto w-full max-w-3xl sm:py-6 sm:px-4 flex",
        ),
        class_name="bg-(--ground)",
    )


def embed() -> rx.Component:
    """The same panel for a frame on another site."""
    return rx.el.main(panel(), introduction(), head.script("frame.js"), class_name="screen flex bg-(--surface)")


def panel(*, frame: str = "") -> rx.Component:
    """Header, thread and composer; ``frame`` says how its edge looks."""
    return rx.el.section(
        header(),
        thread(),
        notices(),
        composer(),
        dispatcher(),
        head.script("chat.js"),
        # After chat.js, which puts a thread that is drawn again where it was.
        head.script("thread.js"),
        rx.el.noscript(
            rx.el.p(f"{words('ru')['noscript']} {words('en')['noscript']}", class_name="px-4 py-3 m-0 text-(--bad)")
        ),
        class_name=f"flex flex-col min-h-0 w-full bg-(--surface) {frame} overflow-hidden",
        style=VisitorChat.colours,
        custom_attrs={
            "aria-label": t["chat"],
            "data-title": VisitorChat.title,
            "data-chat": VisitorChat.loaded.to_string(),
            "data-language": VisitorChat.language,
            "data-rating": VisitorChat.rating.to_string(),
            "data-sending": t["sending"],
            "data-failed": t["failed"],
            "data-retry": t["retry"],
            "data-edit": t["edit"],
            "data-too-long": t["too_long"],
            "data-unread-words": t["unread"],
            "data-waits": t["waits"],
            "data-files": t["files"],
        },
    )


def header() -> rx.Component:
    """Title, hint, and the way to a person."""
    return rx.el.header(
        brand_tile(VisitorChat.logo),
        rx.el.div(
            rx.el.h1(VisitorChat.title, class_name="text-[1.0625rem] font-semibold leading-tight truncate m-0"),
            holder(),
            class_name="min-w-24 flex-1",
        ),
        call_button(),
        class_name="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 border-b border-(--line)",
    )


def holder() -> rx.Component:
    """Who holds the conversation; with the assistant, how soon it answers."""
    badge = "inline-flex items-center gap-1.5 text-sm font-medium rounded-full px-2 bg-(--badge) text-(--ink)"
    waits = rx.el.span(
        rx.el.span(
            icon("person", 14),
            rx.cond(VisitorChat.reply_from != "", VisitorChat.reply_from, t["waiting"]),
            class_name=badge,
        ),
        rx.cond(
            VisitorChat.place > 0,
            rx.el.span(t["place"], " ", VisitorChat.place, class_name="text-sm text-(--soft) tabular-nums"),
        ),
        rx.el.button(
            t["stop_waiting"],
            type="button",
            on_click=VisitorChat.stop_waiting(INTRODUCTION),
            class_name="text-sm text-(--link) underline underline-offset-2 cursor-pointer min-h-11 sm:min-h-6 px-1",
        ),
        class_name="flex flex-wrap items-center gap-x-2",
    )
    narrow = "max-sm:line-clamp-3 max-sm:text-xs max-sm:leading-tight"
    hint = rx.el.span(VisitorChat.hint, class_name=f"text-(--soft) {narrow} sm:block sm:text-sm sm:truncate")
    return rx.el.div(
        rx.match(
            VisitorChat.status,
            (Status.WAITING.value, waits),
            (Status.ATTENDED.value, rx.el.span(icon("person", 14), t["attended"], class_name=badge)),
            (Status.ASSISTED.value, hint),
            (Status.CLOSED.value, hint),
            hint,
        ),
        role="status",
        # A line's height, before there is a hint.
        class_name="min-h-5",
        custom_attrs={"data-status": VisitorChat.status},
    )


def call_button() -> rx.Component:
    """The way to a person, while none is called."""
    held = (VisitorChat.status == Status.WAITING.value) | (VisitorChat.status == Status.ATTENDED.value)
    return rx.cond(
        held,
        rx.fragment(),
        button(
            rx.el.span(icon("person", 18), class_name="max-sm:hidden"),
            # On a phone in two lines: an icon alone says nothing of a person to who looks for one.
            rx.el.span(
                rx.cond(VisitorChat.after_hours, t["leave_message"], t["operator"]),
                class_name="max-sm:w-min max-sm:text-left max-sm:text-[.8125rem] max-sm:leading-tight",
            ),
            on_click=VisitorChat.call_operator(INTRODUCTION),
            # Whether it calls or leaves a message is not known before the server was heard; its place is kept.
            classes=rx.cond(VisitorChat.loaded, "px-3 shrink-0", "px-3 shrink-0 invisible"),
        ),
    )


def notices() -> rx.Component:
    """A lost connection and refusals, said once and in words."""
    line = "px-4 py-2 text-sm border-t border-(--line) m-0"
    return rx.fragment(
        rx.el.div(
            rx.cond(
                has_connection_errors,
                rx.el.p(t["offline"], class_name=f"{line} text-(--warn)", custom_attrs={"data-offline": ""}),
            ),
            role="status",
        ),
        rx.el.div(
            rx.cond(
                VisitorChat.refusal["text"] != "",
                rx.el.p(
                    VisitorChat.refusal["text"],
                    key=VisitorChat.refusal["number"].to_string(),
                    # A message's own refusal stands at the message; here it is only said aloud.
                    class_name=rx.cond(
                        VisitorChat.refusal["client_id"] == "", f"{line} text-(--bad)", "visually-hidden"
                    ),
                    custom_attrs={
                        "data-refused": VisitorChat.refusal["client_id"],
                        "data-number": VisitorChat.refusal["number"].to_string(),
                    },
                ),
            ),
            role="alert",
        ),
    )


def composer() -> rx.Component:
    """Where the visitor writes. ``chat.js`` keeps what is typed until the server has it."""
    return rx.el.form(
        rx.el.p(
            class_name="basis-full m-0 text-sm text-(--bad) empty:hidden",
            role="alert",
            custom_attrs={"data-advice": ""},
        ),
        # Seen, and read out when asked for: not at every key.
        rx.el.p(
            id="room",
            class_name="basis-full m-0 text-sm text-(--soft) data-[over]:text-(--bad) empty:hidden tabular-nums",
            custom_attrs={"data-counter": ""},
        ),
        rx.el.textarea(
            rows="1",
            placeholder=t["placeholder"],
            auto_complete="off",
            enter_key_hint="send",
            class_name="flex-1 min-w-0 resize-none rounded-xl border border-(--line) bg-(--surface) text-(--ink) px-3.5 "
            "py-2.5 min-h-11 max-h-[min(10rem,30cqh)] placeholder:text-(--soft) text-base leading-6",
            custom_attrs={"aria-label": t["message"], "aria-describedby": "room", "data-compose": ""},
        ),
        icon_button(icon("send"), t["send"], look="brand", type="submit"),
        rx.cond((VisitorChat.history.length() + VisitorChat.live.length()) == 0, consent()),
        class_name="flex flex-wrap items-end gap-2 px-4 pt-3 border-t border-(--line) pb-[max(.75rem,env(safe-area-inset-bottom))]",
        custom_attrs={"data-composer": "", "action": "", "noValidate": True},
    )


def dispatcher() -> rx.Component:
    """The hidden forms by which ``chat.js`` hands a message and its name to the State, and what the visitor does."""
    send = rx.el.form(
        rx.el.textarea(name="text", custom_attrs={"aria-hidden": "true", "tabIndex": -1}),
        rx.el.input(name="client_id", type="hidden"),
        rx.el.input(name="number", type="hidden"),
        on_submit=VisitorChat.send,
        hidden=True,
        custom_attrs={"data-dispatch": "", "aria-hidden": "true"},
    )
    write = rx.el.form(on_submit=VisitorChat.write(VisitorChat.heard), hidden=True, custom_attrs={"data-writing": ""})
    see = rx.el.form(on_submit=VisitorChat.see(VisitorChat.heard), hidden=True, custom_attrs={"data-seeing": ""})
    return rx.fragment(send, write, see)


def introduction() -> rx.Component:
    """The hidden form by which ``frame.js`` hands over what the site around the frame says."""
    names = ("number", "user", "signature", "name", "email", "phone", "page", "language", "colour", "title", "arrival")
    return rx.el.form(
        *[rx.el.input(name=name, type="hidden") for name in names],
        on_submit=VisitorIntroduction.introduce,
        hidden=True,
        custom_attrs={"data-introduce": VisitorIntroduction.heard, "aria-hidden": "true"},
    )
