"""What the sign-in pages know: a sentence to show, and what a link is good for."""

from collections import defaultdict
from typing import Final

import reflex as rx

from vink_chat import operators
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
        """Show the form, and why the session is over; one who is signed in already goes on to the desk."""
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
        """Show what the link in the address is good for."""
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
        """Say why the session of this browser's cookie is over; that alone proves whose it was."""
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
