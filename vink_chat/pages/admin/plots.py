"""Bars drawn by hand as SVG; the table beneath says the same in words."""

from collections.abc import Sequence
from typing import Any, Final, TypedDict

import reflex as rx

_HEIGHT: Final = 100.0
_WIDTH: Final = 300.0
_GAP: Final = 0.25


class Bar(TypedDict):
    """One day of a plot: a front bar within or beside a back bar, in the plot's own units."""

    x: str
    width: str
    back_x: str
    back_y: str
    back: str
    front_y: str
    front: str
    title: str


def bars(values: Sequence[tuple[float, float]], names: Sequence[str]) -> list[Bar]:
    """Return bars of (part, whole), the part drawn in front of the whole."""
    return _drawn(values, names, beside=False, digits=0)


def paired(values: Sequence[tuple[float, float]], names: Sequence[str]) -> list[Bar]:
    """Return bars of two values side by side."""
    return _drawn(values, names, beside=True, digits=0)


def _drawn(values: Sequence[tuple[float, float]], names: Sequence[str], *, beside: bool, digits: int) -> list[Bar]:
    top = max((max(pair) for pair in values), default=0)
    if not top:
        return []
    step = _WIDTH / max(len(values), 1)
    width = step * (1 - _GAP) / (2 if beside else 1)
    found: list[Bar] = []
    for number, ((front, back), name) in enumerate(zip(values, names, strict=True)):
        x = number * step + step * _GAP / 2
        tall, low = back / top * _HEIGHT, front / top * _HEIGHT
        found.append(
            Bar(
                x=f"{x:.2f}",
                width=f"{width:.2f}",
                back_x=f"{x + width if beside else x:.2f}",
                back_y=f"{_HEIGHT - tall:.2f}",
                back=f"{tall:.2f}",
                front_y=f"{_HEIGHT - low:.2f}",
                front=f"{low:.2f}",
                title=f"{name}: {front:.{digits}f} / {back:.{digits}f}",
            )
        )
    return found


def plot(drawn: Any, label: Any, keys: tuple[Any, Any], nothing: Any) -> rx.Component:
    """Draw bars with their legend (front, back); where there are none, say so."""
    return rx.cond(
        drawn.length() > 0, _figure(drawn, label, *keys), rx.el.p(nothing, class_name="m-0 text-sm text-(--soft)")
    )


def _figure(drawn: Any, label: Any, front: Any, back: Any) -> rx.Component:
    return rx.el.figure(
        rx.el.svg(
            rx.foreach(drawn, _bar),
            rx.el.line(x1="0", x2=str(_WIDTH), y1=str(_HEIGHT), y2=str(_HEIGHT), class_name="stroke-(--line)"),
            view_box=f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}",
            role="img",
            class_name="w-full h-40",
            custom_attrs={"aria-label": label, "preserveAspectRatio": "none"},
        ),
        rx.el.figcaption(
            _key("bg-(--link)", front), _key("bg-(--soft)", back), class_name="flex flex-wrap gap-4 text-sm"
        ),
        class_name="m-0 flex flex-col gap-2",
    )


def _bar(bar: Bar) -> rx.Component:
    return rx.el.g(
        rx.el.title(bar["title"]),
        rx.el.rect(
            x=bar["back_x"],
            y=bar["back_y"],
            width=bar["width"],
            height=bar["back"],
            class_name="fill-(--soft) opacity-60",
        ),
        rx.el.rect(x=bar["x"], y=bar["front_y"], width=bar["width"], height=bar["front"], class_name="fill-(--link)"),
    )


def _key(colour: str, name: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(class_name=f"inline-block size-3 rounded-sm {colour}", custom_attrs={"aria-hidden": "true"}),
        name,
        class_name="inline-flex items-center gap-2",
    )
