"""Headers of every HTTP response: security headers, Content-Security-Policy, caching.

The built pages contain inline scripts of React Router, Reflex and our own. The policy of each page lists their hashes,
so an injected script does not run. Styles may be inline: React writes ``style`` attributes.
"""

import base64
import hashlib
import logging
import re
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from vink_chat import config, preferences
from vink_chat.kit import addresses, rate_limit
from vink_chat.web import build
from vink_chat.web.socket_limits import OURSELVES, AddressCounter

_INLINE: Final = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_FIXED: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'"
)
# A logo is previewed there before it is saved.
_PREVIEW: Final = "/admin/look"


def content_policy(path: str) -> bytes:
    """Return the Content-Security-Policy of the response at a path."""
    page = path.rstrip("/")
    parts = [
        _FIXED,
        _directive("script-src", *script_hashes(page)),
        _directive("img-src", "data:", *_logo_sources(page)),
        _directive("connect-src", *_public_socket()),
    ]
    # When any site may embed the chat, omit the directive: even «*» excludes a sandboxed page, which has no origin.
    sites = preferences.current(preferences.Look).allowed_sites if page == "/embed" else ()
    if page != "/embed" or sites:
        parts.append(_directive("frame-ancestors", *sites))
    return "; ".join(parts).encode()


def script_hashes(page: str) -> tuple[str, ...]:
    """Return the hashes of a built page's inline scripts; a path without a page gets those of «not found».

    Args:
        page: Its path without the trailing slash.
    """
    name = page.strip("/")
    pages = _hashes_of_pages()
    return pages.get(name or "index", pages.get("404", ()))


@cache
def _hashes_of_pages() -> dict[str, tuple[str, ...]]:
    root = build.folder()
    return {path.relative_to(root).with_suffix("").as_posix(): _hashes(path) for path in sorted(root.rglob("*.html"))}


def _hashes(page: Path) -> tuple[str, ...]:
    scripts = dict.fromkeys(_INLINE.findall(page.read_bytes()))
    return tuple(f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts)


def _directive(name: str, *sources: str) -> str:
    return " ".join((name, "'self'", *sources))


def _logo_sources(page: str) -> tuple[str, ...]:
    if page == _PREVIEW:
        return ("https:",)
    logo = urlsplit(preferences.current(preferences.Look).logo_url)
    return (f"https://{logo.netloc}",) if logo.netloc else ()


def _public_socket() -> tuple[str, ...]:
    # For older Safari, «self» does not cover a websocket of the same origin.
    public = urlsplit(config.current().public_url)
    return (f"{public.scheme.replace('http', 'ws')}://{public.netloc}",) if public.netloc else ()


log = logging.getLogger("vink_chat.web")

_HASHED: Final = re.compile(r"^/assets/[^/]+-[A-Za-z0-9_-]{8,}\.\w+$")
_CACHE_CONTROL: Final = b"public, max-age=31536000, immutable"
# A sandboxed frame without an origin may fetch modules only with a wildcard CORS header.
_OPEN: Final = (b"access-control-allow-origin", b"*")
_REPLACED: Final = {b"cache-control", b"access-control-allow-origin", b"access-control-allow-credentials"}
_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
# Several tabs of one household connect at once, however low the message limit is.
_MIN_CONNECTS_PER_MINUTE: Final = 60
_ONLY_HTTPS: Final = (b"strict-transport-security", b"max-age=31536000")
# Before accepting, this becomes a 403, and the page retries later.
_LATER: Final = {"type": "websocket.close", "code": 1013}


class Wrapper:
    """The outermost ASGI layer of pages and REST."""

    def __init__(self, app: Any) -> None:
        self._app = app
        # Read the built pages now, not while the first visitor waits.
        content_policy("/")
        self._websockets = AddressCounter(config.current().connections_per_address)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Add headers to an HTTP response; refuse a websocket to an address that opens too many."""
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
        network = addresses.network_of(address)
        if not self._websockets.enter(address):
            log.warning("Refusing websockets: too many from %s", network)
            await send(_LATER)
            return
        try:
            if network in OURSELVES or await _may_connect(address):
                await self._app(scope, receive, send)
            else:
                await send(_LATER)
        finally:
            self._websockets.leave(address)


async def _may_connect(address: str) -> bool:
    limit = max(_MIN_CONNECTS_PER_MINUTE, preferences.current(preferences.Limits).address_per_minute)
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
    headers.append((b"content-security-policy", content_policy(scope["path"])))
    if kept:
        headers.append(_OPEN)
    if kept and good:
        headers.append((b"cache-control", _CACHE_CONTROL))
    elif not any(name.lower() == b"cache-control" for name, _ in headers):
        headers.append((b"cache-control", b"no-cache"))
    return headers


def _relative(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """Drop the host from a redirect: the framework would echo the client's Host header."""
    name, value = header
    if name.lower() != b"location":
        return header
    address = urlsplit(value)
    # Two leading slashes would be a host again.
    path = b"/" + address.path.lstrip(b"/\\")
    return name, urlunsplit((b"", b"", path, address.query, address.fragment))
