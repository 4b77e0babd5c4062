"""A call that nobody claims is alerted again, and then the visitor gets the contact form with a promise."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import houses
from tests.makers import Visitor, hire
from vink_chat import handover, preferences, topics
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status
from vink_chat.events import ConversationOverdue
from vink_chat.jobs import Scheduler
from vink_chat.kit import signals
from vink_chat.operators import Presence


def later(clock: time_machine.Traveller, minutes: float) -> None:
    clock.shift(timedelta(minutes=minutes))


def overdue(house: Runtime) -> list[object]:
    heard: list[object] = []
    listener = house.database.listener
    assert listener

    def hear(events: object) -> None:
        heard.extend(event for event in events if isinstance(event, ConversationOverdue))
        listener(events)

    house.database.listener = hear
    return heard


async def test_whom_nobody_takes_is_called_out_again_until_the_form(any_house: Runtime, clock: time_machine.Traveller):
    heard = overdue(any_house)
    await hire()
    anna = Visitor()
    await anna.presses_the_button()

    counts = []
    for _ in range(8):
        later(clock, 1)
        await any_house.scheduler.alert_again()
        counts.append(len(heard))
    await any_house.scheduler.offer_forms()
    later(clock, 4)
    await any_house.scheduler.offer_forms()
    for _ in range(5):
        later(clock, 3)
        await any_house.scheduler.alert_again()

    assert counts == [0, 1, 1, 2, 2, 3, 3, 4]
    assert len(heard) == 4
    assert (await anna.conversation()).alerted_at


async def test_an_alert_reaches_the_desks(house: Runtime, clock: time_machine.Traveller):
    await hire()
    anna = Visitor()
    await anna.presses_the_button()
    later(clock, 2)
    async with signals.current().subscribe(topics.QUEUE) as desk:
        await house.scheduler.alert_again()
        await house.settle()

        kinds = await desk.next()

    assert kinds["alert"] == str((await anna.conversation()).id)


@pytest.mark.shows("Handover.promised_hours")
async def test_who_waits_too_long_is_offered_the_form_once_with_a_promise(
    any_house: Runtime, clock: time_machine.Traveller
):
    await houses.prefer(preferences.Handover(), promised_hours=3)
    await hire()
    anna = Visitor()
    await anna.presses_the_button()
    later(clock, 9)
    await any_house.scheduler.offer_forms()
    assert len(await anna.texts("system")) == 1

    later(clock, 1)
    # As several processes do at the same time.
    others = [Scheduler(any_house.queue.wake_assistant) for _ in range(4)]
    await asyncio.gather(*(one.offer_forms() for one in others))
    await any_house.scheduler.offer_forms()

    notices = await anna.texts("system")
    assert len(notices) == 2
    assert "в течение 3 ч" in notices[1]
    conversation = await anna.conversation()
    assert conversation.status is Status.WAITING
    assert conversation.form_offered_at == datetime(2026, 3, 2, 12, 10, tzinfo=UTC)
    assert conversation.promised_at == datetime(2026, 3, 2, 15, 10, tzinfo=UTC)


async def test_who_was_promised_somebody_is_told_when_nobody_is_left(any_house: Runtime, clock: time_machine.Traveller):
    olga, anna = await hire(), Visitor()
    await anna.presses_the_button()
    await any_house.scheduler.offer_forms()
    assert "через минуту" in (await anna.texts("system"))[-1]

    await olga.goes(Presence.AWAY)
    later(clock, 0.2)
    for _ in range(2):
        await any_house.scheduler.offer_forms()

    assert [text for text in await anna.texts("system") if "Сейчас никого нет на месте" in text] == (
        await anna.texts("system")
    )[-1:]
    assert handover.shows_contact_form(await anna.conversation())


@pytest.mark.parametrize("presence", [Presence.AWAY, Presence.OFF])
async def test_whom_nobody_could_take_was_offered_the_form_at_once(
    house: Runtime, clock: time_machine.Traveller, presence: Presence
):
    await hire(presence=presence)
    anna = Visitor()
    await anna.presses_the_button()

    later(clock, 60)
    await house.scheduler.offer_forms()

    assert len(await anna.texts("system")) == 1
    conversation = await anna.conversation()
    assert conversation.form_offered_at
    assert conversation.promised_at == datetime(2026, 3, 2, 16, tzinfo=UTC)


@pytest.mark.shows("Hours.enabled")
async def test_outside_hours_the_beginning_of_the_next_working_day_is_promised(
    house: Runtime, clock: time_machine.Traveller
):
    clock.move_to(datetime(2026, 3, 6, 20, tzinfo=UTC))
    await houses.prefer(preferences.Hours(), enabled=True)
    await hire()
    anna = Visitor()

    await anna.presses_the_button()

    [notice] = await anna.texts("system")
    assert "9 марта (пн), 09:00" in notice, "Friday night: Monday"
    assert (await anna.conversation()).promised_at == datetime(2026, 3, 9, 7, tzinfo=UTC)


async def test_a_shop_that_never_opens_speaks_of_no_opening(house: Runtime, clock: time_machine.Traveller):
    closed = {day: {"working": False} for day in preferences.Week.model_fields}
    await houses.prefer(preferences.Hours(), enabled=True, week=closed)
    await hire(presence=Presence.OFF)
    anna = Visitor()

    await anna.presses_the_button()

    [notice] = await anna.texts("system")
    assert "в течение 4 ч" in notice


async def test_a_promise_ends_with_its_wait(house: Runtime, clock: time_machine.Traveller):
    operator, anna = await hire(presence=Presence.OFF), Visitor()
    await anna.presses_the_button()
    conversation = await operator.claims((await anna.conversation()).id)
    await operator.goes(Presence.HERE)

    await operator.releases(conversation.id)

    assert (await anna.conversation()).promised_at is None


async def test_a_second_wait_has_alerts_and_a_form_of_its_own(house: Runtime, clock: time_machine.Traveller):
    heard, operator, anna = overdue(house), await hire(), Visitor()
    await anna.presses_the_button()
    later(clock, 10)
    await house.scheduler.alert_again()
    await house.scheduler.offer_forms()
    conversation = await anna.conversation()
    await operator.claims(conversation.id)
    await operator.releases(conversation.id)

    await house.scheduler.alert_again()
    await house.scheduler.offer_forms()
    assert len(heard) == 1
    assert sum("заставляем ждать" in text for text in await anna.texts("system")) == 1
    later(clock, 10)
    await house.scheduler.alert_again()
    await house.scheduler.offer_forms()

    assert len(heard) == 2
    assert sum("заставляем ждать" in text for text in await anna.texts("system")) == 2


async def test_who_is_put_back_into_the_queue_keeps_the_place(house: Runtime, clock: time_machine.Traveller):
    operator, oleg, anna, boris = await hire(), await hire("Олег"), Visitor(), Visitor()
    await anna.presses_the_button()
    later(clock, 1)
    await boris.presses_the_button()
    key = (await anna.conversation()).id
    await operator.claims(key)
    await operator.transfers(key, oleg)

    await oleg.releases(key)

    async with house.database.reading() as tx:
        assert [one.id for one in await handover.queued(tx)] == [key, (await boris.conversation()).id]
    # The operator who put it back is still there.
    assert (await anna.texts("system"))[-1] == "Вопрос передан коллегам. Вы остаётесь в очереди."


async def test_who_was_taken_is_left_in_peace(house: Runtime, clock: time_machine.Traveller):
    heard, operator, anna = overdue(house), await hire(), Visitor()
    await anna.presses_the_button()
    await operator.claims((await anna.conversation()).id)

    later(clock, 60)
    await house.scheduler.alert_again()
    await house.scheduler.offer_forms()

    assert heard == []
    assert len(await anna.texts("system")) == 2
