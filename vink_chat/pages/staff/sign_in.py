"""The sign-in page, and the welcome page of invitations and reset links."""

from collections import defaultdict
from typing import Any, Final

import reflex as rx

from vink_chat import operators
from vink_chat.components import button, field, post_form, remembered_form
from vink_chat.kit import db
from vink_chat.kit.errors import Forbidden, VinkError
from vink_chat.kit.words import DEFAULT_LANGUAGE, say
from vink_chat.pages.staff import cookie
from vink_chat.pages.staff.signed_in import SignedIn
from vink_chat.pages.staff.words import words

_PROBLEMS: Final[dict[str, type[VinkError]]] = {
    kind.__name__: kind
    for kind in (
        operators.CommonPassword,
        operators.InvalidCredentials,
        operators.OwnAccountDisabled,
        operators.TooManyAttempts,
        operators.LinkExpired,
        operators.LoginTaken,
        operators.PasswordIsLogin,
        operators.InvalidLogin,
        operators.InvalidName,
        operators.InvalidPassword,
        Forbidden,
    )
}


class Entrance(SignedIn, rx.State):
    """The sign-in form and the welcome of invitations and reset links."""

    t: dict[str, str] = words(DEFAULT_LANGUAGE)
    problem: str = ""
    token: str = ""
    purpose: str = ""
    name: str = ""

    @rx.event
    async def enter(self):
        """Show the form, and why the last session ended; an operator who is signed in goes to the desk."""
        self.t = words(self._language())
        self.problem = self._problem()
        try:
            await self._operator()
        except VinkError:
            self.problem = self.problem or await self._ending()
            return None
        return rx.redirect("/desk")

    @rx.event
    async def welcome(self):
        """Show the form that belongs to the link in the address."""
        self.t = words(self._language())
        self.problem = self._problem()
        self.token = self.router.url.query_parameters.get("token", "")[:200]
        try:
            async with db.reading() as tx:
                link = await operators.preview_link(tx, self.token)
        except VinkError:
            self.purpose = "spent"
            return
        self.purpose, self.name = link.purpose.value, link.name

    async def _ending(self) -> str:
        """Say why the session of this browser's cookie ended; the cookie proves that it was theirs."""
        async with db.reading() as tx:
            ended = await operators.why_ended(tx, cookie.token_in(self.router.headers.cookie))
        return ended.say(self._language()) if ended else ""

    def _problem(self) -> str:
        query = self.router.url.query_parameters
        kind = _PROBLEMS.get(query.get("problem", ""))
        if kind is None:
            return ""
        numbers = {name: value for name, value in query.items() if value.isdigit()}
        return say(kind.sentence, self._language()).format_map(defaultdict(lambda: "…", numbers))


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
    """The page of an invitation or a reset link."""
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


def _card(title: str, *children: Any) -> rx.Component:
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
