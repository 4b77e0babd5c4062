"""The program is killed while it indexes what was written before there was an index: it goes on where it was."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text

from tests.makers import Visitor
from tests.program import Server
from vink_chat import conversations
from vink_chat.conversations import search
from vink_chat.kit import db
from vink_chat.kit.db import Database

_MESSAGES = 1500
# A thousand hits are counted: the words of each are in half of the messages.
_WORDS = ("раннее", "старое")
_KILLS = 3


@dataclass
class _Found:
    """What all the words found together."""

    texts: list[str]
    total: int
    indexed: int


async def _found() -> _Found:
    async with db.reading() as tx:
        found = [await search.find(tx, word, limit=_MESSAGES) for word in _WORDS]
    texts = ["".join(piece.text for piece in hit.pieces) for part in found for hit in part.hits]
    return _Found(texts, sum(part.total for part in found), found[0].indexed)


async def _until(reached: Callable[[_Found], bool]) -> _Found:
    while True:
        found = await _found()
        if reached(found):
            return found
        await asyncio.sleep(0.01)


def _text(number: int) -> str:
    return f"{_WORDS[number % 2].capitalize()} слово {number}"


async def test_old_messages_are_indexed_once_each_however_often_it_is_killed(make_server: Callable[..., Server]):
    server = make_server({})
    await server.start()
    server.stop()
    database = Database(server.settings["VINK_DATABASE_URL"])
    db.use(database)
    talker = Visitor()
    async with database.transaction() as tx:
        for number in range(_MESSAGES):
            await conversations.receive(tx, talker.secret, _text(number))
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

    assert set(found.texts) == {_text(number) for number in range(_MESSAGES)}
    assert found.total == len(found.texts) == _MESSAGES
    db.use(None)
    await database.close()
