"""One message of the thread, rendered again only when it changes."""

from typing import Any

import reflex as rx

from vink_chat.components.vars import value_of
from vink_chat.pages.visitor.views import MessageView


class ThreadRow(rx.Component):
    """A row of the log, with its React part (``thread_log.jsx``).

    Attributes:
        row: Its key among the rows.
        mark: The text above it while it is the first unread row.
    """

    library = "$/vink_chat/pages/visitor/thread_log.jsx"
    tag = "ThreadRow"
    row: rx.Var[str]
    mark: rx.Var[str]


_BUBBLE = "max-w-[85%] has-[table]:max-w-full rounded-2xl px-4 py-2.5"


@rx.memo
def message_row(
    message: rx.Var[MessageView],
    sources_word: rx.Var[str],
    sent_word: rx.Var[str],
    edited_word: rx.Var[str],
    unread_word: rx.Var[str],
    rest: rx.RestProp,
) -> rx.Component:
    """The day's name on the first message of a day, then the message."""
    view = value_of(message)
    return ThreadRow.create(
        rest,
        rx.cond(
            view["day"] != "",
            rx.el.p(view["day"], class_name="text-center text-[.8125rem] text-(--soft) m-0 mb-3"),
        ),
        rx.match(
            view["who"],
            ("visitor", _visitor_bubble(view, sent_word)),
            ("system", _notice(view)),
            _shop_bubble(view, sources_word, edited_word),
        ),
        row=view["id"],
        mark=unread_word,
        custom_attrs={
            "data-message": view["id"],
            "data-client-id": view["client_id"],
            "data-who": view["who"],
            "data-position": f"{view['position']}",
        },
    )


def _visitor_bubble(message: Any, sent_word: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            _author(message, hidden=True),
            rx.html(message["html"], class_name="words"),
            class_name=f"own {_BUBBLE} rounded-br-md bg-(--brand) text-(--on-brand)",
        ),
        rx.el.span(
            _clock(message),
            rx.el.span(" · ", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(sent_word, custom_attrs={"data-state": "sent"}),
            class_name="text-xs text-(--soft)",
        ),
        class_name="flex flex-col items-end gap-1",
    )


def _shop_bubble(message: Any, sources_word: Any, edited_word: Any) -> rx.Component:
    edited = rx.cond(message["edited"], rx.el.span(" · ", edited_word, class_name="text-xs text-(--soft)"))
    return rx.el.div(
        _author(message, hidden=False),
        rx.el.div(
            rx.cond(
                message["quote"] != "",
                rx.el.blockquote(
                    message["quote"],
                    class_name="m-0 mb-1 pl-2 border-l-2 border-current text-sm text-(--soft) line-clamp-2 wrap-anywhere",
                ),
            ),
            rx.html(message["html"], class_name="words"),
            rx.cond(message["sources"].length() > 0, _sources(message, sources_word)),
            class_name=f"{_BUBBLE} rounded-bl-md bg-(--raised)",
        ),
        rx.el.div(_clock(message), edited),
        class_name="flex flex-col items-start gap-1",
    )


def _sources(message: Any, sources_word: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(sources_word, ": ", class_name="text-(--soft)"),
        rx.foreach(
            message["sources"],
            lambda source: rx.el.a(
                source["title"],
                href=source["url"],
                target="_blank",
                rel="noopener noreferrer nofollow",
                class_name="text-(--link) underline underline-offset-2 mr-2",
            ),
        ),
        class_name="text-[.8125rem] mt-2 pt-2 border-t border-(--line)",
    )


def _notice(message: Any) -> rx.Component:
    return rx.el.div(
        rx.html(message["html"], class_name="words"),
        class_name="text-center text-sm text-(--soft) mx-auto max-w-[32rem] py-1",
    )


def _author(message: Any, *, hidden: bool) -> rx.Component:
    look = "visually-hidden" if hidden else "text-[.8125rem] text-(--soft) px-1"
    return rx.el.span(message["label"], class_name=look)


def _clock(message: Any) -> rx.Component:
    return rx.el.time(message["time"], date_time=message["moment"], class_name="text-xs text-(--soft) px-1")


def thinking_row(thinking: Any, draft: Any, word: Any) -> rx.Component:
    """The assistant typing: three dots, below the sentences written so far."""
    return rx.cond(
        thinking,
        ThreadRow.create(
            rx.cond(
                draft != "",
                # A screen reader reads the finished answer, not every new sentence.
                rx.el.div(
                    rx.html(draft, class_name="words"),
                    _dots(classes="mt-1.5"),
                    rx.el.span(word, class_name="visually-hidden"),
                    custom_attrs={"aria-live": "off", "aria-busy": "true"},
                ),
                rx.el.span(
                    _dots(),
                    rx.el.span(word, class_name="text-sm text-(--soft)", role="status"),
                    class_name="inline-flex items-center gap-2",
                ),
            ),
            row="writing",
            mark="",
            class_name=f"self-start {_BUBBLE} rounded-bl-md bg-(--raised)",
            custom_attrs={"data-thinking": ""},
        ),
    )


def _dots(*, classes: str = "") -> rx.Component:
    dots = [rx.el.i() for _ in range(3)]
    return rx.el.span(*dots, class_name=f"dots inline-block {classes}", custom_attrs={"aria-hidden": "true"})
