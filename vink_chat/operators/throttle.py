"""How often one may try to sign in: per account, per address and for both together, in the memory of this process."""

import math
import time
from typing import Final

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from vink_chat.kit.throttle import neighbourhood
from vink_chat.operators import policy
from vink_chat.operators.errors import TooManyAttempts

PER_ACCOUNT: Final = parse("10 per 5 minutes")
# Whoever knows a login must not be able to keep its owner out from a single place.
PER_ACCOUNT_EVERYWHERE: Final = parse("100 per 5 minutes")
# An office of operators shares one address.
PER_ADDRESS: Final = parse("60 per 5 minutes")


class Throttle:
    """Counts attempts. An attempt counts before its password is looked at, so a burst cannot slip through."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def attempt(self, login: str, address: object) -> None:
        """Count one attempt; one without an address (None) counts for its account alone.

        Raises:
            TooManyAttempts: One too many, from this address, for this account from this address, or for it at all.
        """
        if address is not None:
            await self._hit(PER_ADDRESS, "address", neighbourhood(address))
        await self._hit(PER_ACCOUNT, *_pair(login, address))
        await self._hit(PER_ACCOUNT_EVERYWHERE, "account", _account(login))

    async def forgive(self, login: str, address: object) -> None:
        """Forget the attempts for an account whose owner has come in from there."""
        await self._limiter.clear(PER_ACCOUNT, *_pair(login, address))
        await self._limiter.clear(PER_ACCOUNT_EVERYWHERE, "account", _account(login))

    async def _hit(self, limit: RateLimitItem, *names: str) -> None:
        if await self._limiter.hit(limit, *names):
            return
        window = await self._limiter.get_window_stats(limit, *names)
        raise TooManyAttempts(minutes=max(1, math.ceil((window.reset_time - time.time()) / 60)))


def _pair(login: str, address: object) -> tuple[str, str, str]:
    return "pair", _account(login), neighbourhood(address) if address is not None else ""


def _account(login: str) -> str:
    # Hashed, so that what people type into the wrong field is not kept.
    return policy.token_hash(policy.login_key(login[:100]).encode("unicode_escape").decode()[:200])


throttle = Throttle()
"""The throttle of this process."""
