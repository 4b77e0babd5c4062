"""The visitor's panel, and ``/``, which shows it with a page around it."""

import reflex as rx

from vink_chat.components import button, icon
from vink_chat.conversations import Status
from vink_chat.pages import document
from vink_chat.pages.shared.brand import brand_tile
from vink_chat.pages.visitor.composer import composer
from vink_chat.pages.visitor.state import INTRODUCTION, VisitorChat
from vink_chat.pages.visitor.thread import thread
from vink_chat.pages.visitor.words import words
from vink_chat.web.reflex_internals import has_connection_errors

t = VisitorChat.t


class ChatPanel(rx.Component):
    """The whole chat, with its React part (``chat_panel.jsx``): focus, language, room for an on-screen keyboard.

    Attributes:
        loaded: Whether the thread is rendered.
        acknowledged_intro: Number of the host page's last identification of its user that the server has acknowledged.
        language: The panel's language.
    """

    library = "$/vink_chat/pages/visitor/chat_panel.jsx"
    tag = "ChatPanel"
    loaded: rx.Var[bool]
    acknowledged_intro: rx.Var[str]
    language: rx.Var[str]


def index() -> rx.Component:
    """The hosted chat page."""
    return rx.el.main(
        rx.el.div(
            panel(frame="sm:rounded-2xl sm:shadow-(--shadow)"),
            class_name="screen mx-auto w-full max-w-3xl sm:py-6 sm:px-4 flex",
        ),
        class_name="bg-(--ground)",
    )


def panel(*, frame: str = "") -> rx.Component:
    """Header, thread and composer; ``frame`` holds the classes of its outer edge."""
    return ChatPanel.create(
        document.early_presses(),
        header(),
        thread(),
        connection_and_errors(),
        composer(),
        rx.el.noscript(
            rx.el.p(f"{words('ru')['noscript']} {words('en')['noscript']}", class_name="px-4 py-3 m-0 text-(--bad)")
        ),
        loaded=VisitorChat.loaded,
        acknowledged_intro=VisitorChat.acknowledged_intro,
        language=VisitorChat.language,
        class_name=f"flex flex-col min-h-0 w-full bg-(--surface) {frame} overflow-hidden",
        style=VisitorChat.colours,
        custom_attrs={"aria-label": t["chat"], "data-rating": f"{VisitorChat.rating}"},
    )


def header() -> rx.Component:
    """Title, hint, and the button that calls a person."""
    return rx.el.header(
        brand_tile(VisitorChat.logo),
        rx.el.div(
            rx.el.h1(VisitorChat.title, class_name="text-[1.0625rem] font-semibold leading-tight truncate m-0"),
            status_line(),
            class_name="min-w-24 flex-1",
        ),
        call_button(),
        class_name="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 border-b border-(--line)",
    )


def status_line() -> rx.Component:
    """Who holds the conversation; for the assistant, how soon it answers."""
    badge = "inline-flex items-center gap-1.5 text-sm font-medium rounded-full px-2 bg-(--badge) text-(--ink)"
    waiting_badge = rx.el.span(
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
            (Status.WAITING.value, waiting_badge),
            (Status.ATTENDED.value, rx.el.span(icon("person", 14), t["attended"], class_name=badge)),
            hint,
        ),
        role="status",
        # Reserves the line before there is a hint.
        class_name="min-h-5",
        custom_attrs={"data-status": VisitorChat.status},
    )


def call_button() -> rx.Component:
    """The button that calls a person; absent while one is called or attends."""
    operator_called = (VisitorChat.status == Status.WAITING.value) | (VisitorChat.status == Status.ATTENDED.value)
    return rx.cond(
        operator_called,
        rx.fragment(),
        button(
            rx.el.span(icon("person", 18), class_name="max-sm:hidden"),
            # On phones the label stays, on two lines: an icon alone is not recognised as "talk to a person".
            rx.el.span(
                rx.cond(VisitorChat.after_hours, t["leave_message"], t["operator"]),
                class_name="max-sm:w-min max-sm:text-left max-sm:text-[.8125rem] max-sm:leading-tight",
            ),
            on_click=VisitorChat.call_operator(INTRODUCTION),
            # Its label is unknown until the server answers; the space is reserved.
            classes=f"px-3 shrink-0 {rx.cond(VisitorChat.loaded, '', 'invisible')}",
        ),
    )


def connection_and_errors() -> rx.Component:
    """Notices: connection lost, message refused."""
    line = "px-4 py-2 text-sm border-t border-(--line) m-0"
    return rx.fragment(
        rx.el.div(
            rx.cond(
                has_connection_errors,
                rx.el.p(t["offline"], class_name=f"{line} text-(--warn)"),
            ),
            role="status",
        ),
        rx.el.div(
            rx.cond(
                VisitorChat.refusal["text"] != "",
                rx.el.p(
                    VisitorChat.refusal["text"],
                    key=f"{VisitorChat.refusal['number']}",
                    # The refusal of a message is shown at the message; here it is only announced to screen readers.
                    class_name=rx.cond(
                        VisitorChat.refusal["client_id"] == "", f"{line} text-(--bad)", "visually-hidden"
                    ),
                ),
            ),
            role="alert",
        ),
    )
