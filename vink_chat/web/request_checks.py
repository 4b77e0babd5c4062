"""Where a request comes from and how long it may be: pages of our own, proxies nobody named, forms of strangers."""

import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive
from typing_extensions import override

from vink_chat import config
from vink_chat.kit.addresses import network_of
from vink_chat.web.socket_limits import OURSELVES


def is_ours(origin: str, host: str, scheme: str) -> bool:
    """Tell whether an origin is this chat's.

    A page of the same host under http is somebody in between as soon as the chat itself is reached under https.

    Args:
        origin: As the browser names it; «null» is nobody.
        host: The host that was asked for, with its port.
        scheme: By which it was asked: http, https, ws or wss; behind a proxy that is not trusted it says nothing.
    """
    public = urlsplit(config.current().public_url)
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    if not parts.netloc or parts.netloc not in {host, public.netloc}:
        return False
    is_secure = scheme in {"https", "wss"} or (public.scheme == "https" and public.netloc == parts.netloc)
    return parts.scheme == "https" or (parts.scheme == "http" and not is_secure)


log = logging.getLogger(__name__)

_TOLD_BY_PROXIES: Final = ("x-forwarded-for", "x-real-ip", "forwarded")


def is_unnamed_proxy(address: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request was forwarded by somebody who is not among ``VINK_TRUSTED_PROXIES``.

    Whoever is trusted has been believed already: the address then is one of those forwarded.

    Args:
        address: Where the request comes from, as the server knows it.
        headers: The request's, their names in lower case.
    """
    if not any(headers.get(name) for name in _TOLD_BY_PROXIES):
        return False
    forwarded = (one.strip() for one in headers.get("x-forwarded-for", "").split(","))
    return not any(one == address or one.startswith((f"{address}:", f"[{address}]")) for one in forwarded)


def is_shared(address: str, headers: Mapping[str, str]) -> bool:
    """Tell whether an address may be everybody's: an unnamed proxy's, or this machine's own."""
    return network_of(address) in OURSELVES or is_unnamed_proxy(address, headers)


class ProxyNotice:
    """An ASGI layer that writes one line into the log when an unnamed proxy forwards requests, and no more."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._was_told = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Look at where a request comes from, and pass it on."""
        if not self._was_told and scope["type"] in {"http", "websocket"}:
            self._look(scope)
        await self._application(scope, receive, send)

    def _look(self, scope: Any) -> None:
        address = (scope.get("client") or ("",))[0]
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if is_unnamed_proxy(address, headers):
            self._was_told = True
            log.warning(
                "Requests are forwarded by %s, which VINK_TRUSTED_PROXIES does not name: "
                "everybody behind it counts as one address, with one address's limits",
                address,
            )


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
