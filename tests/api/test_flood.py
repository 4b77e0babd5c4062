"""One address cannot fill the queue: new conversations and calls of a person have a limit an hour."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests.api.conftest import Front, calls_a_person, ends, thread
from vink_chat import conversations, preferences
from vink_chat.conversations import Status
from vink_chat.kit import db, rate_limit

CALL = {"message": "Позовите оператора"}


async def _limits(**changes: int) -> None:
    async with db.transaction() as tx:
        await preferences.save(tx, preferences.validated(preferences.Limits, **changes))
        await preferences.cache.refresh(tx, preferences.Limits.key)


def _neighbour(front: Front) -> Front:
    return Front(front.client, str(uuid4()))


async def _statuses(front: Front, people: int, content: object) -> list[int]:
    return [(await _neighbour(front).ask(content)).status_code for _ in range(people)]


@pytest.mark.shows("Limits.conversations_per_hour")
async def test_an_address_opens_as_many_conversations_an_hour_as_the_shop_says(any_front: Front):
    await _limits(conversations_per_hour=2)
    await any_front.ask({"message": "Да"})
    newcomer = _neighbour(any_front)

    assert await _statuses(any_front, 1, {"message": "Да"}) == [201]
    refused = await newcomer.ask({"message": "Да"})

    assert refused.status_code == 429
    assert 60 < int(refused.headers["retry-after"]) <= 3600
    assert refused.json()["message"].startswith("С вашего адреса начато слишком много разговоров. Подождите ")
    assert await thread(db.current(), newcomer.owner) == []
    assert [(await any_front.ask({"message": "И ещё"})).status_code for _ in range(5)] == [201] * 5


@pytest.mark.shows("Limits.calls_per_hour")
async def test_an_address_calls_a_person_as_often_an_hour_as_the_shop_says(any_front: Front):
    await _limits(calls_per_hour=2)
    newcomer = _neighbour(any_front)

    assert await _statuses(any_front, 2, CALL) == [201, 201]
    refused = await newcomer.ask(CALL)

    assert refused.status_code == 429
    assert refused.json()["message"].startswith("С вашего адреса слишком часто зовут специалиста. Подождите ")
    assert await thread(db.current(), newcomer.owner) == []
    assert (await newcomer.ask({"message": "Сколько стоит доставка?"})).status_code == 201


async def test_who_may_open_no_conversation_may_still_call_a_person(front: Front):
    await _limits(conversations_per_hour=1)
    await front.ask({"message": "Да"})
    newcomer = _neighbour(front)

    refused = await newcomer.ask({"message": "Да"})
    called = await newcomer.ask(CALL)

    assert refused.json()["message"] == (
        "С вашего адреса начато слишком много разговоров. Подождите около часа или позовите специалиста."
    )
    assert called.status_code == 201


@pytest.mark.shows("Greeting.contacts")
async def test_who_is_refused_is_told_how_else_to_reach_the_shop(front: Front):
    await _limits(conversations_per_hour=1, calls_per_hour=1)
    async with db.transaction() as tx:
        await preferences.save(
            tx, preferences.validated(preferences.Greeting, contacts="8 800 555-35-35, shop@example.ru")
        )
        await preferences.cache.refresh(tx, preferences.Greeting.key)
    await front.ask(CALL)
    newcomers = [_neighbour(front) for _ in range(2)]

    await newcomers[0].ask({"message": "Да"})
    refused = [await newcomers[1].ask(content) for content in ({"message": "Да"}, CALL)]

    for answer in refused:
        assert answer.status_code == 429
        assert answer.json()["message"].endswith(" Связаться с нами можно и так: 8 800 555-35-35, shop@example.ru")


async def test_three_hundred_calls_from_one_address_leave_no_long_queue(front: Front):
    limits = preferences.Limits()

    statuses = await _statuses(front, limits.address_per_minute, CALL)

    assert statuses.count(201) == limits.calls_per_hour < limits.conversations_per_hour


async def test_a_calling_word_of_the_shop_counts_as_a_call(front: Front):
    await _limits(calls_per_hour=1)
    async with db.transaction() as tx:
        await preferences.save(tx, preferences.validated(preferences.Handover, words=["возврат"]))
        await preferences.cache.refresh(tx, preferences.Handover.key)

    assert await _statuses(front, 2, {"message": "Оформите возврат"}) == [201, 429]


async def test_who_waits_already_may_ask_for_a_person_again(front: Front, database):
    await _limits(calls_per_hour=1)
    await front.ask(CALL)
    await calls_a_person(database, front.owner)

    assert [(await front.ask(CALL)).status_code for _ in range(3)] == [201] * 3


async def test_what_is_no_message_opens_nothing_and_is_not_counted(front: Front):
    await _limits(conversations_per_hour=1)

    assert await _statuses(front, 3, {"message": " "}) == [400] * 3
    assert await _statuses(front, 2, {"message": "Да"}) == [201, 429]


async def test_what_ended_lately_goes_on_and_opens_nothing(front: Front, database):
    await _limits(conversations_per_hour=1)
    await front.ask({"message": "Да"})
    await ends(database, front.owner)

    assert (await front.ask({"message": "И ещё"})).status_code == 201
    async with db.reading() as tx:
        found = await conversations.newest(tx, front.owner)
    assert found is not None
    assert found.status is Status.ASSISTED


@pytest.fixture
async def _over_redis(valkey_url: str, front: Front) -> AsyncIterator[None]:
    del front  # It begins with rate limits of its own.
    shared = rate_limit.RateLimiter(valkey_url)
    rate_limit.use(shared)
    yield
    for storage in shared._storages:
        await storage.reset()
    rate_limit.use(rate_limit.RateLimiter())


@pytest.mark.servers
@pytest.mark.usefixtures("_over_redis")
async def test_processes_that_share_a_redis_count_together(front: Front, valkey_url: str):
    await _limits(conversations_per_hour=2)
    first = await _statuses(front, 1, {"message": "Да"})
    rate_limit.use(rate_limit.RateLimiter(valkey_url))

    assert first + await _statuses(front, 2, {"message": "Да"}) == [201, 201, 429]
