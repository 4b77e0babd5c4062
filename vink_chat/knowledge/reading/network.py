"""The way to public addresses only: a name is resolved once, checked, and the connection goes to what was checked."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from typing import Final, Protocol

import httpx

from vink_chat.knowledge.reading.errors import NoSuchSite, NotAWebAddress, NotPublic, OtherSite

_TRIED: Final = 4
_MAX_ADDRESS: Final = 2_000
_PORTS: Final = {None, 80, 443}
_IPV6_UNICAST: Final = ipaddress.ip_network("2000::/3")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
# The machines of Azure ask their host there; relays of 6to4 (RFC 7526); examples (RFC 9637).
_NOT_PUBLIC: Final = tuple(ipaddress.ip_network(net) for net in ("168.63.129.16/32", "192.88.99.0/24", "3fff::/20"))
# RFC 5214, 6.1: what an ISATAP address has before its IPv4 address; the bit of a unique one is left out.
_ISATAP: Final = 0x5EFE
_UNIQUE: Final = 0x0200_0000


class Network(Protocol):
    """How names become addresses, and addresses connections."""

    async def resolve(self, host: str) -> Sequence[str]:
        """Return the IP addresses of a host; none when it has none."""
        ...

    def dial(self, address: str, port: int) -> tuple[str, int]:
        """Return where to connect to for a checked address."""
        ...

    def trust(self) -> ssl.SSLContext:
        """Return the certificates to trust."""
        ...


class Internet:
    """The resolver and the routes of this machine."""

    async def resolve(self, host: str) -> Sequence[str]:
        """Ask the system's resolver."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return ()
        return tuple(dict.fromkeys(str(address[0]) for *_, address in found))

    def dial(self, address: str, port: int) -> tuple[str, int]:
        """Connect to the address itself."""
        return address, port

    def trust(self) -> ssl.SSLContext:
        """Trust the usual authorities."""
        return httpx.create_ssl_context(trust_env=False)


def web_address(text: str) -> httpx.URL:
    """Return an address that may be read.

    Raises:
        NotAWebAddress: It is of another kind, has a password or an unusual port, or is none.
    """
    try:
        url = httpx.URL(text.strip()).copy_with(fragment=None)
        host = url.raw_host
    except (httpx.InvalidURL, ValueError, UnicodeError, TypeError):
        raise NotAWebAddress from None
    usual = url.scheme in {"http", "https"} and url.port in _PORTS
    if not usual or not host or url.userinfo or len(text) > _MAX_ADDRESS:
        raise NotAWebAddress
    return url


def own_address(text: str, host: str) -> httpx.URL:
    """Return an address that may be read and is of a site.

    Raises:
        NotAWebAddress: As ``web_address`` says.
        OtherSite: It is of another host.
    """
    url = web_address(text)
    if url.host != host:
        raise OtherSite
    return url


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the internet, also when it stands inside another one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None:
            # A tunnel's address says by itself where the packets go.
            isatap = int(ip) >> 32 & 0xFFFFFFFF & ~_UNIQUE == _ISATAP
            is_tunnel = isatap or ip.sixtofour is not None or ip.teredo is not None
            return ip in _IPV6_UNICAST and ip.is_global and not is_tunnel and not _is_refused(ip)
        ip = inner
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not _is_refused(ip)


def _is_refused(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(ip in network for network in _NOT_PUBLIC)


class PublicTransport(httpx.AsyncBaseTransport):
    """Sends requests to public addresses.

    Between a check and a connection by name a hostile DNS server could change its answer. So the request goes to the
    checked IP address, while its Host header and the name its certificate must bear stay those of the site.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        # No connection is kept: it would be found again by its IP address, which sites share.
        self._inner = httpx.AsyncHTTPTransport(
            verify=network.trust(), trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first address that takes a connection.

        Raises:
            NoSuchSite: The name has no address.
            NotPublic: One of its addresses is not of the internet.
        """
        host = request.url.raw_host.decode("ascii")
        addresses = await self._network.resolve(host)
        if not addresses:
            raise NoSuchSite
        if not all(is_public(address) for address in addresses):
            raise NotPublic
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        failure: httpx.TransportError = httpx.ConnectError("no address")
        for address in addresses[:_TRIED]:
            try:
                return await self._inner.handle_async_request(self._addressed(request, host, address, port))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addressed(self, request: httpx.Request, host: str, address: str, port: int) -> httpx.Request:
        to_host, to_port = self._network.dial(address, port)
        return httpx.Request(
            request.method,
            request.url.copy_with(host=to_host, port=to_port),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )

    async def aclose(self) -> None:
        """Close what is open."""
        await self._inner.aclose()
