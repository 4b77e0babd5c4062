"""Bar charts by day with values and a scale; for screen readers they are lists."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, TypedDict

import reflex as rx
from babel.dates import format_date

Text = Callable[[float], str]

# Where a scale may end; half of each is round too.
COUNTS: Final = (2, 4, 10, 20, 40, 100, 200, 400, 1000, 2000, 4000, 10_000)
SECONDS: Final = (10, 20, 40, 60, 120, 240, 600, 1200, 2400, 3600, 7200, 14_400, 28_800, 86_400)
_LINES: Final = 3
_MAX_NAMED_COLUMNS: Final = 14
_NAMED_EVERY: Final = 5


class Bar(TypedDict):
    """One day of a plot: a part (front) beside its whole (back), as heights and as texts.

    Attributes:
        about: The day and both values in words.
        named: Whether its date and values are shown: with many narrow bars only every fifth, counted from the newest.
    """

    weekday: str
    number: str
    front: str
    back: str
    front_text: str
    back_text: str
    about: str
    named: bool


class Plot(NamedTuple):
    """Bars, the newest day first, and their scale.

    Attributes:
        scale: The labels of the lines across the plot, highest first: the top, its half, and 0.
    """

    bars: list[Bar]
    scale: list[str]


def count(value: float) -> str:
    """Format a whole number."""
    return f"{value:.0f}"


def make_plot(
    values: Sequence[tuple[float | None, float | None]],
    days: Sequence[date],
    keys: tuple[str, str],
    *,
    language: str,
    tops: Sequence[int] = COUNTS,
    text: Text = count,
) -> Plot:
    """Return the plot of (part, whole) by day, oldest first; an empty one without values.

    Args:
        values: The part is at most the whole; None where nothing was measured.
        days: The days of the values.
        keys: The names of part and whole.
        language: The language of the days' names.
        tops: Where a scale may end; above the last one it ends at the highest value.
        text: Formats a value.
    """
    highest = max((whole or 0 for _, whole in values), default=0)
    if not highest:
        return Plot([], [])
    top = next((top for top in tops if top >= highest), highest)
    bars = [_bar(pair, day, keys, top, text, language) for pair, day in zip(values, days, strict=True)][::-1]
    if len(bars) > _MAX_NAMED_COLUMNS:
        for at, bar in enumerate(bars):
            bar["named"] = at % _NAMED_EVERY == 0
    return Plot(bars, [text(top * line / (_LINES - 1)) for line in reversed(range(_LINES))])


def _bar(
    pair: tuple[float | None, float | None], day: date, keys: tuple[str, str], top: float, text: Text, language: str
) -> Bar:
    front, back = (None if value is None else text(value) for value in pair)
    values = [f"{key}: {value}" for key, value in zip(keys, (front, back), strict=True) if value is not None]
    return Bar(
        weekday=format_date(day, "EEE", locale=language),
        number=str(day.day),
        front=f"{(pair[0] or 0) / top:.2%}",
        back=f"{(pair[1] or 0) / top:.2%}",
        front_text=(front or "") if pair[1] else "",
        back_text=back or "",
        about=f"{format_date(day, 'd MMMM', locale=language)} — {', '.join(values) or '—'}",
        named=True,
    )


def plot(bars: Any, scale: Any, label: Any, keys: tuple[Any, Any], nothing: Any) -> rx.Component:
    """A plot with its legend, or a sentence when it is empty."""
    return rx.cond(
        bars.length() > 0,
        rx.el.figure(
            rx.el.div(_scale(scale), _days(bars, label), class_name="flex gap-2"),
            rx.el.figcaption(
                _key("bg-(--soft)/70", keys[1]),
                _key("bg-(--link)", keys[0]),
                class_name="flex flex-wrap gap-x-4 gap-y-1 text-sm",
            ),
            class_name="m-0 flex flex-col gap-3",
        ),
        rx.el.p(nothing, class_name="m-0 text-sm text-(--soft)"),
    )


def _scale(scale: Any) -> rx.Component:
    return rx.el.div(
        rx.foreach(scale, lambda mark: rx.el.span(mark, class_name="h-0 flex items-center justify-end")),
        class_name="mt-9 h-36 flex flex-col justify-between text-xs text-(--soft) tabular-nums shrink-0",
        custom_attrs={"aria-hidden": "true"},
    )


def _days(bars: Any, label: Any) -> rx.Component:
    """The bars over the lines of the scale, newest on the right; they shrink until all fit."""
    return rx.el.div(
        rx.el.div(
            *[rx.el.div(class_name="border-t border-(--line)") for _ in range(_LINES)],
            class_name="absolute inset-x-0 top-9 h-36 flex flex-col justify-between",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.ol(
            rx.foreach(bars, _day),
            tab_index=0,
            role="list",
            class_name="relative list-none m-0 p-0 pt-9 pb-1 flex flex-row-reverse",
            custom_attrs={"aria-label": label, "data-plot": ""},
        ),
        class_name="relative flex-1 min-w-0",
    )


def _day(bar: Bar) -> rx.Component:
    middle, hidden = "absolute left-1/2 -translate-x-1/2 ", rx.cond(bar["named"], "", "opacity-0").to(str)
    return rx.el.li(
        rx.el.span(bar["about"], class_name="visually-hidden"),
        rx.el.div(
            rx.el.div(
                # Side by side: overlapping bars would look stacked, as if they added up.
                rx.el.div(
                    class_name="absolute right-1/2 bottom-0 w-3/10 max-w-8 bg-(--soft)/70",
                    style={"height": bar["back"]},
                ),
                rx.el.div(
                    class_name="absolute left-1/2 bottom-0 w-3/10 max-w-8 bg-(--link)", style={"height": bar["front"]}
                ),
                rx.el.div(
                    rx.el.span(bar["back_text"], class_name="font-medium"),
                    rx.el.span(bar["front_text"], class_name="text-(--link)"),
                    style={"bottom": bar["back"]},
                    class_name=f"{middle} px-0.5 mb-0.5 bg-(--surface) flex flex-col items-center leading-tight "
                    + hidden,
                ),
                class_name="relative h-36",
            ),
            rx.el.div(
                rx.el.span(bar["number"], class_name="font-medium"),
                rx.el.span(bar["weekday"], class_name="text-(--soft)"),
                class_name="pt-1.5 flex flex-col items-center leading-tight whitespace-nowrap " + hidden,
            ),
            class_name="text-xs tabular-nums",
            custom_attrs={"aria-hidden": "true"},
        ),
        class_name="relative flex-1 min-w-0",
    )


def _key(colour: str, name: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(class_name=f"inline-block size-3 rounded-sm {colour}", custom_attrs={"aria-hidden": "true"}),
        name,
        class_name="inline-flex items-center gap-2",
    )
