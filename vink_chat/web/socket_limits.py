"""How much one connection, one address and all of them together may take of the process.

The server answers whatever a socket sends before any page sees it, and it keeps whatever a client does not read. So the
limits stand here, where bytes arrive: a page of ours stays far below each of them.
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
"""How long a client may take in nothing of what it is sent."""
HANG_UP: Final = "vink_chat.hang_up"
"""Under this name a websocket's scope holds what ends its connection at once, whatever was not sent yet."""

_UNLIMITED_FILES: Final = 1_048_576
# Databases, Redis, the model, pages on disk.
_FILES_KEPT: Final = 128
_FEWEST_CONNECTIONS: Final = 64
# A proxy on this machine that nobody named in the settings would be everybody at once.
OURSELVES: Final = frozenset({"127.0.0.1", "::/64", "unknown"})
"""Addresses that are not limited: this machine itself, and what has no address."""


class TokenBucket:
    """So many at once, so many a second afterwards."""

    __slots__ = ("_at", "_burst", "_per_second", "_tokens")

    def __init__(self, burst: float, per_second: float) -> None:
        self._burst = self._tokens = burst
        self._per_second = per_second
        self._at = time.monotonic()

    def take(self, amount: float = 1) -> bool:
        """Take some; false, and nothing taken, when there are not so many left."""
        moment = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (moment - self._at) * self._per_second)
        self._at = moment
        if self._tokens < amount:
            return False
        self._tokens -= amount
        return True


class AddressCounter:
    """How many of something each address has open (``rate_limit.address_limits``); this machine itself has no limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count one more; false, and nothing counted, when the address or its network has as many as it may."""
        shares = rate_limit.address_limits(address, self._limit)
        if shares[0][0] in OURSELVES:
            return True
        if any(self._open[place] >= allowed for place, allowed in shares):
            return False
        self._open.update(place for place, _ in shares)
        return True

    def leave(self, address: str) -> None:
        """Count one less."""
        for place in addresses.networks_of(address):
            if self._open[place] > 1:
                self._open[place] -= 1
            else:
                del self._open[place]


class Transport(Protocol):
    """What is needed of a connection's transport."""

    def get_extra_info(self, name: str) -> Any:
        """Return what is known of the connection."""
        ...

    def abort(self) -> None:
        """End it at once."""
        ...


class ConnectionRegistry:
    """The open connections of this process.

    Those of a trusted proxy are not counted by address: it carries everybody. What it forwards is counted by the page.

    Args:
        per_address: How many one address may have.
        most: How many there may be; the one that has waited longest for a request of its own makes room.
        trusted: Proxies: addresses or networks with commas between them.
    """

    def __init__(self, per_address: int, most: int, trusted: str = "") -> None:
        self._most = most
        self._trusted = [ipaddress.ip_network(one) for one in trusted.split(",") if one]
        self._counter = AddressCounter(per_address)
        self._addresses: dict[Transport, str] = {}
        # In the order they came.
        self._silent: dict[Transport, None] = {}

    def admit(self, transport: Transport) -> str:
        """Let a connection in; return nothing, or why it may not enter."""
        address = self._address(transport)
        if len(self._addresses) >= self._most and not self._make_room():
            return f"all {self._most} connections are in use"
        if not self._counter.enter(address):
            place = addresses.network_of(address)
            return f"an address has as many connections as it may (its proxy: VINK_TRUSTED_PROXIES): {place}"
        self._addresses[transport] = address
        self._silent[transport] = None
        return ""

    def spoke(self, transport: Transport) -> None:
        """Note that the first request of a connection is whole."""
        self._silent.pop(transport, None)

    def release(self, transport: Transport) -> None:
        """Forget a connection that has ended, if it was let in."""
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
        """Return where a connection comes from; nothing for a trusted proxy, and where there is no address."""
        peer = transport.get_extra_info("peername")
        address = peer[0] if isinstance(peer, tuple) else ""
        if addresses.network_of(address) == "unknown":
            return ""
        return "" if any(ipaddress.ip_address(address) in one for one in self._trusted) else address


def raise_file_limit() -> int:
    """Let this process open as many files as it may, and return how many connections that allows.

    A service is started with 1,024 by default, and each connection is a file.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _UNLIMITED_FILES if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    files = _UNLIMITED_FILES if soft == resource.RLIM_INFINITY else soft
    return max(_FEWEST_CONNECTIONS, files - _FILES_KEPT)
