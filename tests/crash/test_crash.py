"""The program is killed while visitors write: nothing acknowledged is lost, and nobody stays unanswered."""

import asyncio
import random
import time
from collections.abc import Callable

from tests.crash.visitors import Writer
from tests.emulators.yandexgpt import API_KEY, FOLDER, Emulator, running
from tests.program import Server
from vink_chat import conversations
from vink_chat.conversations import Author, Conversation, Message
from vink_chat.kit.db import Database

KILLS = 3
VISITORS = 6


async def kept(database: Database, writer: Writer) -> tuple[Conversation | None, list[Message]]:
    owner = conversations.visitor_id(writer.secret)
    async with database.reading() as tx:
        messages = await conversations.thread(tx, owner, limit=1000)
        return await conversations.newest(tx, owner), list(messages)


async def until_answered(database: Database, writers: list[Writer], seconds: float) -> float:
    started = time.monotonic()
    while True:
        found = [conversation for writer in writers if (conversation := (await kept(database, writer))[0])]
        waiting = [one.id for one in found if conversations.awaits_assistant(one)]
        if not waiting:
            return time.monotonic() - started
        assert time.monotonic() - started < seconds, f"{len(waiting)} conversations unanswered after {seconds} s"
        await asyncio.sleep(0.1)


async def test_nothing_acknowledged_is_lost_and_nobody_stays_unanswered(make_server: Callable[..., Server]):
    # Other moments in every run; pytest prints its seed, and takes it back by --randomly-seed.
    dice = random.Random(random.random())
    async with running(Emulator(latency=0.4)) as emulator:
        server = make_server(
            {
                "VINK_YANDEX_API_KEY": API_KEY,
                "VINK_YANDEX_FOLDER_ID": FOLDER,
                "VINK_YANDEX_BASE_URL": emulator.url,
            }
        )
        await server.start()
        database = Database(server.settings["VINK_DATABASE_URL"])
        counted = asyncio.Semaphore(0)
        writers = [Writer(server.url, random.Random(dice.random()), counted) for _ in range(VISITORS)]
        writing = [asyncio.create_task(writer.write()) for writer in writers]

        for _ in range(KILLS):
            for _ in range(dice.randint(2, VISITORS)):
                await counted.acquire()
            await asyncio.sleep(dice.uniform(0, 0.6))
            await server.restart()
        for writer in writers:
            writer.done.set()
        await asyncio.wait_for(asyncio.gather(*writing), 60)
        await until_answered(database, writers, 30)

        for writer in writers:
            conversation, messages = await kept(database, writer)
            own = [message.client_id for message in messages if message.author is Author.VISITOR]
            assert own == writer.acknowledged
            assert conversation is not None
            assert messages[-1].author in {Author.ASSISTANT, Author.SYSTEM}
            assert [message["id"] for message in await writer.shown()] == [one.id.hex for one in messages][-50:]
        await database.close()
