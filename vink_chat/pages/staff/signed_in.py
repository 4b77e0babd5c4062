"""The mixin of every staff State: who is asking, and how a refusal is shown.

Anybody can call any public handler over the websocket. Each handler of a staff State therefore starts with
``await self._operator()`` or ``await self._admin()``; the cookie of the handshake decides, never an argument.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast
from uuid import UUID

import reflex as rx

from vink_chat import operators
from vink_chat.kit import db
from vink_chat.kit.errors import NotFound, VinkError
from vink_chat.kit.words import DEFAULT_LANGUAGE, best_language
from vink_chat.pages.staff import cookie


class SignedOut(VinkError):
    """Nobody is signed in."""

    sentence = "Войдите, чтобы продолжить."
    status = 401


SESSION_RECHECK_SECONDS: Final = 30.0
"""How long an idle tab's session is believed to be valid: nothing announces that one has expired."""


Handler = TypeVar("Handler", bound=Callable[..., Awaitable[Any]])


def shows_refusals(handler: Handler) -> Handler:
    """Show the refusals of a staff State's handler, so that it need not catch them."""

    @wraps(handler)
    async def shown(self: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return await handler(self, *arguments, **named)
        except VinkError as refusal:
            return self._refuse(refusal)

    return cast("Handler", shown)


class SignedIn(rx.State, mixin=True):
    """Who is asking, from the session cookie."""

    refusal: str = ""
    refusal_number: int = 0

    async def _operator(self, *, counts_as_activity: bool = True) -> operators.SignedIn:
        """Return who is asking.

        Args:
            counts_as_activity: Whether a person did something; a tab that refreshes itself must not keep a session from
                expiring.

        Raises:
            SignedOut: No valid session came with the websocket.
        """
        token = cookie.token_in(self.router.headers.cookie)
        asking = await recognised(token, counts_as_activity=counts_as_activity) if token else None
        if asking is None:
            raise SignedOut
        return asking

    async def _admin(self, *, counts_as_activity: bool = True) -> operators.SignedIn:
        """Return the administrator who is asking; ``counts_as_activity`` as above.

        Raises:
            SignedOut: No valid session came with the websocket.
            Forbidden: The asker is not an administrator.
        """
        asking = await self._operator(counts_as_activity=counts_as_activity)
        asking.require_admin()
        return asking

    def _refuse(self, refusal: VinkError):
        """Show a refusal; an operator who is signed out is sent to the sign-in page."""
        if isinstance(refusal, SignedOut):
            return rx.redirect("/sign-in")
        self.refusal = refusal.say(self._language())
        self.refusal_number += 1
        return None

    def _language(self) -> str:
        wish = self.router.url.query_parameters.get("lang", "")
        return best_language(wish, self.router.headers.accept_language) or DEFAULT_LANGUAGE


async def recognised(token: str, *, counts_as_activity: bool) -> operators.SignedIn | None:
    """Return the operator whose session it is, or None; ``counts_as_activity`` as in ``SignedIn``."""
    if counts_as_activity:
        return await operators.recognise(db.reading, db.transaction, token)
    async with db.reading() as tx:
        return await operators.session_operator(tx, token)


def parse_id(value: object) -> UUID:
    """Return an id that came from a browser: a claim, which the verb it is given to must check.

    Raises:
        NotFound: It is not an id.
    """
    try:
        return UUID(value) if isinstance(value, str) else UUID(None)  # pyright: ignore[reportArgumentType]
    except (ValueError, TypeError, AttributeError):
        raise NotFound from None


class Refusals(SignedIn, mixin=True):
    """A refusal that stays on the page until it is dismissed."""

    @rx.event
    @shows_refusals
    async def forget_refusal(self):
        """Dismiss the refusal."""
        await self._operator()
        self.refusal = ""
