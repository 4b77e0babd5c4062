"""Who is one and the same to the throttle."""

import pytest

from vink_chat.kit.addresses import network_of
from vink_chat.kit.rate_limit import HOUR, RateLimiter, TooFast


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("testclient", "unknown"),
        (None, "unknown"),
    ],
)
def test_one_household_is_one_address(address: object, counted: str):
    assert network_of(address) == counted


async def test_another_address_of_the_same_household_is_no_way_around():
    throttle = RateLimiter()
    for host in range(5):
        await throttle.admit(f"address:{network_of(f'2001:db8::{host:x}')}", 5)

    with pytest.raises(TooFast):
        await throttle.admit(f"address:{network_of('2001:db8::ffff')}", 5)
    await throttle.admit(f"address:{network_of('2001:db8:0:1::1')}", 5)


async def test_a_window_of_an_hour_is_no_window_of_a_minute():
    throttle = RateLimiter()
    for _ in range(2):
        await throttle.admit_address("call", "203.0.113.7", 2, HOUR)

    with pytest.raises(TooFast) as refusal:
        await throttle.admit_address("call", "203.0.113.7", 2, HOUR)
    await throttle.admit_address("call", "203.0.113.7", 2)
    assert 3500 < refusal.value.seconds <= 3600
    assert refusal.value.values["minutes"] in {59, 60}


async def test_a_customer_with_many_networks_has_no_more_than_four_times_as_much():
    throttle = RateLimiter()
    for number in range(8):
        await throttle.admit_address("call", f"2001:db8:0:{number:x}::1", 2, HOUR)

    with pytest.raises(TooFast):
        await throttle.admit_address("call", "2001:db8:0:9::1", 2, HOUR)
