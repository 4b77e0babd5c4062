"""What every HTTP answer carries: security headers, and how long browsers may keep it."""

import logging
import re
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from vink_chat import config, preferences
from vink_chat.kit import addresses, rate_limit
from vink_chat.web import content_policy
from vink_chat.web.socket_limits import OURSELVES, AddressCounter

log = logging.getLogger("vink_chat.web")

_HASHED: Final = re.compile(r"^/assets/[^/]+-[A-Za-z0-9_-]{8,}\.\w+$")
_KEEP: Final = b"public, max-age=31536000, immutable"
# A frame sandboxed without its own origin may fetch a module only from somebody who lets in everybody.
_OPEN: Final = (b"access-control-allow-origin", b"*")
_REPLACED: Final = {b"cache-control", b"access-control-allow-origin", b"access-control-allow-credentials"}
_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
# A household opens its tabs whatever messages it is allowed.
_CONNECTS: Final = 60
_ONLY_HTTPS: Final = (b"strict-transport-security", b"max-age=31536000")
# Before it is accepted this is a 403, and a page tries again later.
_LATER: Final = {"type": "websocket.close", "code": 1013}


class Wrapper:
    """The outermost ASGI layer of pages and REST."""

    def __init__(self, app: Any) -> None:
        self._app = app
        # Reads the built pages now, not while the first visitor waits.
        content_policy.policy("/")
        self._websockets = AddressCounter(config.current().connections_per_address)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Add headers to an HTTP answer; refuse a websocket to whoever opens too many; everything else passes."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        kept = _HASHED.match(path) or (path.endswith(".js") and b"v=" in scope.get("query_string", b""))

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = _headers(scope, message["headers"], kept=bool(kept), good=message["status"] in {200, 304})
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, answer)

    async def _websocket(self, scope: Any, receive: Any, send: Any) -> None:
        address = (scope.get("client") or ("",))[0]
        place = addresses.network_of(address)
        if not self._websockets.enter(address):
            log.warning("Refusing websockets: too many from %s", place)
            await send(_LATER)
            return
        try:
            if place in OURSELVES or await _may_connect(address):
                await self._app(scope, receive, send)
            else:
                await send(_LATER)
        finally:
            self._websockets.leave(address)


async def _may_connect(address: str) -> bool:
    limit = max(_CONNECTS, preferences.current(preferences.Limits).address_per_minute)
    try:
        await rate_limit.current().admit_address("connect", address, limit)
    except rate_limit.TooFast:
        return False
    return True


def _headers(scope: Any, given: Any, *, kept: bool, good: bool) -> list[tuple[bytes, bytes]]:
    headers = [_relative(pair) for pair in given if not kept or pair[0].lower() not in _REPLACED]
    headers += _HEADERS
    if scope.get("scheme") == "https" or config.current().public_url.startswith("https://"):
        headers.append(_ONLY_HTTPS)
    headers.append((b"content-security-policy", content_policy.policy(scope["path"])))
    if kept:
        headers.append(_OPEN)
    if kept and good:
        headers.append((b"cache-control", _KEEP))
    elif not any(name.lower() == b"cache-control" for name, _ in headers):
        headers.append((b"cache-control", b"no-cache"))
    return headers


def _relative(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """Leave the host out of a redirect: the framework would write the one that the client claims to have asked for."""
    name, value = header
    if name.lower() != b"location":
        return header
    address = urlsplit(value)
    # Two slashes at the beginning would be a host again.
    path = b"/" + address.path.lstrip(b"/\\")
    return name, urlunsplit((b"", b"", path, address.query, address.fragment))
