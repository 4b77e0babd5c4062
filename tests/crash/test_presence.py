"""A process is killed while operators are at their desks: who connects elsewhere stays, who does not is away."""

from collections.abc import AsyncIterator, Callable
from uuid import UUID

import pytest

from tests.desk.shop import Shop
from tests.program import Server
from tests.wire import QUEUE, THREAD, Wire
from vink_chat import conversations, handover, operators, preferences
from vink_chat.conversations import Reason, Status
from vink_chat.kit.db import Database
from vink_chat.operators import Presence

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]


@pytest.fixture
async def database(postgres_tables_url: str) -> AsyncIterator[Database]:
    made = Database(postgres_tables_url)
    async with made.transaction() as tx:
        await preferences.save(tx, preferences.validated(preferences.Handover, seconds_until_away=10))
    yield made
    await made.close()


async def calls(database: Database) -> UUID:
    async with database.transaction() as tx:
        context = conversations.VisitorContext()
        conversation = await conversations.open_for(tx, conversations.new_secret(), context)
        await handover.request(tx, conversation, Reason.BUTTON)
        return conversation.id


async def takes(desk: Wire, conversation_id: UUID) -> None:
    await desk.until(lambda: desk.shown.get(QUEUE, {}).get("colleagues"), "the team")
    await desk.call(f"{THREAD}.open", {"conversation_id": str(conversation_id)})
    await desk.call(f"{THREAD}.claim", {"conversation_id": str(conversation_id)})


async def holder(database: Database, conversation_id: UUID) -> UUID | None:
    async with database.reading() as tx:
        return (await conversations.get(tx, conversation_id)).operator_id


async def test_who_connects_to_another_process_stays_and_who_does_not_is_away(
    make_server: Callable[..., Server], database: Database, postgres_tables_url: str, valkey_url: str
):
    settings = {"VINK_DATABASE_URL": postgres_tables_url, "VINK_REDIS_URL": valkey_url}
    here, there = make_server(settings), make_server(settings)
    shop = Shop(here)
    await shop.hire()
    await shop.shift()
    await here.start()
    await there.start()
    one, two = await calls(database), await calls(database)
    async with (
        Wire(here.url, cookie=shop.cookies["oleg"], path="/desk") as oleg,
        Wire(here.url, cookie=shop.cookies["vera"], path="/desk") as vera,
        Wire(there.url, cookie=shop.cookies["anna"], path="/desk") as anna,
    ):
        await takes(oleg, one)
        await takes(vera, two)
        assert await holder(database, one) == shop.ids["oleg"]
        assert await holder(database, two) == shop.ids["vera"]

        here.kill()
        async with Wire(there.url, cookie=shop.cookies["oleg"], path="/desk") as again:
            await again.until(lambda: again.shown.get(QUEUE, {}).get("colleagues"), "the team")
            await anna.until(lambda: anna.shown[QUEUE]["counts"].get("waiting") == 1, "what Вера held", 90)

            async with database.reading() as tx:
                people = {person.login: person for person in await operators.operators(tx)}
                assert (await conversations.get(tx, two)).status is Status.WAITING
            assert [people[login].present for login in ("oleg", "vera", "anna")] == [True, False, True]
            assert people["vera"].presence is Presence.AWAY
            assert people["vera"].lost_at is not None
            assert await holder(database, one) == shop.ids["oleg"]
