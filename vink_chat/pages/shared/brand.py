"""The shop's logo, or an icon on its brand colour."""

from typing import Any

import reflex as rx

from vink_chat.components import icon


class Logo(rx.Component):
    """The image, hidden if it does not load."""

    library = "$/vink_chat/pages/shared/logo.jsx"
    tag = "Logo"
    address: rx.Var[str]


class BrokenLogo(rx.Component):
    """A paragraph that is shown if an image does not load."""

    library = "$/vink_chat/pages/shared/logo.jsx"
    tag = "BrokenLogo"
    address: rx.Var[str]
    role: rx.Var[str]


def broken_logo(text: Any, *, address: Any, **props: Any) -> rx.Component:
    """Say that a logo does not load, if it does not."""
    return BrokenLogo.create(text, address=address, **props)


def brand_tile(logo: Any) -> rx.Component:
    """Draw the logo; without one, or when it does not load, the icon."""
    return rx.el.span(
        icon("chat", 22),
        rx.cond(
            logo != "",
            Logo.create(address=logo, class_name="absolute inset-0 size-full object-contain bg-white"),
        ),
        class_name="relative grid place-items-center size-10 rounded-xl overflow-hidden bg-(--brand) text-(--on-brand) shrink-0",
    )
