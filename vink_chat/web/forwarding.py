"""Whether an address is a visitor's own, or that of a proxy in front of the chat that nobody named in the settings."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from vink_chat.kit.addresses import network_of
from vink_chat.web.socket_limits import OURSELVES

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
