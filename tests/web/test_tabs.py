"""A tab's watch outlives a passing fault."""

import asyncio

import pytest

from vink_chat.web import tabs


async def test_a_watch_that_broke_off_begins_again(monkeypatch):
    monkeypatch.setattr(tabs, "_SHORTEST_PAUSE", 0.001)
    begun = []

    async def watch():
        begun.append(1)
        if len(begun) < 3:
            raise OSError("the database restarts")
        return "over"

    assert await tabs.lasting(watch) == "over"
    assert len(begun) == 3


async def test_a_watch_ends_with_its_tab():
    task = asyncio.create_task(tabs.lasting(asyncio.Event().wait))
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
