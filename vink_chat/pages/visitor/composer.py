"""The visitor's composer, the consent below it, and buttons that ask a question."""

from typing import Any

import reflex as rx

from vink_chat.components import icon
from vink_chat.components.vars import length
from vink_chat.conversations import Status
from vink_chat.pages.visitor.state import VisitorChat


def consent() -> rx.Component:
    """The shop's sentence about what a visitor agrees to by writing, with a link to its policy; nothing without one."""
    link = rx.el.a(
        VisitorChat.t["policy"],
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


_LIBRARY = "$/vink_chat/pages/visitor/composer.jsx"


class Composer(rx.Component):
    """The composer with its React part (``composer.jsx``); it keeps a draft until it is sent.

    Attributes:
        words: The panel's sentences.
        attended: Whether an operator sees that the visitor is typing.
    """

    library = _LIBRARY
    tag = "Composer"
    words: rx.Var[dict[str, str]]
    attended: rx.Var[bool]
    on_write: rx.EventHandler[rx.event.no_args_event_spec]


class AskButton(rx.Component):
    """A button that sends its question as the visitor's message."""

    library = _LIBRARY
    tag = "AskButton"
    question: rx.Var[str]


def composer() -> rx.Component:
    """The composer, with the consent below it before the first message."""
    return Composer.create(
        icon("send"),
        rx.cond((length(VisitorChat.history) + length(VisitorChat.live)) == 0, consent()),
        words=VisitorChat.t,
        attended=VisitorChat.status == Status.ATTENDED.value,
        on_write=VisitorChat.write(VisitorChat.acknowledged_intro),
    )


def ask_button(question: Any, *, class_name: str) -> rx.Component:
    """A button that asks its own text."""
    return AskButton.create(question, question=question, class_name=class_name)
