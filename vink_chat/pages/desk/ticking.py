"""Times that change with the seconds."""

from typing import Any

import reflex as rx

_LIBRARY = "$/vink_chat/pages/desk/ticking.jsx"


class Waiting(rx.el.Span):
    """How long somebody waits, and how serious that is (``data-age``: new, long, late).

    Attributes:
        since: When the wait began, ISO 8601.
        units: The short names of a day, an hour and a minute.
    """

    library = _LIBRARY
    tag = "Waiting"
    since: rx.Var[str]
    units: rx.Var[str]


class Left(rx.el.Span):
    """How many seconds are left until something ends.

    Attributes:
        end: When it ends, by the server's clock.
        left: How many seconds were left when it was drawn first.
    """

    library = _LIBRARY
    tag = "Left"
    end: rx.Var[str]
    left: rx.Var[int]


# A wait grows serious: longer than a minute, then longer than five.
_AGES = "tabular-nums font-medium text-(--soft) data-[age=long]:text-(--warn) data-[age=late]:text-(--bad)"


def waiting(since: Any, units: Any, *, classes: str) -> rx.Component:
    """How long somebody waits, where they do."""
    return rx.cond(since != "", Waiting.create(since=since, units=units, class_name=f"{_AGES} {classes}"))


def seconds_left(end: Any, left: Any) -> rx.Component:
    """The seconds that are left; whoever listens is not told each of them."""
    return Left.create(end=end, left=left, class_name="tabular-nums", custom_attrs={"aria-hidden": "true"})
