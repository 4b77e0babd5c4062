"""The program is killed in the seconds before an end that was asked for: the end comes all the same, and once."""

import asyncio
from collections.abc import Callable

import pytest

from tests.makers import Visitor, hire
from tests.program import Server
from vink_chat.conversations import Status
from vink_chat.kit import db
from vink_chat.kit.db import Database

OVER = "Чат окончен."


@pytest.mark.servers
@pytest.mark.timeout(240)
async def test_an_end_that_was_asked_for_comes_after_a_power_cut_too(make_server: Callable[..., Server]):
    server = make_server()
    await server.start()
    database = Database(server.settings["VINK_DATABASE_URL"])
    db.use(database)
    visitor, anna = Visitor(), await hire("Анна")
    await visitor.presses_the_button()
    key = (await visitor.conversation()).id
    await anna.claims(key)
    await anna.finishes_soon(key)

    server.kill()
    cut = await visitor.conversation()
    assert (cut.status, cut.ends_at is not None) == (Status.ATTENDED, True)
    await server.start()

    async with asyncio.timeout(60):
        while True:
            if (await visitor.conversation()).status is Status.CLOSED:
                break
            await asyncio.sleep(0.1)
    [said] = [one for one in await visitor.reads() if one.text == OVER]
    assert said.author_name == "Анна"
    db.use(None)
    await database.close()
