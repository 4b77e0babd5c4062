"""A handover cannot die quietly: alerts, the contact form with a promise, the end of what went quiet."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from tests import houses
from tests.makers import Visitor, hire
from vink_chat import conversations, handover, operators, preferences, topics
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Reason, Status
from vink_chat.events import ConversationOverdue
from vink_chat.jobs import Scheduler
from vink_chat.kit import signals
from vink_chat.operators import Presence

QUESTION = "Чем отличается литая плёнка от каландрированной?"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False) as clock:
        yield clock


def later(clock: time_machine.Traveller, minutes: float) -> None:
    clock.shift(timedelta(minutes=minutes))


def overdue(house: Runtime) -> list[object]:
    heard: list[object] = []
    listener = house.database.listener
    assert listener

    def hear(facts: object) -> None:
        heard.extend(fact for fact in facts if isinstance(fact, ConversationOverdue))
        listener(facts)

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
    # As several processes do, at once and again.
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
    assert handover.wants_contacts(await anna.conversation())


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
    # Who put it back is there, and did not step away.
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


async def test_who_is_taken_and_left_without_a_word_waits_again(any_house: Runtime, clock: time_machine.Traveller):
    operator, anna = await hire(), Visitor()
    await anna.writes("Позовите человека")
    await any_house.settle()
    conversation = await operator.claims((await anna.conversation()).id)
    later(clock, 9)
    await any_house.scheduler.take_back()
    assert (await anna.conversation()).status is Status.ATTENDED

    later(clock, 1)
    others = [Scheduler(any_house.queue.wake_assistant) for _ in range(4)]
    await asyncio.gather(*(one.take_back() for one in others))

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
    await house.scheduler.take_back()
    assert (await anna.conversation()).status is Status.ATTENDED, "nothing is owed"

    await anna.writes("3 на 6 метров")
    later(clock, 2)
    await house.scheduler.take_back()

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
    await any_house.scheduler.take_back()

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
    await any_house.scheduler.take_back()
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
    await house.scheduler.take_back()

    assert (await anna.conversation()).operator_id == colleague.id


@pytest.mark.shows("Handover.minutes_until_return")
async def test_preferences_may_leave_everything_with_its_holder(house: Runtime, clock: time_machine.Traveller):
    await houses.prefer(preferences.Handover(), minutes_until_return=0)
    operator, anna = await hire(), Visitor()
    await anna.presses_the_button()
    await operator.claims((await anna.conversation()).id)

    later(clock, 500)
    await house.scheduler.take_back()
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
