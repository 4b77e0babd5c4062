"""Only visitors who are on the page count in the queue; one who left it holds up nobody."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from tests import houses
from tests.makers import Colleague, Visitor, hire
from vink_chat import conversations, handover, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Reason, Status
from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.operators import Presence

LEFT = timedelta(minutes=6)


async def calls(clock: time_machine.Traveller, count: int = 1) -> list[Visitor]:
    visitors = [Visitor() for _ in range(count)]
    for visitor in visitors:
        clock.shift(timedelta(seconds=1))
        await visitor.presses_the_button()
    return visitors


async def stays(*visitors: Visitor) -> None:
    """Keep the tabs of some visitors open."""
    async with db.transaction() as tx:
        await handover.mark_seen(tx, [visitor.id for visitor in visitors])


async def place(visitor: Visitor) -> int:
    conversation = await visitor.conversation()
    async with db.reading() as tx:
        return await handover.place(tx, conversation)


async def answered(operator: Colleague, clock: time_machine.Traveller, seconds: list[int]) -> None:
    """Make calls that were answered after these numbers of seconds."""
    for wait in seconds:
        [visitor] = await calls(clock)
        clock.shift(timedelta(seconds=wait))
        conversation = await operator.claims((await visitor.conversation()).id)
        await operator.replies(conversation.id, "Слушаю.")
        await operator.finishes(conversation.id)


async def notice(visitor: Visitor) -> str:
    return (await visitor.texts("system"))[-1]


async def test_who_left_is_not_ahead_of_who_comes(any_database: Database, clock: time_machine.Traveller):
    await hire("Анна")
    await calls(clock, 10)
    clock.shift(LEFT)

    [visitor] = await calls(clock)

    assert await notice(visitor) == "Передаю вопрос специалисту. Он подключится к разговору через минуту."
    assert await place(visitor) == 1


async def test_numbers_count_open_tabs_and_those_reached_elsewhere(
    any_database: Database, clock: time_machine.Traveller
):
    await hire("Анна")
    gone, here, last = await calls(clock, 3)
    rest = Visitor()
    clock.shift(timedelta(seconds=1))
    async with db.transaction() as tx:
        context = conversations.VisitorContext(channel="rest")
        conversation = await conversations.open_for(tx, rest.secret, context)
        await handover.request(tx, conversation, Reason.BUTTON)
    clock.shift(LEFT)
    await stays(here, last, rest)

    async with db.reading() as tx:
        places: dict[UUID, int] = await handover.places(tx)
    assert places == {here.id: 1, last.id: 2, rest.id: 3}
    assert (await place(here), await place(last), await place(gone)) == (1, 2, 0)

    # A visitor who comes back has the place of their call.
    await stays(gone)
    async with db.reading() as tx:
        assert await handover.places(tx) == {gone.id: 1, here.id: 2, last.id: 3, rest.id: 4}


async def test_who_left_contacts_and_the_page_has_no_number_and_keeps_nobody_waiting(
    any_database: Database, clock: time_machine.Traveller
):
    anna = await hire("Анна", Presence.AWAY)
    [first] = await calls(clock)
    async with db.transaction() as tx:
        await handover.leave_contacts(tx, first.id, "Ольга", "+7 903 123-45-67", "")
    clock.shift(LEFT)
    await anna.goes(Presence.HERE)

    [second] = await calls(clock)

    assert "через минуту" in await notice(second)
    assert await place(first) == 0


async def test_the_wait_comes_from_answered_calls_divided_by_who_is_present(
    any_database: Database, clock: time_machine.Traveller
):
    anna, boris = await hire("Анна"), await hire("Борис")
    await answered(anna, clock, [240] * 6)
    # Unanswered calls do not count, however many there are.
    busy = await calls(clock, 2)
    await anna.claims((await busy[0].conversation()).id)
    await boris.claims((await busy[1].conversation()).id)

    [visitor] = await calls(clock)
    assert "Вы 1-й в очереди, ждать около 2 минут." in await notice(visitor)
    await boris.goes(Presence.AWAY)
    await calls(clock, 48)
    [last] = await calls(clock)

    assert "Вы 50-й в очереди, ждать около 3 часов." in await notice(last)
    assert handover.shows_contact_form(await last.conversation())
    assert not handover.shows_contact_form(await visitor.conversation())
    assert "Можно не ждать" in await notice(last)


async def test_without_answered_calls_no_time_is_named(any_database: Database, clock: time_machine.Traveller):
    anna = await hire("Анна")
    [first] = await calls(clock)
    await anna.claims((await first.conversation()).id)

    [visitor] = await calls(clock)

    assert await notice(visitor) == "Передаю вопрос специалисту. Вы 1-й в очереди."


@pytest.mark.shows("Handover.gone_close_minutes")
async def test_a_wait_ends_when_its_visitor_has_gone_and_left_nothing(
    any_house: Runtime, clock: time_machine.Traveller
):
    anna, [held] = await hire("Анна"), await calls(clock)
    await anna.claims((await held.conversation()).id)
    gone, here, reachable = await calls(clock, 3)
    async with db.transaction() as tx:
        await handover.leave_contacts(tx, reachable.id, "", "+7 903 123-45-67", "")
    clock.shift(timedelta(minutes=29))
    await stays(here)
    await any_house.scheduler.close_gone()
    assert (await gone.conversation()).status is Status.WAITING

    clock.shift(timedelta(minutes=2))
    await any_house.scheduler.close_gone()

    ended = await gone.conversation()
    assert (ended.status, ended.reason) == (Status.CLOSED, Reason.GONE)
    assert [(await one.conversation()).status for one in (here, reachable)] == [Status.WAITING] * 2
    # Their place and the wait they were told are no longer true.
    assert await gone.texts("system") == [
        "Передаю вопрос специалисту.",
        "Вы ушли со страницы, и ожидание закончено. Напишите, чтобы продолжить.",
    ]

    await gone.writes("Я вернулся, есть акрил?")
    assert (await gone.conversation()).status is Status.ASSISTED
    await houses.prefer(preferences.Handover(), gone_close_minutes=0)
    clock.shift(timedelta(days=1))
    await any_house.scheduler.close_gone()
    assert (await here.conversation()).status is Status.WAITING
