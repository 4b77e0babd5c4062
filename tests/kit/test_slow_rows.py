"""A slow statement holds nobody up, and whoever gives up stops it."""

import asyncio
import time

import pytest
from sqlalchemy import text

from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.kit.prepared import Prepared

_LONG = Prepared(
    text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) SELECT count(*) FROM n")
)


async def test_the_loop_goes_on_while_a_slow_statement_runs(any_database: Database):
    async with db.reading() as tx:
        slow = asyncio.create_task(tx.slow_rows(_LONG, most=300_000))
        turns = 0
        while not slow.done():
            await asyncio.sleep(0)
            turns += 1
        assert (await slow)[0][0] == 300_000

    assert turns > 5


async def test_who_gives_up_stops_it_and_the_connection_serves_the_next(database: Database):
    async def ask() -> None:
        async with db.reading() as tx:
            await tx.slow_rows(_LONG, most=10**9)

    begun = time.monotonic()
    asking = asyncio.create_task(ask())
    await asyncio.sleep(0.05)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    async with db.reading() as tx:
        assert (await tx.slow_rows(_LONG, most=5))[0][0] == 5
    assert time.monotonic() - begun < 20
