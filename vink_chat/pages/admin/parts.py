"""Parts shared by the admin pages: save and confirmation buttons, tables, links shown once."""

from typing import Any, Final

import reflex as rx

from vink_chat.components import button
from vink_chat.pages.admin.frame import AdminFrame

t = AdminFrame.t
LINK: Final = "text-(--link) underline underline-offset-2"
SMALL: Final = "text-sm text-(--soft) m-0"


def save_button() -> rx.Component:
    """The button that ends a form."""
    return rx.el.div(button(t["save"], look="brand", type="submit", classes="px-6"), class_name="flex")


def confirmed(label: Any, question: Any, act: Any, *, key: Any, what: Any = None) -> rx.Component:
    """A button that asks for confirmation in the browser's own popover; Escape, a click outside or «Отмена» close it.

    Args:
        label: What the button does, a verb.
        question: The question, with the consequences.
        act: The event.
        key: An id unique on the page.
        what: The button's accessible name where several on the page have the same label.
    """
    return rx.fragment(
        button(
            label,
            classes="px-3.5 text-(--bad)",
            custom_attrs={
                "popoverTarget": key,
                "aria-haspopup": "dialog",
                **({} if what is None else {"aria-label": what}),
            },
        ),
        rx.el.div(
            rx.el.p(question, id=key + "-question", class_name="m-0 text-base"),
            rx.el.div(
                button(
                    t["cancel"],
                    classes="px-4",
                    auto_focus=True,
                    custom_attrs={"popoverTarget": key, "popoverTargetAction": "hide"},
                ),
                button(
                    label,
                    look="danger",
                    on_click=act,
                    custom_attrs={"popoverTarget": key, "popoverTargetAction": "hide"},
                ),
                class_name="flex flex-wrap justify-end gap-3",
            ),
            id=key,
            role="alertdialog",
            class_name="m-auto max-w-md w-[calc(100%-2rem)] p-5 rounded-2xl border border-(--line) bg-(--surface) "
            "text-(--ink) flex-col gap-5 shadow-xl backdrop:bg-black/40 [&:popover-open]:flex",
            custom_attrs={"popover": "auto", "aria-labelledby": key + "-question"},
        ),
    )


def table(label: Any, head: list[Any], body: rx.Component) -> rx.Component:
    """A table that scrolls sideways on a narrow screen."""
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
