"""A transaction is announced if, and only if, it was committed, however often its task is cancelled."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from tests.makers import Visitor
from vink_chat import conversations
from vink_chat.kit.db import Database


async def _turns() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_two_cancellations_in_a_commit_neither_undo_it_nor_lie_about_it(database: Database):
    heard: list[object] = []
    database.listener = heard.extend
    visitor, gate = Visitor(), threading.Event()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    # A slow disk: the commit stands in the thread's queue.
    slow = asyncio.get_running_loop().run_in_executor(None, gate.wait)
    writing = asyncio.create_task(visitor.writes("Вопрос"))
    await _turns()

    for _ in range(3):
        writing.cancel()
        await _turns()
    still_open = not writing.done()
    gate.set()
    await slow
    await asyncio.gather(writing, return_exceptions=True)

    assert still_open, "the transaction was let go of while its commit ran"
    assert writing.cancelled()
    assert len(heard) == 1
    async with database.reading() as tx:
        assert await conversations.newest(tx, visitor.id) is not None
