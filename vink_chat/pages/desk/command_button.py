"""Buttons that ask something of another part of the desk, in the browser alone."""

from typing import Any

import reflex as rx

from vink_chat.components import button, icon_button


class CommandButton(rx.el.Button):
    """The button with its React part (``command_button.jsx``).

    Attributes:
        runs: The command it gives, with its ``subject``.
        pressed_by: The command that presses it.
    """

    library = "$/vink_chat/pages/desk/command_button.jsx"
    tag = "CommandButton"
    runs: rx.Var[str]
    subject: rx.Var[str]
    pressed_by: rx.Var[str]


def command_button(*children: Any, **props: Any) -> rx.Component:
    """A button with text."""
    return button(*children, element=CommandButton.create, **props)


def command_icon(child: rx.Component, label: Any, **props: Any) -> rx.Component:
    """A square button with an icon."""
    return icon_button(child, label, element=CommandButton.create, **props)
