"""Whoever opens one websocket after another waits outside."""

from typing import Any

import pytest

from vink_chat import preferences
from vink_chat.kit import rate_limit
from vink_chat.web.headers import Wrapper


@pytest.fixture(autouse=True)
def _alone():
    rate_limit.use(rate_limit.RateLimiter())
    yield
    rate_limit.use(rate_limit.RateLimiter())


async def connects(address: str, times: int) -> tuple[int, int]:
    """Return how many websockets from an address were let in, and how many were closed at the door."""
    entered, closed = [], []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        del receive, send
        entered.append(scope)

    async def send(message: Any) -> None:
        closed.append(message)

    door = Wrapper(inside)
    for _ in range(times):
        await door({"type": "websocket", "client": (address, 1)}, None, send)
    assert all(message["type"] == "websocket.close" for message in closed)
    return len(entered), len(closed)


async def test_an_address_opens_so_many_websockets_a_minute():
    limit = preferences.current(preferences.Limits).address_per_minute

    assert await connects("203.0.113.7", limit + 5) == (limit, 5)
    assert await connects("203.0.113.8", 1) == (1, 0)
    assert await connects("2001:db8::1", limit) == (limit, 0)
    assert await connects("2001:db8::2", 1) == (0, 1)


async def test_what_comes_from_this_machine_is_let_in():
    limit = preferences.current(preferences.Limits).address_per_minute

    assert await connects("127.0.0.1", limit + 5) == (limit + 5, 0)
