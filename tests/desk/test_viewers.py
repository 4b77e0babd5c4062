"""Who else looks at a conversation is known in every process, and forgotten with a process that died."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.makers import Visitor
from tests.program import Server
from tests.wire import THREAD, Wire
from vink_chat import operators, topics
from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.kit.signals import Signals
from vink_chat.operators import Role
from vink_chat.pages.desk.viewers import ViewerRegistry

BEAT = 0.2
ANNA, OLEG, CONVERSATION = uuid4(), uuid4(), uuid4()


class Runtime:
    """What one process has of it."""

    def __init__(self, url: str) -> None:
        self.bus = Signals(url)
        self.viewers = ViewerRegistry(lambda: self.bus, BEAT)
        self.following: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.bus.start()
        self.following = asyncio.create_task(self.viewers.follow())

    async def die(self) -> None:
        """End without a word, as a process does that is killed."""
        if self.following:
            self.following.cancel()
            with suppress(asyncio.CancelledError):
                await self.following
            await self.bus.stop()
        self.following = None

    async def sees(self, names: list[str], looker: UUID = ANNA) -> None:
        """Wait until a desk here, which listens as desks do, is shown these names."""
        async with asyncio.timeout(10), self.bus.subscribe(topics.conversation(CONVERSATION)) as heard:
            while self.viewers.others(CONVERSATION, looker) != names:
                await heard.next()


@asynccontextmanager
async def running(*urls: str) -> AsyncIterator[list[Runtime]]:
    houses = [Runtime(url) for url in urls]
    for house in houses:
        house.start()
    yield houses
    for house in houses:
        await house.die()


async def test_desks_of_two_processes_see_each_other_come_and_go(valkey_url: str):
    async with running(valkey_url, valkey_url) as (one, two):
        one.viewers.enter("anna", CONVERSATION, ANNA, "Анна")
        await two.sees(["Анна"], OLEG)
        two.viewers.enter("oleg", CONVERSATION, OLEG, "Олег")
        two.viewers.enter("anna-at-home", CONVERSATION, ANNA, "Анна")
        await one.sees(["Олег"])

        two.viewers.leave("oleg", CONVERSATION)

        await one.sees([])
        assert one.viewers.others(CONVERSATION, OLEG) == ["Анна"]


async def test_who_comes_later_learns_who_looks_already(valkey_url: str):
    async with running(valkey_url) as (one,):
        one.viewers.enter("anna", CONVERSATION, ANNA, "Анна")

        async with running(valkey_url) as (two,):
            await two.sees(["Анна"], OLEG)


async def test_a_process_that_died_looks_at_nothing(valkey_url: str):
    async with running(valkey_url, valkey_url) as (one, two):
        two.viewers.enter("oleg", CONVERSATION, OLEG, "Олег")
        await one.sees(["Олег"])
        # As long as it lives it is believed, however long nothing changes.
        quiet = asyncio.create_task(asyncio.sleep(BEAT * 5))
        while not quiet.done():
            assert one.viewers.others(CONVERSATION, ANNA) == ["Олег"]
            await asyncio.sleep(0.01)

        await two.die()

        await one.sees([])


async def test_one_process_alone_needs_nobody():
    async with running("") as (one,):
        one.viewers.enter("anna", CONVERSATION, ANNA, "Анна")
        one.viewers.enter("oleg", CONVERSATION, OLEG, "Олег")

        assert one.viewers.others(CONVERSATION, ANNA) == ["Олег"]


@pytest.mark.servers
@pytest.mark.timeout(400)
async def test_two_real_processes_and_one_is_killed(
    make_server: Callable[..., Server], postgres_tables_url: str, valkey_url: str
):
    settings = {"VINK_DATABASE_URL": postgres_tables_url, "VINK_REDIS_URL": valkey_url}
    conversation, people = await _shop(postgres_tables_url)
    servers = [make_server(settings), make_server(settings)]
    for server in servers:
        await server.start()

    async with (
        Wire(servers[0].url, cookie=await _enter(servers[0], people[0]), path=f"/desk?c={conversation}") as anna,
        Wire(servers[1].url, cookie=await _enter(servers[1], people[1]), path=f"/desk?c={conversation}") as oleg,
    ):
        await anna.until(lambda: anna.shown.get(THREAD, {}).get("looking") == people[1]["name"], "Олег looks too", 30)
        await oleg.until(lambda: oleg.shown.get(THREAD, {}).get("looking") == people[0]["name"], "Анна looks too", 30)

        servers[1].kill()

        await anna.until(lambda: anna.shown[THREAD]["looking"] == "", "nobody else looks", 60)


async def _shop(url: str) -> tuple[UUID, list[dict[str, str]]]:
    database = Database(url)
    db.use(database)
    people = [{"login": login, "password": f"{login}-secret-1", "name": login.title()} for login in ("anna", "oleg")]
    for one in people:
        async with db.transaction() as tx:
            token = await operators.invite(tx, one["name"], Role.OPERATOR)
        await operators.accept(db.transaction, token, one["login"], one["password"], one["name"])
    visitor = Visitor()
    await visitor.presses_the_button()
    conversation = (await visitor.conversation()).id
    db.use(None)
    await database.close()
    return conversation, people


async def _enter(server: Server, who: dict[str, Any]) -> str:
    form = {"login": who["login"], "password": who["password"]}
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=30) as client:
        return (await client.post("/auth/sign-in", data=form)).cookies["vink_session"]
