"""The panels of a settings page, and the feedback on its forms."""

from typing import Any

import reflex as rx


def panel(title: Any, *children: Any, **props: Any) -> rx.Component:
    """A part of a page under its own heading."""
    return rx.el.section(
        rx.el.h2(title, class_name="text-lg font-semibold m-0"),
        *children,
        class_name="bg-(--surface) rounded-2xl border border-(--line) p-4 sm:p-5 flex flex-col gap-4 min-w-0",
        **props,
    )


def form_feedback(*states: Any) -> rx.Component:
    """The result of the last form of each State: saved, or why it was refused. It stays in view on a long page.

    A refusal of a field is shown beside the field; here only screen readers get it.
    """
    line = "m-0 px-4 py-3 rounded-xl shadow-(--shadow) border bg-(--surface) "

    def saved(state: Any) -> rx.Component:
        looks = f"{line} border-(--good) text-(--good) font-medium"
        return rx.cond(state.saved != "", rx.el.p(state.saved, class_name=looks))

    def refused(state: Any) -> rx.Component:
        looks, key = f"{line} border-(--bad) text-(--bad)", state.refusal_number.to_string()
        if hasattr(state, "at_field"):
            looks = rx.cond(state.at_field, "visually-hidden", looks)
        return rx.cond(state.refusal != "", rx.el.p(state.refusal, key=key, class_name=looks))

    stack = "flex flex-col items-center sm:items-end gap-2"
    return rx.el.div(
        rx.el.div(*map(saved, states), role="status", class_name=stack),
        rx.el.div(*map(refused, states), role="alert", class_name=stack),
        # In the upper corner: the save buttons are at the ends of forms.
        class_name=f"fixed top-4 inset-x-4 z-20 {stack} pointer-events-none",
    )
