"""The shop's sign at the head of a chat: its logo, or an icon on its colour."""

from typing import Any

import reflex as rx

from vink_chat.components import icon


def brand_tile(logo: Any) -> rx.Component:
    """Draw the logo; without one, or when it does not load (``data-logo`` in chat.js), the icon."""
    return rx.el.span(
        icon("chat", 22),
        rx.cond(
            logo != "",
            rx.el.img(
                src=logo,
                alt="",
                class_name="absolute inset-0 size-full object-contain bg-white",
                custom_attrs={"data-logo": ""},
            ),
        ),
        class_name="relative grid place-items-center size-10 rounded-xl overflow-hidden bg-(--brand) text-(--on-brand) shrink-0",
    )
