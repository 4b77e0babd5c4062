"""The sign-in page and the welcome page of links."""

from typing import Any

import reflex as rx

from vink_chat.components import button, field, post_form, remembered_form
from vink_chat.pages.staff.state import Entrance

t = Entrance.t


def sign_in() -> rx.Component:
    """Login and password."""
    return _card(
        t["title"],
        remembered_form(
            field(t["login"], "login", auto_complete="username", required=True, auto_focus=True),
            field(t["password"], "password", type="password", auto_complete="current-password", required=True),
            button(t["enter"], look="brand", type="submit"),
            action="/auth/sign-in",
            remembered=["login"],
            then="password",
            class_name="flex flex-col gap-4",
        ),
    )


def welcome() -> rx.Component:
    """What an invitation or a reset link leads to."""
    return _card(
        t["welcome"],
        rx.match(
            Entrance.purpose,
            ("", rx.fragment()),
            ("reset", _reset()),
            ("invite", _account()),
            ("first_admin", _account()),
            rx.el.div(
                rx.el.p(t["spent"], class_name="m-0 mb-3"),
                rx.el.a(t["to_sign_in"], href="/sign-in", class_name="text-(--link) underline"),
            ),
        ),
    )


def _account() -> rx.Component:
    return remembered_form(
        rx.el.p(t["choose"], class_name="m-0 text-(--soft)"),
        rx.el.input(type="hidden", name="token", value=Entrance.token, read_only=True),
        field(t["name"], "name", default_value=Entrance.name, auto_complete="name"),
        field(t["login"], "login", auto_complete="username", required=True),
        field(t["password"], "password", type="password", auto_complete="new-password", required=True),
        button(t["create"], look="brand", type="submit"),
        action="/auth/accept",
        remembered=["name", "login"],
        then="password",
        class_name="flex flex-col gap-4",
    )


def _reset() -> rx.Component:
    return post_form(
        rx.el.input(type="hidden", name="token", value=Entrance.token, read_only=True),
        field(t["new_password"], "password", type="password", auto_complete="new-password", required=True),
        button(t["reset"], look="brand", type="submit"),
        action="/auth/reset",
        class_name="flex flex-col gap-4",
    )


def _card(title: Any, *children: rx.Component) -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.h1(title, class_name="text-xl font-semibold m-0 mb-5"),
            rx.el.div(
                rx.cond(
                    Entrance.problem != "",
                    rx.el.p(Entrance.problem, class_name="m-0 mb-4 text-(--bad)"),
                ),
                role="alert",
            ),
            *children,
            class_name="w-full max-w-sm bg-(--surface) rounded-2xl shadow-(--shadow) p-6 sm:p-8",
        ),
        class_name="min-h-dvh grid place-items-center p-4 bg-(--ground)",
    )
