"""How often is too often: sliding windows over the library ``limits``, in memory or in Redis."""

import math
import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

from vink_chat.kit.errors import VinkError

_WAIT_AT_LEAST: Final = 1
_SWEEP: Final = 30.0


class TooFast(VinkError):
    """More messages than one visitor, or one address, may send.

    Attributes:
        seconds: When to try again, counted from now.
    """

    sentence = "Слишком много сообщений подряд. Подождите {seconds} с и отправьте ещё раз."
    status = 429

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds=seconds)


class _Memory(MemoryStorage):
    """Forgets who is long gone once in a while; the library would look everybody through after every hit."""

    _swept = 0.0

    async def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802  the library's own name for it
        if time.monotonic() - self._swept > _SWEEP:
            self._swept = time.monotonic()
            await super()._MemoryStorage__schedule_expiry()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


class Throttle:
    """The windows of one process, or over Redis those of all processes."""

    def __init__(self, redis_url: str = "") -> None:
        storage: Storage = (
            RedisStorage(f"async+{redis_url}", implementation="redispy", wrap_exceptions=True)
            if redis_url
            else _Memory()
        )
        self._storage = storage
        self._limiter = MovingWindowRateLimiter(storage)

    async def admit(self, who: str, per_minute: int) -> None:
        """Count one more from somebody.

        Raises:
            TooFast: There were ``per_minute`` in the last 60 seconds already.
        """
        item = RateLimitItemPerMinute(per_minute)
        try:
            if await self._limiter.hit(item, who):
                return
            stats = await self._limiter.get_window_stats(item, who)
        except StorageError:
            # Without Redis nobody is counted; better than nobody being served.
            return
        raise TooFast(max(_WAIT_AT_LEAST, math.ceil(stats.reset_time - time.time())))

    async def reset(self) -> None:
        """Forget everybody."""
        await self._storage.reset()


_current = Throttle()


def use(throttle: Throttle) -> None:
    """Make this the throttle of this process (``bootstrap`` does this, once)."""
    global _current  # noqa: PLW0603  the composition root sets it
    _current = throttle


def current() -> Throttle:
    """Return the throttle of this process."""
    return _current
