"""How often is too often: sliding windows over the library ``limits``, in memory or in Redis."""

import math
import time
from typing import Any, Final, cast

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from vink_chat.kit.addresses import networks_of
from vink_chat.kit.errors import VinkError

_WAIT_AT_LEAST: Final = 1
_SWEEP: Final = 30.0
# A window is a handful of commands: a Redis that needs longer is no help, and is left alone for a while.
_SECONDS: Final = 1.0
_ALONE: Final = 10.0
_NETWORK: Final = 4

MINUTE: Final = RateLimitItemPerMinute
HOUR: Final = RateLimitItemPerHour


class TooFast(VinkError):
    """More messages than one visitor, or one address, may send.

    Attributes:
        seconds: When to try again, counted from now.
    """

    sentence = "Слишком много сообщений подряд. Подождите {seconds} с и отправьте ещё раз."
    status = 429

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds=seconds, minutes=math.ceil(seconds / 60))


class _Memory(MemoryStorage):
    """Forgets who is long gone once in a while; the library would look everybody through after every hit."""

    _swept = 0.0

    async def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802  the library's own name for it
        if time.monotonic() - self._swept > _SWEEP:
            self._swept = time.monotonic()
            await super()._MemoryStorage__schedule_expiry()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


class RateLimiter:
    """The windows of one process, or over Redis those of all; while Redis is out of reach each process counts alone."""

    def __init__(self, redis_url: str = "") -> None:
        self._storages: list[Storage] = [_Memory()]
        if redis_url:
            patience = {"socket_timeout": _SECONDS, "socket_connect_timeout": _SECONDS, "retry": Retry(NoBackoff(), 0)}
            url = f"async+{redis_url}"
            # The library's own annotations know no options that are no strings.
            shared: Any = RedisStorage(url, implementation="redispy", wrap_exceptions=True, **cast("Any", patience))
            self._storages.insert(0, shared)
        self._limiters = [MovingWindowRateLimiter(storage) for storage in self._storages]
        self._alone_until = 0.0

    async def admit(self, who: str, most: int, window: type[RateLimitItem] = MINUTE) -> None:
        """Count one more from somebody.

        Raises:
            TooFast: There were ``most`` in the last minute, or whatever the window is, already.
        """
        item = window(most)
        shared, own = self._limiters[0], self._limiters[-1]
        try:
            await _count(shared if time.monotonic() >= self._alone_until else own, item, who)
        except StorageError:
            self._alone_until = time.monotonic() + _ALONE
            await _count(own, item, who)

    async def admit_address(self, what: str, address: object, most: int, window: type[RateLimitItem] = MINUTE) -> None:
        """Count one more from an address; four times as many are let in from an IPv6 network that gets several /64.

        Raises:
            TooFast: There were too many within the window already.
        """
        for place, allowed in address_limits(address, most):
            await self.admit(f"{what}:{place}", allowed, window)

    async def reset(self) -> None:
        """Forget everybody."""
        for storage in self._storages:
            await storage.reset()


def address_limits(address: object, most: int) -> tuple[tuple[str, int], ...]:
    """Return under which names an address is counted, and how many each may have when one address may have ``most``."""
    place, *networks = networks_of(address)
    return ((place, most), *((network, most * _NETWORK) for network in networks))


async def _count(limiter: MovingWindowRateLimiter, item: RateLimitItem, who: str) -> None:
    if await limiter.hit(item, who):
        return
    stats = await limiter.get_window_stats(item, who)
    raise TooFast(max(_WAIT_AT_LEAST, math.ceil(stats.reset_time - time.time())))


_current = RateLimiter()


def use(throttle: RateLimiter) -> None:
    """Make this the throttle of this process (``bootstrap`` does this, once)."""
    global _current  # noqa: PLW0603  the composition root sets it
    _current = throttle


def current() -> RateLimiter:
    """Return the throttle of this process."""
    return _current
