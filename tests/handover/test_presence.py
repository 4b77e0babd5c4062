"""An operator with an open desk or a working messenger is on shift; the others hold no conversation."""

from datetime import timedelta

import pytest
import time_machine

from tests import houses
from tests.makers import Colleague, Visitor, hire
from tests.operators.conftest import hire as hire_with_password
from tests.operators.conftest import sign_in
from vink_chat import conversations, handover, operators, preferences, topics
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Author, Status
from vink_chat.events import OperatorLeft
from vink_chat.jobs import Scheduler
from vink_chat.kit import db, signals
from vink_chat.kit.db import Database
from vink_chat.operators import Presence

BACK = "Специалист отошёл. Вопрос передан коллегам. Вы остаётесь в очереди."
NOTE = "Разговор вернулся в очередь: оператор не на связи (Анна)."


async def held(operator: Colleague) -> Visitor:
    visitor = Visitor()
    await visitor.presses_the_button()
    await operator.claims((await visitor.conversation()).id)
    return visitor


async def leave_shift(operator: Colleague) -> bool:
    async with db.transaction() as tx:
        return await handover.leave_shift(tx, operator.id)


async def notes(visitor: Visitor) -> list[str]:
    """Return the notes of a conversation."""
    conversation = await visitor.conversation()
    async with db.reading() as tx:
        found = await conversations.conversation_messages(tx, conversation.id, limit=40)
    return [message.text for message in found if message.note]


async def presence_of(operator: Colleague) -> Presence:
    async with db.reading() as tx:
        return (await operators.operator(tx, operator.id)).presence


