"""Parts that the administrators' pages share: buttons that save or ask once more, tables, links shown once."""

from typing import Any, Final

import reflex as rx

from vink_chat.components import button
from vink_chat.pages.admin.frame_state import AdminFrame

t = AdminFrame.t
LINK: Final = "text-(--link) underline underline-offset-2"
SMALL: Final = "text-sm text-(--soft) m-0"


def save_button() -> rx.Component:
    """The button that ends a form."""
    return rx.el.div(button(t["save"], look="brand", type="submit", classes="px-6"), class_name="flex")


def confirmed(label: Any, question: Any, act: Any) -> rx.Component:
    """A press that asks once more before it does something that cannot be undone."""
    return rx.el.details(
        rx.el.summary(
            label,
            class_name="inline-flex items-center min-h-11 px-4 rounded-xl border border-(--line) cursor-pointer list-none "
            "text-[.9375rem] font-medium text-(--bad) hover:bg-(--raised)",
        ),
        rx.el.div(
            rx.el.span(question, class_name="text-sm"),
            button(t["yes"], on_click=act, classes="px-4"),
            class_name="flex flex-wrap items-center gap-3 mt-2 p-3 rounded-xl bg-(--raised)",
        ),
    )


def table(label: Any, head: list[Any], body: rx.Component) -> rx.Component:
    """A table that scrolls by itself where the screen is narrow."""
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    *[
                        rx.el.th(
                            title, scope="col", class_name="text-left font-medium text-(--soft) p-2 whitespace-nowrap"
                        )
                        for title in head
                    ]
                )
            ),
            rx.el.tbody(body),
            class_name="w-full text-sm border-collapse tabular-nums",
        ),
        tab_index=0,
        role="region",
        class_name="overflow-x-auto",
        custom_attrs={"aria-label": label},
    )


def cell(*children: Any, **props: Any) -> rx.Component:
    """One cell of a table."""
    return rx.el.td(*children, class_name="p-2 border-t border-(--line) align-top", **props)


def secret_link(link: Any, hint: Any) -> rx.Component:
    """A link that is shown once, with a button that copies it."""
    return rx.el.div(
        rx.el.p(hint, class_name=SMALL),
        rx.el.div(
            rx.el.code(link, class_name="break-all text-sm", custom_attrs={"data-link": ""}),
            button(t["copy"], on_click=rx.set_clipboard(link), classes="px-4 shrink-0"),
            class_name="flex flex-wrap items-center gap-3",
        ),
        class_name="rounded-xl bg-(--badge) p-4 flex flex-col gap-2",
    )
