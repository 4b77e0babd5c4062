"""IP addresses as limits and blocks count them: the IPv6 network of a household is one address."""

import ipaddress


def network_of(address: object) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 network that a household gets of IPv6."""
    try:
        ip = ipaddress.ip_address(address if isinstance(address, str) else "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def networks_of(address: object) -> tuple[str, ...]:
    """Return what counts as one address, narrowest first: for IPv6 also the /56 that a provider's customer gets."""
    network = network_of(address)
    if network.endswith("/64"):
        return network, str(ipaddress.ip_network(network).supernet(new_prefix=56))
    return (network,)
