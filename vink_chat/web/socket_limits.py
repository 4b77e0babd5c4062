"""Limits on one connection, on one address, and on all connections together.

The server answers what a socket sends before any page sees it, and buffers what a client does not read. So the limits
apply where bytes arrive; our own pages stay far below each of them.
"""

import ipaddress
import resource
import time
from collections import Counter
from typing import Any, Final, Protocol

from vink_chat.kit import addresses, rate_limit

SECONDS_FOR_HEADERS: Final = 10.0
"""How long a client may take for the headers of a request, and a websocket for its handshake."""
SECONDS_FOR_BODY: Final = 20.0
"""How long a body may take, and one second more for every ``BODY_BYTES_A_SECOND`` that have arrived."""
BODY_BYTES_A_SECOND: Final = 4096
SECONDS_WITHOUT_READING: Final = 15.0
"""How long a client may read nothing of what it is sent."""
HANG_UP: Final = "vink_chat.hang_up"
"""The key in a websocket's scope under which a function aborts its connection, dropping unsent data."""

_UNLIMITED_FILES: Final = 1_048_576
# Databases, Redis, the model, pages on disk.
_FILES_KEPT: Final = 128
_FEWEST_CONNECTIONS: Final = 64
# An unnamed proxy on this machine would stand for every visitor.
OURSELVES: Final = frozenset({"127.0.0.1", "::/64", "unknown"})
"""Networks without limits: this machine, and connections without an address."""


class TokenBucket:
    """A rate limit: a burst, then so many per second."""

    __slots__ = ("_at", "_burst", "_per_second", "_tokens")

    def __init__(self, burst: float, per_second: float) -> None:
        self._burst = self._tokens = burst
        self._per_second = per_second
        self._at = time.monotonic()

    def take(self, amount: float = 1) -> bool:
        """Take some tokens; false, taking none, when there are too few."""
        moment = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (moment - self._at) * self._per_second)
        self._at = moment
        if self._tokens < amount:
            return False
        self._tokens -= amount
        return True


class AddressCounter:
    """Counts open connections per address and network (``rate_limit.address_limits``); this machine is not limited."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count one more; false, counting nothing, when the address or its network has reached its limit."""
        shares = rate_limit.address_limits(address, self._limit)
        if shares[0][0] in OURSELVES:
            return True
        if any(self._open[network] >= allowed for network, allowed in shares):
            return False
        self._open.update(network for network, _ in shares)
        return True

    def leave(self, address: str) -> None:
        """Count one less."""
        for network in addresses.networks_of(address):
            if self._open[network] > 1:
                self._open[network] -= 1
            else:
                del self._open[network]


class Transport(Protocol):
    """The part of a transport that is used here."""

    def get_extra_info(self, name: str) -> Any:
        """Return information about the connection."""
        ...

    def abort(self) -> None:
        """Close it at once."""
        ...


class ConnectionRegistry:
    """The open connections of this process.

    Connections of a trusted proxy are not counted by address, because it carries everybody's;
    what it forwards is counted by ``headers.Wrapper``.

    Args:
        per_address: The limit for one address.
        most: The limit for all; above it the connection that has gone longest without a request is closed.
        trusted: Proxies: comma-separated addresses or networks.
    """

    def __init__(self, per_address: int, most: int, trusted: str = "") -> None:
        self._most = most
        self._trusted = [ipaddress.ip_network(network) for network in trusted.split(",") if network]
        self._counter = AddressCounter(per_address)
        self._addresses: dict[Transport, str] = {}
        # Oldest first.
        self._silent: dict[Transport, None] = {}

    def admit(self, transport: Transport) -> str:
        """Admit a connection; return nothing, or why it is refused."""
        address = self._address(transport)
        if len(self._addresses) >= self._most and not self._make_room():
            return f"all {self._most} connections are in use"
        if not self._counter.enter(address):
            network = addresses.network_of(address)
            return f"too many connections from one address (a proxy belongs into VINK_TRUSTED_PROXIES): {network}"
        self._addresses[transport] = address
        self._silent[transport] = None
        return ""

    def spoke(self, transport: Transport) -> None:
        """Note that a connection has sent a complete request."""
        self._silent.pop(transport, None)

    def release(self, transport: Transport) -> None:
        """Forget a closed connection, if it was admitted."""
        self._silent.pop(transport, None)
        if transport in self._addresses:
            self._counter.leave(self._addresses.pop(transport))

    def _make_room(self) -> bool:
        if not self._silent:
            return False
        oldest = next(iter(self._silent))
        self.release(oldest)
        oldest.abort()
        return True

    def _address(self, transport: Transport) -> str:
        """Return the address of a connection; empty for a trusted proxy, and where there is none."""
        peer = transport.get_extra_info("peername")
        address = peer[0] if isinstance(peer, tuple) else ""
        if addresses.network_of(address) == "unknown":
            return ""
        return "" if any(ipaddress.ip_address(address) in network for network in self._trusted) else address


def raise_file_limit() -> int:
    """Raise this process's limit of open files, and return how many connections it allows.

    A service starts with 1,024 by default, and each connection is an open file.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = _UNLIMITED_FILES if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < highest:
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest, hard))
        soft = highest
    files = _UNLIMITED_FILES if soft == resource.RLIM_INFINITY else soft
    return max(_FEWEST_CONNECTIONS, files - _FILES_KEPT)
