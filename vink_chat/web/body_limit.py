"""Forms of strangers: read no further than any form of ours is long."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive
from typing_extensions import override

_LONGEST: Final = 64 * 1024


class ShortForm(APIRoute):
    """A route that refuses a longer body before it is read: FastAPI reads all of it ahead of its handler."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, its request measured."""
        handle = super().get_route_handler()

        async def measured(request: Request) -> Response:
            return await handle(Request(request.scope, _at_most(_LONGEST, request.receive)))

        return measured


def _at_most(left: int, receive: Receive) -> Receive:
    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        return message

    return counted
