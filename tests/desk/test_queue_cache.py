"""What the desks share of the queue."""

from uuid import uuid4

import pytest

from vink_chat.conversations.queue import QueueQuery, QueueTab
from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.pages.desk.queue_broadcast import QueueCache


async def test_a_reading_that_failed_is_not_remembered(database: Database):
    cache, wanted = QueueCache(), QueueQuery(QueueTab.WAITING)
    db.use(None)
    for read in (
        cache.snapshot(wanted, 10, "ru", "Europe/Moscow"),
        cache.own(uuid4(), "ru"),
        cache.team(),
    ):
        with pytest.raises(RuntimeError):
            await read
    db.use(database)

    assert (await cache.snapshot(wanted, 10, "ru", "Europe/Moscow")).order == []
    assert set((await cache.own(uuid4(), "ru")).counts.values()) == {0}
    assert await cache.team() == []