async def rounds(clock: time_machine.Traveller, scheduler: Scheduler, seconds: int) -> None:
    """Run the scheduler every ten seconds for a while."""
    for _ in range(seconds // 10):
        clock.shift(timedelta(seconds=10))
        await scheduler.end_presence()


async def test_nobody_is_promised_to_a_visitor_while_no_desk_is_open(any_database: Database):
    await hire("Анна", at_desk=False)
    visitor = Visitor()

    await visitor.presses_the_button()

    assert "Сейчас никого нет на месте" in (await visitor.texts("system"))[-1]


async def test_what_a_lost_desk_held_waits_in_front_with_a_notice(
    any_database: Database, clock: time_machine.Traveller
):
    anna, _ = await hire("Анна", at_desk=False), await hire("Борис")
    await anna.opens_a_desk()
    visitor = await held(anna)
    called = (await visitor.conversation()).waiting_since
    clock.shift(timedelta(seconds=70))
    behind = Visitor()
    await behind.presses_the_button()
    clock.shift(timedelta(seconds=10))
    events: list[object] = []
    any_database.listener = events.extend

    assert await leave_shift(anna)

    conversation = await visitor.conversation()
    assert (conversation.status, conversation.operator_id) == (Status.WAITING, None)
    assert conversation.waiting_since == called
    async with db.reading() as tx:
        assert [one.visitor_id for one in await handover.queued(tx)] == [visitor.id, behind.id]
    notices = [message for message in await visitor.reads() if message.author is Author.SYSTEM]
    assert notices[-1].text == BACK
    assert await notes(visitor) == [NOTE]
    assert [event for event in events if isinstance(event, OperatorLeft)] == [OperatorLeft(anna.id, (conversation.id,))]


async def test_whom_nobody_is_left_for_is_asked_for_contacts_at_once(
    any_database: Database, clock: time_machine.Traveller
):
    anna = await hire("Анна", at_desk=False)
    await anna.opens_a_desk()
    visitor = await held(anna)
    clock.shift(timedelta(seconds=80))

    await leave_shift(anna)

    conversation = await visitor.conversation()
    assert handover.shows_contact_form(conversation)
    assert conversation.promised_at
    assert "сейчас никого нет на месте" in (await visitor.texts("system"))[-1]


async def test_who_steps_out_and_then_loses_the_desk_holds_nothing(
    any_database: Database, clock: time_machine.Traveller
):
    anna, _ = await hire("Анна", at_desk=False), await hire("Борис")
    await anna.opens_a_desk()
    visitor = await held(anna)
    await anna.goes(Presence.AWAY)
    clock.shift(timedelta(seconds=80))

    assert await leave_shift(anna)

    assert (await visitor.conversation()).status is Status.WAITING
    assert not await leave_shift(anna)


async def test_who_signs_out_leaves_the_shift_at_once(any_database: Database):
    boris = await hire("Борис")
    view = await hire_with_password(any_database, "anna")
    anna = Colleague(view.id, view.name)
    first, second = await sign_in(any_database, "anna"), await sign_in(any_database, "anna")
    await anna.goes(Presence.HERE)
    async with db.transaction() as tx:
        for token in (first, second):
            asking = await operators.session_operator(tx, token)
            assert asking
            await operators.open_desk(tx, asking.session_id, anna.id, timedelta(seconds=75))
    hers, his = await held(anna), await held(boris)

    async with db.transaction() as tx:
        await handover.sign_out(tx, first)
    # The desk of the other browser is still open.
    assert (await hers.conversation()).operator_id == anna.id
    assert await presence_of(anna) is Presence.HERE

    async with db.transaction() as tx:
        await handover.sign_out(tx, second)
    assert (await hers.conversation()).status is Status.WAITING
    assert (await hers.texts("system"))[-1] == BACK
    assert (await his.conversation()).operator_id == boris.id
    assert await presence_of(anna) is Presence.OFF


async def test_the_clock_ends_a_presence_between_one_minute_and_a_minute_and_a_half(
    any_house: Runtime, clock: time_machine.Traveller
):
    await rounds(clock, any_house.scheduler, 100)
    anna, _ = await hire("Анна", at_desk=False), await hire("Борис")
    await anna.opens_a_desk()
    visitor = await held(anna)

    await rounds(clock, any_house.scheduler, 60)
    assert await presence_of(anna) is Presence.HERE
    await rounds(clock, any_house.scheduler, 30)

    assert await presence_of(anna) is Presence.AWAY
    assert (await visitor.conversation()).status is Status.WAITING


async def test_a_program_that_starts_gives_every_desk_the_time_to_reconnect(
    any_house: Runtime, clock: time_machine.Traveller
):
    anna = await hire("Анна", at_desk=False)
    session = await anna.opens_a_desk()
    visitor = await held(anna)
    # The machine was down for an hour.
    clock.shift(timedelta(hours=1))

    await rounds(clock, any_house.scheduler, 60)
    assert await presence_of(anna) is Presence.HERE
    async with db.transaction() as tx:
        await operators.open_desk(tx, session, anna.id, timedelta(seconds=75))
    await rounds(clock, any_house.scheduler, 30)

    assert await presence_of(anna) is Presence.HERE
    assert (await visitor.conversation()).operator_id == anna.id


@pytest.mark.shows("Handover.seconds_until_away")
async def test_the_seconds_until_away_are_a_preference(any_house: Runtime, clock: time_machine.Traveller):
    await houses.prefer(preferences.Handover(), seconds_until_away=300)
    anna = await hire("Анна", at_desk=False)
    await anna.opens_a_desk()

    clock.shift(timedelta(seconds=200))
    assert not await leave_shift(anna)
    clock.shift(timedelta(seconds=101))

    assert await leave_shift(anna)


async def test_the_desks_are_told_when_it_changes_who_is_present(any_house: Runtime, clock: time_machine.Traveller):
    anna = await hire("Анна", at_desk=False)
    await anna.opens_a_desk()
    await any_house.scheduler.end_presence()

    async with signals.current().subscribe(topics.QUEUE) as desk:
        await any_house.scheduler.end_presence()
        assert await desk.next(quiet_after=0) == {}
        clock.shift(timedelta(seconds=80))
        await any_house.scheduler.end_presence()
        assert topics.OPERATORS in await desk.next(quiet_after=0)


async def test_an_estimate_and_a_transfer_know_who_is_present(any_database: Database, clock: time_machine.Traveller):
    anna, boris = await hire("Анна", at_desk=False), await hire("Борис")
    await held(boris)
    await anna.opens_a_desk()
    first, second = Visitor(), Visitor()
    await first.presses_the_button()
    clock.shift(timedelta(seconds=80))
    await second.presses_the_button()

    assert "через минуту" in (await first.texts("system"))[-1]
    assert "в очереди" in (await second.texts("system"))[-1]
