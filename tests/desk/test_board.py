"""What the desks share of the queue."""

from uuid import uuid4

import pytest

from vink_chat.conversations.desk import Box, Wanted
from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.pages.desk.board import Board


async def test_a_reading_that_failed_is_not_remembered(database: Database):
    board, wanted = Board(), Wanted(Box.WAITING)
    db.use(None)
    for read in (board.sheet(wanted, 10, "ru", "Europe/Moscow"), board.own(uuid4(), "ru"), board.team()):
        with pytest.raises(RuntimeError):
            await read
    db.use(database)

    assert (await board.sheet(wanted, 10, "ru", "Europe/Moscow")).order == []
    assert set((await board.own(uuid4(), "ru")).counts.values()) == {0}
    assert await board.team() == []
