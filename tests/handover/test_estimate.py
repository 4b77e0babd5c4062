"""The wait a visitor is told of comes from the last waits."""

import time_machine

from tests.houses import running
from vink_chat import conversations, handover
from vink_chat.conversations import Reason
from vink_chat.handover import estimate
from vink_chat.kit import db


def test_without_history_every_place_counts_four_minutes():
    assert [estimate.minutes([], place) for place in (1, 2, 3)] == [4, 8, 12]


def test_those_behind_are_told_a_longer_wait():
    waits = [60.0 * minute for minute in range(1, 21)]

    assert estimate.minutes(waits, 1) == 11
    assert estimate.minutes(waits, 2) == 16
    assert estimate.minutes(waits, 9) == 19


def test_nobody_is_promised_less_than_a_minute():
    assert estimate.minutes([3.0] * 10, 1) == 1


async def test_waits_are_read_from_calls_and_first_human_words(sqlite_tables_url):
    from tests.makers import hire  # noqa: PLC0415

    with time_machine.travel("2026-11-02T09:00:00Z", tick=False) as clock:
        async with running(sqlite_tables_url) as house:
            anna = await hire("Анна")
            for _ in range(2):
                async with db.transaction() as tx:
                    message = await conversations.receive(tx, conversations.new_secret(), "Здравствуйте, есть баннер?")
                await house.settle()
                async with db.transaction() as tx:
                    conversation = await conversations.get(tx, message.conversation_id, lock=True)
                    await handover.request(tx, conversation, Reason.BUTTON)
                clock.shift(120)
                async with db.transaction() as tx:
                    await handover.claim(tx, message.conversation_id, anna.id, "Анна")
                    await conversations.reply(tx, message.conversation_id, anna.id, "Анна", "Есть.")
            async with db.reading() as tx:
                waits = await handover.store.last_waits(tx, 50)

    assert waits == [120.0, 120.0]
