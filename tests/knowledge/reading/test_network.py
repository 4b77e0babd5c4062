"""Which addresses belong to the internet."""

import pytest

from tests.knowledge.reading.sites import PUBLIC
from vink_chat.knowledge.reading.network import is_public


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104  an address to refuse
            "224.0.0.1",
        ),
        *("255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::127.0.0.1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1"),
        *("fd00:ec2::254", "кто", ""),
        # Inside a cloud, of a relay, for examples, and tunnels that carry a private address in their second half.
        *("168.63.129.16", "::ffff:168.63.129.16", "64:ff9b::a83f:8110", "192.88.99.1", "3fff::1", "3fff:fff::1"),
        *("2a02:6b8::5efe:10.0.0.1", "2a02:6b8::200:5efe:192.168.1.1", "2a02:6b8::5efe:127.0.0.1"),
    ],
)
def test_addresses_that_are_not_of_the_internet_are_known(address: str):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [PUBLIC, "8.8.8.8", "168.63.129.17", "2a02:6b8::2:242", "::ffff:8.8.8.8", "64:ff9b::808:808", "2a02:6b8::5eff:1:1"],
)
def test_addresses_of_the_internet_are_known(address: str):
    assert is_public(address)
