"""Buttons, in a closed set of looks."""

from typing import Any, Final, Literal

import reflex as rx

Look = Literal["brand", "plain", "quiet", "danger"]

_BASE: Final = (
    "inline-flex items-center justify-center gap-2 rounded-xl min-h-11 text-[.9375rem] font-medium cursor-pointer "
    "transition-colors disabled:opacity-50 disabled:cursor-default select-none "
)
_LOOKS: Final[dict[str, str]] = {
    "brand": "bg-(--brand) text-(--on-brand) hover:brightness-95",
    "plain": "bg-(--surface) text-(--ink) border border-(--line) hover:bg-(--raised)",
    # For what cannot be taken back, once it is asked about.
    "danger": "bg-(--bad) text-(--surface) hover:brightness-95",
    "quiet": "text-(--ink) hover:bg-(--raised)",
}


def button(
    *children: Any, look: Look = "plain", classes: str = "px-4", element: Any = rx.el.button, **props: Any
) -> rx.Component:
    """A button with text; ``classes`` say its padding and place, ``element`` what it is made of."""
    return element(*children, type=props.pop("type", "button"), class_name=f"{_BASE}{_LOOKS[look]} {classes}", **props)


def icon_button(child: rx.Component, label: Any, *, look: Look = "quiet", **props: Any) -> rx.Component:
    """A square button with an icon; its label is read by assistive technology, and shown to who points at it."""
    attributes = {"aria-label": label, "title": label, **props.pop("custom_attrs", {})}
    return button(child, look=look, classes="w-11 shrink-0", custom_attrs=attributes, **props)
