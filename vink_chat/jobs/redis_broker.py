"""A Redis streams broker that survives a Redis that disappears and comes back empty."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Final

from redis.exceptions import RedisError
from taskiq import AckableMessage
from taskiq_redis import RedisStreamBroker
from typing_extensions import override

log = logging.getLogger(__name__)

_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 2.0
_TIMEOUT_SECONDS: Final = 5.0
_LOCK_SECONDS: Final = 30.0


class ReconnectingBroker(RedisStreamBroker):
    """taskiq's broker over Redis streams, with reconnection.

    In the library, a lost connection makes the receiver loop without a pause, and after a Redis lost its data it
    receives nothing, because it creates the consumer group only at the start.
    """

    def __init__(self, url: str, queue_name: str, consumer_group_name: str, maxlen: int) -> None:
        super().__init__(
            url,
            queue_name=queue_name,
            consumer_group_name=consumer_group_name,
            maxlen=maxlen,
            # From the stream's beginning, so that tasks sent before the group was created again are not lost.
            consumer_id="0",
            unacknowledged_lock_timeout=_LOCK_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            # Longer than the two seconds that a read waits for new tasks.
            socket_timeout=_TIMEOUT_SECONDS,
            timeout=_TIMEOUT_SECONDS,
        )

    @override
    async def startup(self) -> None:
        try:
            await super().startup()
        except RedisError as error:
            log.warning("Redis is unreachable; tasks stay in this process: %s", error)

    @override
    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._declare_consumer_group()
                async for message in super().listen():
                    pause = _FIRST_PAUSE
                    yield message
            except (RedisError, OSError) as error:
                log.warning("Could not read tasks from Redis; retrying: %s", error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
