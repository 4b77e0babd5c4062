"""Where the visitor writes, what they agree to by writing, and the questions asked by a press."""

from typing import Any

import reflex as rx

from vink_chat.components import icon
from vink_chat.conversations import Status
from vink_chat.pages.visitor.state import VisitorChat


def consent() -> rx.Component:
    """The shop's sentence, with a link to its policy; nothing without a policy."""
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
    """The composer with its React part (``composer.jsx``): what is typed is kept until it is sent.

    Attributes:
        words: The panel's sentences.
        attended: Whether somebody sees that the visitor is writing.
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
    """The composer, and below it what a visitor agrees to by writing the first message."""
    return Composer.create(
        icon("send"),
        rx.cond((VisitorChat.history.length() + VisitorChat.live.length()) == 0, consent()),
        words=VisitorChat.t,
        attended=VisitorChat.status == Status.ATTENDED.value,
        on_write=VisitorChat.write(VisitorChat.acknowledged_intro),
    )


def ask_button(question: Any, *, class_name: str) -> rx.Component:
    """A question the visitor asks by a press."""
    return AskButton.create(question, question=question, class_name=class_name)
