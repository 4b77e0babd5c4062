"""Whether an address is a visitor's own, or that of a proxy in front of the chat that nobody named in the settings."""

from collections.abc import Mapping
from typing import Final

from vink_chat.kit.throttle import neighbourhood
from vink_chat.web.socket_limits import OURSELVES

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
    return neighbourhood(address) in OURSELVES or is_unnamed_proxy(address, headers)
