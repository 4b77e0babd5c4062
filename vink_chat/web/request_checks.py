"""Checks of a request: is its origin our own, is its address a proxy's, is its body short enough."""

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


def is_own_origin(origin: str, host: str, scheme: str) -> bool:
    """Tell whether an origin is this chat's own.

    Once the chat is reached over https, a page of the same host over http may be a man in the middle.

    Args:
        origin: The Origin header; «null» is not ours.
        host: The requested host with its port.
        scheme: The request's scheme: http, https, ws or wss; meaningless behind a proxy that is not trusted.
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

_PROXY_HEADERS: Final = ("x-forwarded-for", "x-real-ip", "forwarded")


def is_unnamed_proxy(address: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request was forwarded by a proxy that is not in ``VINK_TRUSTED_PROXIES``.

    For a trusted proxy the server has already replaced the address by a forwarded one.

    Args:
        address: The client address known to the server.
        headers: The request's headers, names in lower case.
    """
    if not any(headers.get(name) for name in _PROXY_HEADERS):
        return False
    hops = (hop.strip() for hop in headers.get("x-forwarded-for", "").split(","))
    return not any(hop == address or hop.startswith((f"{address}:", f"[{address}]")) for hop in hops)


def is_shared(address: str, headers: Mapping[str, str]) -> bool:
    """Tell whether many visitors may share an address: an unnamed proxy's, or this machine's own."""
    return network_of(address) in OURSELVES or is_unnamed_proxy(address, headers)


class ProxyNotice:
    """An ASGI layer that logs once when an unnamed proxy forwards requests."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._logged = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Check the origin of a request, and pass it on."""
        if not self._logged and scope["type"] in {"http", "websocket"}:
            self._look(scope)
        await self._application(scope, receive, send)

    def _look(self, scope: Any) -> None:
        address = (scope.get("client") or ("",))[0]
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if is_unnamed_proxy(address, headers):
            self._logged = True
            log.warning(
                "Requests are forwarded by %s, which VINK_TRUSTED_PROXIES does not name: "
                "everybody behind it counts as one address, with one address's limits",
                address,
            )


_MAX_BODY_BYTES: Final = 64 * 1024


class LimitedBodyRoute(APIRoute):
    """A route that refuses a body over 64 KiB while reading: FastAPI reads the whole body before its handler."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler behind the limit."""
        handle = super().get_route_handler()

        async def measured(request: Request) -> Response:
            return await handle(Request(request.scope, _at_most(_MAX_BODY_BYTES, request.receive)))

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
