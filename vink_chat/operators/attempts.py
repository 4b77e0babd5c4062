"""How often one may try to sign in: per account, per address and for both together, in the memory of this process."""

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
# Whoever knows a login must not be able to keep its owner out from a single place.
PER_ACCOUNT_EVERYWHERE: Final = parse("100 per 5 minutes")
# An office of operators shares one address.
PER_ADDRESS: Final = parse("60 per 5 minutes")
PER_NETWORK: Final = parse("240 per 5 minutes")
LINKS_PER_ADDRESS: Final = parse("20 per 5 minutes")
LINKS_PER_NETWORK: Final = parse("80 per 5 minutes")


class SignInLimiter:
    """Counts attempts. An attempt counts before its password is looked at, so a burst cannot slip through."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def attempt(self, login: str, address: object, device: str = "") -> None:
        """Count one attempt; one without an address (None) counts for its account alone.

        Args:
            login: As typed.
            address: Where it comes from.
            device: The number of a browser that signed in to this account before; it has tries of its own, which nobody
                else can use up.

        Raises:
            TooManyAttempts: One too many, from this address, for this account from this address, or for it at all.
        """
        if device:
            await self._hit(PER_ACCOUNT, "device", _account(login), device)
            return
        if address is not None:
            await self._hit_address(PER_ADDRESS, PER_NETWORK, "address", address)
        await self._hit(PER_ACCOUNT, *_pair(login, address))
        await self._hit(PER_ACCOUNT_EVERYWHERE, "account", _account(login))

    async def try_link(self, address: object) -> None:
        """Count one use of a link from an address, whatever it holds.

        Raises:
            TooManyAttempts: Too many from this address.
        """
        await self._hit_address(LINKS_PER_ADDRESS, LINKS_PER_NETWORK, "link", address)

    async def forgive(self, login: str, address: object) -> None:
        """Forget the attempts for an account whose owner has come in from there."""
        await self._limiter.clear(PER_ACCOUNT, *_pair(login, address))
        await self._limiter.clear(PER_ACCOUNT_EVERYWHERE, "account", _account(login))

    async def _hit_address(self, limit: RateLimitItem, wider: RateLimitItem, name: str, address: object) -> None:
        place, *network = networks_of(address)
        await self._hit(limit, name, place)
        for one in network:
            await self._hit(wider, name, one)

    async def _hit(self, limit: RateLimitItem, *names: str) -> None:
        if await self._limiter.hit(limit, *names):
            return
        window = await self._limiter.get_window_stats(limit, *names)
        raise TooManyAttempts(minutes=max(1, math.ceil((window.reset_time - time.time()) / 60)))


def _pair(login: str, address: object) -> tuple[str, str, str]:
    return "pair", _account(login), network_of(address) if address is not None else ""


def _account(login: str) -> str:
    # Hashed, so that what people type into the wrong field is not kept.
    return policy.token_hash(policy.login_key(login[:100]).encode("unicode_escape").decode()[:200])


limiter = SignInLimiter()
"""The throttle of this process."""


async def try_link(address: object) -> None:
    """Count one use of a link from an address in this process.

    Raises:
        TooManyAttempts: Too many from this address.
    """
    await limiter.try_link(address)
