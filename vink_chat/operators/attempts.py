"""Limits on sign-in attempts: per account, per address and per pair of both, in the memory of this process."""

import math
import time
from typing import Final

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from vink_chat.kit.addresses import network_of, networks_of
from vink_chat.operators import policy
from vink_chat.operators.errors import TooManyAttempts

PER_ACCOUNT: Final = parse("10 per 5 minutes")
# Higher, so that somebody who knows a login cannot lock its owner out from a single address.
PER_ACCOUNT_EVERYWHERE: Final = parse("100 per 5 minutes")
# An office of operators shares one address.
PER_ADDRESS: Final = parse("60 per 5 minutes")
PER_NETWORK: Final = parse("240 per 5 minutes")
LINKS_PER_ADDRESS: Final = parse("20 per 5 minutes")
LINKS_PER_NETWORK: Final = parse("80 per 5 minutes")


class SignInLimiter:
    """Counts attempts. An attempt counts before its password is checked, so a burst cannot slip through."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def attempt(self, login: str, address: object, device: str = "") -> None:
        """Count one attempt; without an address (None), only for the account.

        Args:
            login: As typed.
            address: The client's IP address.
            device: The id of a browser that signed in to this account before; it has a limit of its own, which nobody
                else can use up.

        Raises:
            TooManyAttempts: Too many from this address, for this account from this address, or for this account.
        """
        if device:
            await self._hit(PER_ACCOUNT, "device", _account(login), device)
            return
        if address is not None:
            await self._hit_address(PER_ADDRESS, PER_NETWORK, "address", address)
        await self._hit(PER_ACCOUNT, *_pair(login, address))
        await self._hit(PER_ACCOUNT_EVERYWHERE, "account", _account(login))

    async def try_link(self, address: object) -> None:
        """Count one use of a link, valid or not, from an address.

        Raises:
            TooManyAttempts: Too many from this address.
        """
        await self._hit_address(LINKS_PER_ADDRESS, LINKS_PER_NETWORK, "link", address)

    async def forgive(self, login: str, address: object) -> None:
        """Reset the attempts for an account from an address after a successful sign-in."""
        await self._limiter.clear(PER_ACCOUNT, *_pair(login, address))
        await self._limiter.clear(PER_ACCOUNT_EVERYWHERE, "account", _account(login))

    async def _hit_address(self, limit: RateLimitItem, wider: RateLimitItem, name: str, address: object) -> None:
        narrowest, *networks = networks_of(address)
        await self._hit(limit, name, narrowest)
        for network in networks:
            await self._hit(wider, name, network)

    async def _hit(self, limit: RateLimitItem, *names: str) -> None:
        if await self._limiter.hit(limit, *names):
            return
        window = await self._limiter.get_window_stats(limit, *names)
        raise TooManyAttempts(minutes=max(1, math.ceil((window.reset_time - time.time()) / 60)))


def _pair(login: str, address: object) -> tuple[str, str, str]:
    return "pair", _account(login), network_of(address) if address is not None else ""


def _account(login: str) -> str:
    # Hashed, because people sometimes type their password into this field.
    return policy.token_hash(policy.login_key(login[:100]).encode("unicode_escape").decode()[:200])


limiter = SignInLimiter()
"""The limiter of this process."""


async def try_link(address: object) -> None:
    """Count one use of a link from an address in this process.

    Raises:
        TooManyAttempts: Too many from this address.
    """
    await limiter.try_link(address)
