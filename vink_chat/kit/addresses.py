"""IP addresses as limits and blocks count them: a household's whole IPv6 network is one address."""

import ipaddress


def network_of(address: object) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 one household gets of IPv6."""
    try:
        place = ipaddress.ip_address(address if isinstance(address, str) else "")
    except ValueError:
        return "unknown"
    if isinstance(place, ipaddress.IPv6Address):
        mapped = place.ipv4_mapped
        return str(mapped or ipaddress.ip_network((place, 64), strict=False))
    return str(place)


def networks_of(address: object) -> tuple[str, ...]:
    """Return what counts as one address, the narrowest first: of IPv6 also the /56 a customer is given."""
    place = network_of(address)
    if place.endswith("/64"):
        return place, str(ipaddress.ip_network(place).supernet(new_prefix=56))
    return (place,)
