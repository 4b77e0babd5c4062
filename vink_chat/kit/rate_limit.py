"""Rate limits: sliding windows of the library ``limits``, in memory or in Redis."""

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
# A window takes a few commands: a Redis that needs longer is ignored for a while.
_TIMEOUT_SECONDS: Final = 1.0
_ALONE: Final = 10.0
_NETWORK: Final = 4

MINUTE: Final = RateLimitItemPerMinute
HOUR: Final = RateLimitItemPerHour


class TooFast(VinkError):
    """A visitor or an address exceeded a limit.

    Attributes:
        seconds: Seconds until the next try.
    """

    sentence = "Слишком много сообщений подряд. Подождите {seconds} с и отправьте ещё раз."
    status = 429

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds=seconds, minutes=math.ceil(seconds / 60))


class _Memory(MemoryStorage):
    """Removes expired entries once in a while; the library would check all entries after every hit."""

    _swept = 0.0

    async def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802  the library's own name for it
        if time.monotonic() - self._swept > _SWEEP:
            self._swept = time.monotonic()
            await super()._MemoryStorage__schedule_expiry()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


class RateLimiter:
    """The windows of one process, or over Redis of all; while Redis is unreachable, each process counts alone."""

    def __init__(self, redis_url: str = "") -> None:
        self._storages: list[Storage] = [_Memory()]
        if redis_url:
            timeouts = {
                "socket_timeout": _TIMEOUT_SECONDS,
                "socket_connect_timeout": _TIMEOUT_SECONDS,
                "retry": Retry(NoBackoff(), 0),
            }
            url = f"async+{redis_url}"
            # The library's annotations only know options that are strings.
            shared: Any = RedisStorage(url, implementation="redispy", wrap_exceptions=True, **cast("Any", timeouts))
            self._storages.insert(0, shared)
        self._limiters = [MovingWindowRateLimiter(storage) for storage in self._storages]
        self._alone_until = 0.0

    async def admit(self, key: str, most: int, window: type[RateLimitItem] = MINUTE) -> None:
        """Count one more event of a key.

        Raises:
            TooFast: There were ``most`` in the window already.
        """
        item = window(most)
        shared, own = self._limiters[0], self._limiters[-1]
        try:
            await _count(shared if time.monotonic() >= self._alone_until else own, item, key)
        except StorageError:
            self._alone_until = time.monotonic() + _ALONE
            await _count(own, item, key)

    async def admit_address(self, what: str, address: object, most: int, window: type[RateLimitItem] = MINUTE) -> None:
        """Count one more event of an address; a wider IPv6 network may have four times as many.

        Raises:
            TooFast: There were too many in the window already.
        """
        for network, allowed in address_limits(address, most):
            await self.admit(f"{what}:{network}", allowed, window)


def address_limits(address: object, most: int) -> tuple[tuple[str, int], ...]:
    """Return the networks that an address is counted under, with their limits if one address may have ``most``."""
    narrowest, *networks = networks_of(address)
    return ((narrowest, most), *((network, most * _NETWORK) for network in networks))


async def _count(limiter: MovingWindowRateLimiter, item: RateLimitItem, key: str) -> None:
    if await limiter.hit(item, key):
        return
    stats = await limiter.get_window_stats(item, key)
    raise TooFast(max(_WAIT_AT_LEAST, math.ceil(stats.reset_time - time.time())))


_current = RateLimiter()


def use(limiter: RateLimiter) -> None:
    """Set the rate limiter of this process (``bootstrap`` calls this once)."""
    global _current  # noqa: PLW0603  the composition root sets it
    _current = limiter


def current() -> RateLimiter:
    """Return the rate limiter of this process."""
    return _current
