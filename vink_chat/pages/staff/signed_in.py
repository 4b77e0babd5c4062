"""The mixin every staff State begins with: who is asking, and how a refusal is shown.

Every public handler can be called by anybody over the websocket. Each one of a staff State therefore starts with
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
    """Nobody is signed in here."""

    sentence = "Войдите, чтобы продолжить."
    status = 401


TRUST: Final = 30.0
"""For so many seconds a tab that only looks is believed to have its session still; age is announced by nobody."""


Handler = TypeVar("Handler", bound=Callable[..., Awaitable[Any]])


def shows_refusals(handler: Handler) -> Handler:
    """Let a handler of a staff State show what it is refused, wherever in it that happens."""

    @wraps(handler)
    async def shown(self: "SignedIn", *arguments: Any, **named: Any) -> Any:
        try:
            return await handler(self, *arguments, **named)
        except VinkError as refusal:
            return self._refuse(refusal)

    return cast("Handler", shown)


class SignedIn(rx.State, mixin=True):
    """Who is asking, from the session cookie."""

    refusal: str = ""
    refusal_number: int = 0

    async def _operator(self, *, acts: bool = True) -> operators.SignedIn:
        """Return who is asking.

        Args:
            acts: Whether a person does something; a tab that only looks after itself does not keep a session from
                running out.

        Raises:
            SignedOut: No valid session came with the websocket.
        """
        token = cookie.token_in(self.router.headers.cookie)
        asking = await recognised(token, acts=acts) if token else None
        if asking is None:
            raise SignedOut
        return asking

    async def _admin(self, *, acts: bool = True) -> operators.SignedIn:
        """Return the administrator who is asking; ``acts`` as above.

        Raises:
            SignedOut: No valid session came with the websocket.
            Forbidden: The asker is no administrator.
        """
        asking = await self._operator(acts=acts)
        asking.require_admin()
        return asking

    def _refuse(self, refusal: VinkError):
        """Show a refusal; one who is signed out is sent to the sign-in page."""
        if isinstance(refusal, SignedOut):
            return rx.redirect("/sign-in")
        self.refusal = refusal.say(self._language())
        self.refusal_number += 1
        return None

    def _language(self) -> str:
        wish = self.router.url.query_parameters.get("lang", "")
        return best_language(wish, self.router.headers.accept_language) or DEFAULT_LANGUAGE


async def recognised(token: str, *, acts: bool) -> operators.SignedIn | None:
    """Return whose a session is, or nothing; ``acts`` as in ``SignedIn``."""
    if acts:
        return await operators.recognise(db.reading, db.transaction, token)
    async with db.reading() as tx:
        return await operators.session_operator(tx, token)


def an_id(value: object) -> UUID:
    """Return an id that came from a browser; a claim, to be checked by the verb it is given to.

    Raises:
        NotFound: It is no id.
    """
    try:
        return UUID(value) if isinstance(value, str) else UUID(None)  # pyright: ignore[reportArgumentType]
    except (ValueError, TypeError, AttributeError):
        raise NotFound from None


class Refusals(SignedIn, mixin=True):
    """A refusal that stays on the page until it is put away by hand."""

    @rx.event
    @shows_refusals
    async def forget_refusal(self):
        """Put the refusal away."""
        await self._operator()
        self.refusal = ""
