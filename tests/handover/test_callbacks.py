"""A visitor who left contacts and went away becomes a callback, which holds up nobody in the queue."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from tests.makers import Visitor, hire
from vink_chat import conversations, handover
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Reason, Status, attention, overview, queue, visitors
from vink_chat.conversations.queue import QueueQuery, QueueTab
from vink_chat.events import WaitChanged
from vink_chat.kit import db

LEFT = timedelta(minutes=6)
PHONE = "+7 903 123-45-67"


async def calls(clock: time_machine.Traveller, phone: str = "") -> Visitor:
    clock.shift(timedelta(seconds=1))
    visitor = Visitor()
    await visitor.presses_the_button()
    if phone:
        async with db.transaction() as tx:
            await handover.leave_contacts(tx, visitor.id, "Ольга", phone, "")
    return visitor


async def stays(*visitors: Visitor) -> None:
    async with db.transaction() as tx:
        await handover.mark_seen(tx, [visitor.id for visitor in visitors])


async def leaves(clock: time_machine.Traveller, house: Runtime, *others: Visitor) -> None:
    """Let all visitors but these be away, and the scheduler notice it."""
    clock.shift(LEFT)
    await stays(*others)
    await house.scheduler.sort_callbacks()


async def box(which: QueueTab) -> list[UUID]:
    async with db.reading() as tx:
        lines = await queue.page(tx, QueueQuery(which))
        assert (await queue.counts(tx))[which] == len(lines)
        return [line.visitor_id for line in lines]


async def listed() -> tuple[Sequence[UUID], Sequence[UUID]]:
    async with db.reading() as tx:
        waiting, callbacks = await handover.queued(tx), await handover.callbacks(tx)
    return [one.visitor_id for one in waiting], [one.visitor_id for one in callbacks]


async def test_who_left_contacts_and_went_away_is_a_task_and_no_place(
    any_house: Runtime, clock: time_machine.Traveller
):
    await hire("Анна")
    first, here, second = await calls(clock, PHONE), await calls(clock), await calls(clock, PHONE)
    assert await box(QueueTab.WAITING) == [first.id, here.id, second.id]

    await leaves(clock, any_house, here)

    assert await box(QueueTab.WAITING) == [here.id]
    assert await box(QueueTab.CALLBACK) == [first.id, second.id]
    assert set(await box(QueueTab.ALL)) == {first.id, here.id, second.id}
    assert await listed() == ([here.id], [first.id, second.id])
    async with db.reading() as tx:
        assert await handover.places(tx) == {here.id: 1}
        [line, _] = await queue.page(tx, QueueQuery(QueueTab.CALLBACK))
        now = await overview.present(tx)
    assert (line.visitor_name, line.phone, line.waiting_since) == (
        "Ольга",
        PHONE,
        (await first.conversation()).waiting_since,
    )
    assert (now.waiting, now.callbacks, now.longest_since) == (1, 2, (await here.conversation()).waiting_since)


async def test_a_number_typed_into_a_message_makes_the_task_too(any_house: Runtime, clock: time_machine.Traveller):
    await hire("Анна")
    visitor = await calls(clock)
    await visitor.writes(f"Мой телефон {PHONE}")
    await any_house.settle()

    await leaves(clock, any_house)

    assert await box(QueueTab.CALLBACK) == [visitor.id]


async def test_nobody_is_alarmed_by_a_task_and_no_form_is_offered_to_who_is_away(
    any_house: Runtime, clock: time_machine.Traveller
):
    await hire("Анна")
    visitor = await calls(clock)
    async with db.transaction() as tx:
        await visitors.describe(tx, (await visitor.conversation()).id, name="", email="olga@example.ru", phone="")
    await leaves(clock, any_house)
    clock.shift(timedelta(minutes=20))

    await any_house.scheduler.alert_again()
    await any_house.scheduler.offer_forms()

    waits = await visitor.conversation()
    assert (waits.alerted_at, waits.form_offered_at) == (None, None)
    async with db.reading() as tx:
        assert await attention.last_calls(tx) == {}


@pytest.mark.parametrize("back", ["page", "words"])
async def test_who_comes_back_stands_in_the_queue_again(any_house: Runtime, clock: time_machine.Traveller, back: str):
    await hire("Анна")
    visitor = await calls(clock, PHONE)
    since = (await visitor.conversation()).waiting_since
    await leaves(clock, any_house)

    if back == "page":
        await stays(visitor)
    else:
        await visitor.writes("Я снова здесь")
        await any_house.settle()

    assert (await box(QueueTab.WAITING), await box(QueueTab.CALLBACK)) == ([visitor.id], [])
    assert (await visitor.conversation()).waiting_since == since


async def test_a_task_is_taken_and_done_like_any_conversation(any_house: Runtime, clock: time_machine.Traveller):
    anna = await hire("Анна")
    visitor = await calls(clock, PHONE)
    await leaves(clock, any_house)

    await anna.claims((await visitor.conversation()).id)
    await any_house.scheduler.sort_callbacks()
    assert await box(QueueTab.CALLBACK) == []

    # Back in the queue, it becomes a callback again.
    await anna.releases((await visitor.conversation()).id)
    await any_house.scheduler.sort_callbacks()
    assert await box(QueueTab.CALLBACK) == [visitor.id]

    await anna.claims((await visitor.conversation()).id)
    await anna.finishes((await visitor.conversation()).id)
    await any_house.scheduler.sort_callbacks()
    assert (await box(QueueTab.CALLBACK), await box(QueueTab.WAITING)) == ([], [])


async def test_each_change_is_announced_once(any_house: Runtime, clock: time_machine.Traveller):
    visitor = await calls(clock, PHONE)
    heard: list[object] = []
    listener = db.current().listener
    assert listener

    def hear(events):
        heard.extend(event for event in events if isinstance(event, WaitChanged))
        return listener(events)

    db.current().listener = hear
    for _ in range(2):
        await leaves(clock, any_house)
    for _ in range(2):
        await stays(visitor)

    conversation = await visitor.conversation()
    assert heard == [WaitChanged(conversation.id, visitor.id)] * 2


async def test_who_is_reached_over_rest_is_away_once_they_stop_asking(
    any_house: Runtime, clock: time_machine.Traveller
):
    await hire("Анна")
    visitor, behind = Visitor(), Visitor()
    async with db.transaction() as tx:
        context = conversations.VisitorContext(channel="rest")
        await handover.request(tx, await conversations.open_for(tx, visitor.secret, context), Reason.BUTTON)
    clock.shift(timedelta(seconds=1))
    await behind.presses_the_button()
    async with db.reading() as tx:
        assert await handover.places(tx) == {visitor.id: 1, behind.id: 2}

    clock.shift(LEFT)
    await stays(behind)

    async with db.reading() as tx:
        assert await handover.places(tx) == {behind.id: 1}
    clock.shift(timedelta(minutes=30))
    await stays(behind)
    await any_house.scheduler.close_gone()
    assert (await visitor.conversation()).status is Status.CLOSED
