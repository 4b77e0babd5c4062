"""Abandoned conversations return to the queue, silent ones end, and a crash loses no answer."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from tests import houses
from tests.makers import Visitor, hire
from vink_chat import conversations, handover, operators, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Reason, Status
from vink_chat.jobs import Scheduler
from vink_chat.operators import Presence

QUESTION = "Чем отличается литая плёнка от каландрированной?"


def later(clock: time_machine.Traveller, minutes: float) -> None:
    clock.shift(timedelta(minutes=minutes))


async def test_who_is_taken_and_left_without_a_word_waits_again(any_house: Runtime, clock: time_machine.Traveller):
    operator, anna = await hire(), Visitor()
    await anna.writes("Позовите человека")
    await any_house.settle()
    conversation = await operator.claims((await anna.conversation()).id)
    later(clock, 9)
    await any_house.scheduler.requeue_abandoned()
    assert (await anna.conversation()).status is Status.ATTENDED

    later(clock, 1)
    others = [Scheduler(any_house.queue.wake_assistant) for _ in range(4)]
    await asyncio.gather(*(one.requeue_abandoned() for one in others))

    back = await anna.conversation()
    assert (back.status, back.operator_id) == (Status.WAITING, None)
    assert (await anna.texts("system"))[-1].startswith("Специалист отошёл")
    async with any_house.database.reading() as tx:
        whole = await conversations.conversation_messages(tx, conversation.id)
    notes = [message.text for message in whole if message.note]
    assert notes == [f"{operator.name} не отвечает, разговор вернулся в очередь."]


@pytest.mark.parametrize("presence", [Presence.AWAY, Presence.OFF])
async def test_whoever_leaves_the_desk_keeps_nobody_waiting(
    house: Runtime, clock: time_machine.Traveller, presence: Presence
):
    operator, anna = await hire(), Visitor()
    await anna.presses_the_button()
    conversation = await operator.claims((await anna.conversation()).id)
    await operator.replies(conversation.id, "Напишите размер")
    await operator.goes(presence)
    later(clock, 60)
    await house.scheduler.requeue_abandoned()
    assert (await anna.conversation()).status is Status.ATTENDED, "nothing is owed"

    await anna.writes("3 на 6 метров")
    later(clock, 2)
    await house.scheduler.requeue_abandoned()

    assert (await anna.conversation()).status is Status.WAITING


async def test_a_restart_of_the_server_takes_nothing_from_who_is_here(
    any_house: Runtime, clock: time_machine.Traveller
):
    operator, anna = await hire(at_desk=False), Visitor()
    await operator.opens_a_desk()
    await anna.presses_the_button()
    await operator.claims((await anna.conversation()).id)
    await anna.writes("3 на 6 метров")
    later(clock, 2.3)
    await operator.opens_a_desk()

    async with any_house.database.transaction() as tx:
        await operators.forget_desks(tx)
    await any_house.scheduler.requeue_abandoned()

    assert (await anna.conversation()).operator_id == operator.id


async def test_a_call_of_somebody_else_makes_nobody_owe_an_answer(any_house: Runtime, clock: time_machine.Traveller):
    operator, anna, boris = await hire(), Visitor(), Visitor()
    await anna.presses_the_button()
    conversation = await operator.claims((await anna.conversation()).id)
    later(clock, 1)
    await operator.replies(conversation.id, "Напишите размер")
    later(clock, 1)
    await boris.presses_the_button()

    later(clock, 11)
    await any_house.scheduler.requeue_abandoned()
    assert (await anna.conversation()).operator_id == operator.id

    later(clock, 24 * 60)
    await any_house.scheduler.close_silent()
    assert (await anna.conversation()).status is Status.CLOSED


async def test_a_colleague_has_time_of_their_own(house: Runtime, clock: time_machine.Traveller):
    operator, colleague, anna = await hire(), await hire(), Visitor()
    await anna.presses_the_button()
    conversation = await operator.claims((await anna.conversation()).id)
    await anna.writes("Ау?")
    later(clock, 9)
    await operator.transfers(conversation.id, colleague)
    later(clock, 9)
    await house.scheduler.requeue_abandoned()

    assert (await anna.conversation()).operator_id == colleague.id


@pytest.mark.shows("Handover.minutes_until_return")
async def test_preferences_may_leave_everything_with_its_holder(house: Runtime, clock: time_machine.Traveller):
    await houses.prefer(preferences.Handover(), minutes_until_return=0)
    operator, anna = await hire(), Visitor()
    await anna.presses_the_button()
    await operator.claims((await anna.conversation()).id)

    later(clock, 500)
    await house.scheduler.requeue_abandoned()
    await house.scheduler.close_silent()

    assert (await anna.conversation()).status is Status.ATTENDED


async def test_what_went_quiet_is_closed_once(any_house: Runtime, clock: time_machine.Traveller):
    anna = Visitor()
    await anna.writes(QUESTION)
    await any_house.settle()
    later(clock, 119)
    await any_house.scheduler.close_silent()
    assert (await anna.conversation()).status is Status.ASSISTED

    later(clock, 2)
    others = [Scheduler(any_house.queue.wake_assistant) for _ in range(4)]
    await asyncio.gather(*(one.close_silent() for one in others))

    conversation = await anna.conversation()
    assert (conversation.status, conversation.reason) == (Status.CLOSED, Reason.IDLE)
    assert await anna.texts("system") == ["Чат окончен."]


@pytest.mark.parametrize(("who", "status"), [("operator", Status.CLOSED), ("visitor", Status.ATTENDED)])
async def test_an_attended_conversation_closes_only_when_our_side_spoke_last(
    house: Runtime, clock: time_machine.Traveller, who: str, status: Status
):
    operator, anna = await hire(), Visitor()
    await anna.presses_the_button()
    conversation = await operator.claims((await anna.conversation()).id)
    await (anna.writes("Ау?") if who == "visitor" else operator.replies(conversation.id, "Напишите размер"))

    later(clock, 500)
    await house.scheduler.close_silent()

    assert (await anna.conversation()).status is status


async def test_what_waits_or_is_unanswered_is_never_closed(house: Runtime, clock: time_machine.Traveller):
    anna, boris = Visitor(), Visitor()
    await anna.presses_the_button()
    house.database.listener = None
    await boris.writes(QUESTION)

    later(clock, 10_000)
    await house.scheduler.close_silent()

    assert (await anna.conversation()).status is Status.WAITING
    assert (await boris.conversation()).status is Status.ASSISTED


@pytest.mark.shows("Handover.idle_close_minutes")
async def test_preferences_may_keep_quiet_conversations_open(house: Runtime, clock: time_machine.Traveller):
    await houses.prefer(preferences.Handover(), idle_close_minutes=0)
    anna = Visitor()
    await anna.writes(QUESTION)
    await house.settle()

    later(clock, 100_000)
    await house.scheduler.close_silent()
    async with house.database.transaction() as tx:
        closed = await handover.close_silent(tx, (await anna.conversation()).id)

    assert not closed
    assert (await anna.conversation()).status is Status.ASSISTED


async def test_what_a_crash_left_unanswered_is_answered(any_house: Runtime):
    anna = Visitor()
    listener, any_house.database.listener = any_house.database.listener, None
    await anna.writes(QUESTION)
    any_house.database.listener = listener

    await any_house.scheduler.rescue_overdue()
    await any_house.settle()
    assert await anna.texts("assistant") == []
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=24), tick=True):
        await any_house.scheduler.rescue_overdue()
        await any_house.settle()

    assert await anna.texts("assistant") == ["Записал."]


async def test_one_of_many_processes_takes_up_what_was_left(any_house: Runtime):
    woken: list[UUID] = []

    async def wake(conversation_id: UUID) -> None:
        woken.append(conversation_id)

    any_house.database.listener = None
    visitors = [Visitor() for _ in range(5)]
    for visitor in visitors:
        await visitor.writes(QUESTION)
    clocks = [Scheduler(wake) for _ in range(6)]

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=24), tick=True):
        await asyncio.gather(*(clock.rescue_overdue() for clock in clocks * 2))

    assert sorted(woken) == sorted([(await visitor.conversation()).id for visitor in visitors])
