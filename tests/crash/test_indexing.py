"""The program is killed while it indexes what was written before there was an index: it goes on where it was."""

import asyncio
from collections.abc import Callable

from sqlalchemy import text

from tests.makers import Visitor
from tests.program import Server
from vink_chat import conversations
from vink_chat.conversations import search
from vink_chat.kit import db
from vink_chat.kit.db import Database

_MESSAGES = 1500
_KILLS = 3


async def _found() -> search.Found:
    async with db.reading() as tx:
        return await search.find(tx, "старое", limit=2 * _MESSAGES)


async def _until(reached: Callable[[search.Found], bool]) -> search.Found:
    while True:
        found = await _found()
        if reached(found):
            return found
        await asyncio.sleep(0.01)


async def test_old_messages_are_indexed_once_each_however_often_it_is_killed(make_server: Callable[..., Server]):
    server = make_server({})
    await server.start()
    server.stop()
    database = Database(server.settings["VINK_DATABASE_URL"])
    db.use(database)
    talker = Visitor()
    async with database.transaction() as tx:
        for number in range(_MESSAGES):
            await conversations.receive(tx, talker.secret, f"Старое слово {number}")
        await tx.rows(text("DELETE FROM search_entry"))
        await tx.rows(text("UPDATE search_progress SET total = :total, finished = :no"), total=_MESSAGES, no=False)

    await server.start()
    reached = 0
    for _ in range(_KILLS):
        begun = reached
        reached = (await _until(lambda found, begun=begun: found.total > begun)).total
        assert reached < _MESSAGES
        server.kill()
        assert (await _found()).total >= reached
        await server.start()
    found = await _until(lambda found: found.indexed == 100)

    told = {"".join(piece.text for piece in hit.pieces) for hit in found.hits}
    assert told == {f"Старое слово {number}" for number in range(_MESSAGES)}
    assert found.total == len(found.hits) == _MESSAGES
    db.use(None)
    await database.close()
