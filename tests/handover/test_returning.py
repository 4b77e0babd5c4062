"""A visitor who comes back is offered first to the operator who held their conversation; nobody waits longer for it."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from tests import houses
from tests.makers import Colleague, Visitor, hire
from vink_chat import handover, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status
from vink_chat.kit import db
from vink_chat.operators import Presence
from vink_chat.pages.desk.queue_broadcast import Own, QueueCache


async def led(operator: Colleague, *, gives_back: bool = False) -> Visitor:
    """Let an operator hold a conversation until its end."""
    visitor = Visitor()
    await visitor.presses_the_button()
    key = (await operator.claims((await visitor.conversation()).id)).id
    await operator.replies(key, "Готово")
    await (operator.gives_back(key) if gives_back else operator.finishes(key))
    return visitor


async def offered_to(visitor: Visitor) -> UUID | None:
    return (await visitor.conversation()).offered_to


async def seen_by(operator: Colleague) -> Own:
    return await QueueCache().own(operator.id, "ru")


@pytest.mark.parametrize("gives_back", [False, True])
async def test_a_returning_visitor_is_offered_first_to_who_had_them(
    any_house: Runtime, clock: time_machine.Traveller, gives_back: bool
):
    anna, boris = await hire("Анна"), await hire("Борис")
    visitor = await led(anna, gives_back=gives_back)
    clock.shift(timedelta(hours=2))

    await visitor.presses_the_button()

    assert await offered_to(visitor) == anna.id
    key = str((await visitor.conversation()).id)
    mine, his = await seen_by(anna), await seen_by(boris)
    assert (mine.calls, mine.called != "", mine.quiet) == (1, True, [])
    assert (his.calls, his.called, his.quiet, his.counts["waiting"]) == (0, "", [key], 1)
    assert (await visitor.texts("system"))[-1].endswith("через минуту.")
    async with db.reading() as tx:
        assert await handover.places(tx) == {visitor.id: 1}

    clock.shift(timedelta(seconds=59))
    await any_house.scheduler.end_offers()
    assert await offered_to(visitor) == anna.id
    clock.shift(timedelta(seconds=1))
    await any_house.scheduler.end_offers()

    assert await offered_to(visitor) is None
    his = await seen_by(boris)
    assert (his.calls, his.called > mine.called, his.quiet) == (1, True, [])
    assert (await seen_by(anna)).calls == 1


@pytest.mark.parametrize("why", ["away", "busy"])
async def test_an_offer_ends_when_its_operator_cannot_answer_any_more(
    any_house: Runtime, clock: time_machine.Traveller, why: str
):
    anna, visitor = await hire("Анна"), Visitor()
    await hire("Борис")
    visitor = await led(anna)
    await visitor.presses_the_button()
    assert await offered_to(visitor) == anna.id

    if why == "away":
        await anna.goes(Presence.AWAY)
    else:
        other = Visitor()
        await other.presses_the_button()
        await anna.claims((await other.conversation()).id)
    await any_house.scheduler.end_offers()

    assert await offered_to(visitor) is None


@pytest.mark.parametrize("why", ["away", "busy"])
async def test_who_cannot_answer_is_offered_nothing(any_house: Runtime, clock: time_machine.Traveller, why: str):
    anna = await hire("Анна")
    await hire("Борис")
    visitor = await led(anna)
    if why == "away":
        await anna.goes(Presence.AWAY)
    else:
        other = Visitor()
        await other.presses_the_button()
        await anna.claims((await other.conversation()).id)

    await visitor.presses_the_button()

    assert await offered_to(visitor) is None


@pytest.mark.shows("Handover.returning_minutes")
async def test_who_comes_back_too_late_is_everybodys(any_house: Runtime, clock: time_machine.Traveller):
    anna = await hire("Анна")
    await houses.prefer(preferences.Handover(), returning_minutes=10)
    soon, late = await led(anna), await led(anna)
    clock.shift(timedelta(minutes=9))
    await soon.presses_the_button()
    clock.shift(timedelta(minutes=2))
    await late.presses_the_button()
    assert (await offered_to(soon), await offered_to(late)) == (anna.id, None)

    await houses.prefer(preferences.Handover(), returning_minutes=0)
    never = await led(await hire("Борис"))
    await never.presses_the_button()
    assert await offered_to(never) is None


async def test_a_colleague_may_take_what_is_offered_to_another(any_house: Runtime, clock: time_machine.Traveller):
    anna, boris = await hire("Анна"), await hire("Борис")
    visitor = await led(anna)
    await visitor.presses_the_button()

    taken = await boris.claims((await visitor.conversation()).id)

    assert (taken.status, taken.operator_id, taken.offered_to) == (Status.ATTENDED, boris.id, None)
    clock.shift(timedelta(minutes=2))
    await any_house.scheduler.end_offers()
    assert (await visitor.conversation()).operator_id == boris.id


async def test_nobody_is_alarmed_again_while_a_call_is_offered_to_one(
    any_house: Runtime, clock: time_machine.Traveller
):
    await houses.prefer(preferences.Handover(), minutes_until_alert=1)
    visitor = await led(await hire("Анна"))
    await visitor.presses_the_button()
    clock.shift(timedelta(seconds=60))

    async with db.transaction() as tx:
        assert await handover.alert_again(tx) == 0
    await any_house.scheduler.end_offers()
    async with db.transaction() as tx:
        assert await handover.alert_again(tx) == 1
