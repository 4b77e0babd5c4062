"""Fields with their labels."""

from typing import Any, Final

import reflex as rx

BOX: Final = (
    "w-full rounded-xl border border-(--line) bg-(--surface) text-(--ink) px-3.5 py-2.5 min-h-11 text-base "
    "placeholder:text-(--soft)"
)


def field(label: Any, name: str, *, hint: Any = None, **props: Any) -> rx.Component:
    """A one-line field under its label."""
    return _labelled(label, rx.el.input(name=name, class_name=BOX, **props), hint)


def area(label: Any, name: str, *, hint: Any = None, rows: int = 4, **props: Any) -> rx.Component:
    """A field of several lines under its label."""
    return _labelled(label, rx.el.textarea(name=name, rows=str(rows), class_name=BOX, **props), hint)


def choice(label: Any, name: str, options: Any, *, hint: Any = None, **props: Any) -> rx.Component:
    """A choice of one; ``options`` are option elements."""
    return _labelled(label, rx.el.select(*options, name=name, class_name=BOX, **props), hint)


def tick(label: Any, name: str, **props: Any) -> rx.Component:
    """A box to tick, its label behind it."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, class_name="size-5 shrink-0 accent-(--brand)", **props),
        rx.el.span(label),
        class_name="inline-flex items-center gap-2.5 min-h-11 cursor-pointer",
    )


def _labelled(label: Any, box: rx.Component, hint: Any) -> rx.Component:
    said = [rx.el.span(hint, class_name="text-sm text-(--soft)")] if hint is not None else []
    return rx.el.label(
        rx.el.span(label, class_name="text-sm font-medium"), box, *said, class_name="flex flex-col gap-1.5 min-w-0"
    )
