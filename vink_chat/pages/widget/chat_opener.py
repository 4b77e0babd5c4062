"""A button of the sample shop that uses the loader's own interface, as any site would."""

from typing import Any

import reflex as rx


class ChatOpener(rx.Component):
    """The button with its React part (``chat_opener.jsx``).

    Attributes:
        question: Asked once the chat is open; nothing is where it is empty.
    """

    library = "$/vink_chat/pages/widget/chat_opener.jsx"
    tag = "ChatOpener"
    question: rx.Var[str]


def chat_opener(label: str, *, question: str = "", **props: Any) -> rx.Component:
    """A button that opens the chat and asks a question in it."""
    return ChatOpener.create(label, question=question, **props)
