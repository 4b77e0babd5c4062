"""The wait a visitor is told is estimated from the last waits."""

import pytest
import time_machine

from tests.houses import running
from vink_chat import conversations, handover
from vink_chat.conversations import Reason
from vink_chat.handover import estimate
from vink_chat.kit import db


def test_without_answered_calls_nothing_is_estimated():
    assert estimate.seconds([60.0] * 4, 3, 2) is None
    assert estimate.seconds([60.0] * 9, 3, 0) is None


def test_a_wait_grows_with_the_place_and_shrinks_with_who_is_present():
    waits = [60.0 * minute for minute in range(1, 20)]

    assert estimate.seconds(waits, 1, 1) == 600
    assert estimate.seconds(waits, 3, 2) == 900


def test_nobody_is_promised_less_than_the_first_in_the_queue_has_waited_already():
    assert estimate.seconds([5.0] * 20, 9, 2, waited=1200.0) == 1200
    assert estimate.seconds([600.0] * 20, 9, 2, waited=1200.0) == 2700


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (3, "меньше минуты"),
        (70, "около минуты"),
        (300, "около 5 минут"),
        (800, "около 15 минут"),
        (1800, "больше 15 минут"),
        (3600, "около часа"),
        (204 * 60, "около 3 часов"),
        (20 * 3600, "около 20 часов"),
    ],
)
def test_an_estimate_is_said_as_people_say_it(seconds: float, said: str):
    assert estimate.words(seconds, "ru") == said


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
