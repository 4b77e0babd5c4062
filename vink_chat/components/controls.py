"""Icons, and buttons in a fixed set of variants."""

from typing import Any, Final, Literal

import reflex as rx

Name = Literal["send", "person", "down", "up", "star", "chat", "close", "flag"]

_PATHS: Final[dict[str, str]] = {
    "send": "M4 12 20 4l-4 16-4-7-8-1Z M12 13l8-9",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z M4 21a8 8 0 0 1 16 0",
    "down": "M12 5v14 M6 13l6 6 6-6",
    "up": "M12 19V5 M6 11l6-6 6 6",
    "star": "m12 3 2.7 5.9 6.3.7-4.7 4.3 1.3 6.3L12 17l-5.6 3.2 1.3-6.3L3 9.6l6.3-.7L12 3Z",
    "chat": "M4 5h16v11H9l-5 4V5Z",
    "close": "M6 6l12 12 M18 6 6 18",
    "flag": "M6 21V4h12l-3 4.5 3 4.5H6",
}

_LINES: Final = {
    "aria-hidden": "true",
    "fill": "none",
    "stroke": "currentColor",
    "strokeWidth": "1.8",
    "strokeLinecap": "round",
    "strokeLinejoin": "round",
}


def icon(name: Name, size: int = 20) -> rx.Component:
    """Draw an icon; it is decoration and has no accessible name."""
    return rx.el.svg(
        rx.el.path(d=_PATHS[name]),
        view_box="0 0 24 24",
        width=str(size),
        height=str(size),
        # Attributes, not styles, so that a style sheet can override them.
        custom_attrs=_LINES,
    )


Look = Literal["brand", "plain", "quiet", "danger"]

_BASE: Final = (
    "inline-flex items-center justify-center gap-2 rounded-xl min-h-11 text-[.9375rem] font-medium cursor-pointer "
    "transition-colors disabled:opacity-50 disabled:cursor-default select-none "
)
_LOOKS: Final[dict[str, str]] = {
    "brand": "bg-(--brand) text-(--on-brand) hover:brightness-95",
    "plain": "bg-(--surface) text-(--ink) border border-(--line) hover:bg-(--raised)",
    # For what cannot be undone, in the dialog that confirms it.
    "danger": "bg-(--bad) text-(--surface) hover:brightness-95",
    "quiet": "text-(--ink) hover:bg-(--raised)",
}


def button(
    *children: Any, look: Look = "plain", classes: str = "px-4", element: Any = rx.el.button, **props: Any
) -> rx.Component:
    """A button with text; ``classes`` are for padding and position, ``element`` is the component it is made of."""
    return element(*children, type=props.pop("type", "button"), class_name=f"{_BASE}{_LOOKS[look]} {classes}", **props)


def icon_button(child: rx.Component, label: Any, *, look: Look = "quiet", **props: Any) -> rx.Component:
    """A square button with an icon; its label is for screen readers and the tooltip."""
    attributes = {"aria-label": label, "title": label, **props.pop("custom_attrs", {})}
    return button(child, look=look, classes="w-11 shrink-0", custom_attrs=attributes, **props)
