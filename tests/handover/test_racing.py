"""Of two operators who claim at the same time one gets the conversation, and the other learns who."""

import asyncio
import multiprocessing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from uuid import UUID, uuid4

import pytest

from tests.makers import Colleague, Visitor, hire
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status
from vink_chat.handover import AlreadyTaken
from vink_chat.kit import db
from vink_chat.kit.db import Database

ROUNDS = 200


async def attempt(operator: Colleague, conversation_id: UUID) -> str:
    try:
        return (await operator.claims(conversation_id)).operator_name
    except AlreadyTaken as refusal:
        return str(refusal)


@pytest.mark.long
async def test_two_operators_race_and_one_wins_each_time(house: Runtime):
    anna, boris = await hire("Анна"), await hire("Борис")
    winners = set()
    for number in range(ROUNDS):
        visitor = Visitor()
        await visitor.presses_the_button()
        conversation_id = (await visitor.conversation()).id
        pair = (anna, boris) if number % 2 else (boris, anna)

        said = await asyncio.gather(*(attempt(one, conversation_id) for one in pair))

        conversation = await visitor.conversation()
        name = conversation.operator_name
        assert sorted(said) == sorted([name, f"Уже взял(а) {name}."])
        assert conversation.status is Status.ATTENDED
        assert sum("подключился" in text for text in await visitor.texts("system")) == 1
        winners.add(name)
    assert winners == {"Анна", "Борис"}


def _press(url: str, name: str, ids: list[UUID], together: Barrier, results: "Queue[tuple[str, list[str]]]") -> None:
    async def press_all() -> list[str]:
        database = Database(url)
        db.use(database)
        operator = Colleague(uuid4(), name)
        async with database.reading() as tx:
            await tx.session.connection()
        said = []
        for conversation_id in ids:
            together.wait(30)
            said.append(await attempt(operator, conversation_id))
        await database.close()
        return said

    results.put((name, asyncio.run(press_all())))


@pytest.mark.servers
async def test_two_operators_in_two_processes_race_and_one_wins_each_time(postgres_tables_url: str):
    database = Database(postgres_tables_url)
    db.use(database)
    visitors = [Visitor() for _ in range(ROUNDS)]
    for visitor in visitors:
        await visitor.presses_the_button()
    ids = [(await visitor.conversation()).id for visitor in visitors]
    context = multiprocessing.get_context("spawn")
    together, results = context.Barrier(2), context.Queue()
    presses = [
        context.Process(target=_press, args=(postgres_tables_url, name, ids, together, results))
        for name in ("Анна", "Борис")
    ]

    for process in presses:
        process.start()
    said = dict([await asyncio.to_thread(results.get, timeout=120) for _ in presses])
    for process in presses:
        await asyncio.to_thread(process.join, 30)

    for visitor, one, other in zip(visitors, said["Анна"], said["Борис"], strict=True):
        name = (await visitor.conversation()).operator_name
        assert sorted([one, other]) == sorted([name, f"Уже взял(а) {name}."])
        assert sum("подключился" in text for text in await visitor.texts("system")) == 1
    db.use(None)
    await database.close()
