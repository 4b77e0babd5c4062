"""Presence is what one chose, and that one can answer; it ends by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from tests.makers import Colleague, hire
from vink_chat import operators
from vink_chat.events import OperatorsChanged
from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.operators import OperatorView, Presence
from vink_chat.operators.model import Operator

GRACE = timedelta(seconds=75)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 2, 8, 17, tzinfo=UTC), tick=False) as clock:
        yield clock


async def on_shift() -> list[str]:
    async with db.reading() as tx:
        return [one.name for one in await operators.on_shift(tx)]


async def seen(colleague: Colleague) -> OperatorView:
    async with db.reading() as tx:
        return await operators.operator(tx, colleague.id)


async def keeps(*sessions: UUID) -> None:
    async with db.transaction() as tx:
        await operators.keep_desks(tx, sessions, GRACE)


async def leaves(colleague: Colleague) -> bool:
    async with db.transaction() as tx:
        return await operators.leave(tx, colleague.id, GRACE)


async def has_telegram(colleague: Colleague, *, chosen_there: bool) -> None:
    async with db.transaction() as tx:
        row = await tx.session.get(Operator, colleague.id)
        assert row
        row.telegram_id = 7
        tx.session.add(row)
    async with db.transaction() as tx:
        await operators.set_presence(tx, colleague.id, Presence.HERE, in_telegram=chosen_there)


async def bot_works(lasting: timedelta) -> None:
    async with db.transaction() as tx:
        await operators.telegram_works(tx, lasting)


async def test_who_chose_to_be_here_is_so_while_a_desk_is_open(any_database: Database, clock: time_machine.Traveller):
    anna = await hire("Анна", at_desk=False)
    await hire("Борис", Presence.AWAY)
    assert await on_shift() == []
    assert not (await seen(anna)).present

    session = await anna.opens_a_desk()
    assert await on_shift() == ["Анна"]

    clock.shift(MINUTE)
    await keeps(session)
    clock.shift(MINUTE)
    assert await on_shift() == ["Анна"]
    assert (await seen(anna)).present

    clock.shift(MINUTE)
    assert await on_shift() == []
    assert (await seen(anna)).shown_presence is Presence.AWAY


async def test_a_lost_desk_makes_its_operator_away_and_says_since_when(
    any_database: Database, clock: time_machine.Traveller
):
    anna = await hire("Анна", at_desk=False)
    await anna.opens_a_desk()
    lost_at = datetime.now(UTC)
    clock.shift(GRACE - timedelta(seconds=1))
    assert not await leaves(anna)

    clock.shift(2)
    facts: list[object] = []
    any_database.listener = facts.extend
    assert await leaves(anna)

    view = await seen(anna)
    assert (view.presence, view.lost_at) == (Presence.AWAY, lost_at)
    assert facts == [OperatorsChanged(anna.id)]
    assert not await leaves(anna)

    # A desk that comes back later chooses nothing by itself.
    await anna.opens_a_desk()
    assert await on_shift() == []
    await anna.goes(Presence.HERE)
    assert await on_shift() == ["Анна"]
    assert (await seen(anna)).lost_at is None


async def test_a_desk_that_reconnects_within_the_grace_changes_nothing(
    any_database: Database, clock: time_machine.Traveller
):
    anna = await hire("Анна", at_desk=False)
    session = await anna.opens_a_desk()
    async with db.transaction() as tx:
        await operators.close_desks(tx, [session])
    assert await on_shift() == []

    clock.shift(MINUTE)
    assert not await leaves(anna)
    async with db.transaction() as tx:
        await operators.open_desk(tx, session, anna.id, GRACE)
    assert await on_shift() == ["Анна"]
    clock.shift(MINUTE)
    assert not await leaves(anna)


async def test_a_program_that_starts_knows_of_nobody(any_database: Database, clock: time_machine.Traveller):
    anna = await hire("Анна", at_desk=False)
    session = await anna.opens_a_desk()
    await has_telegram(await hire("Борис", at_desk=False), chosen_there=True)
    await bot_works(MINUTE)
    assert await on_shift() == ["Анна", "Борис"]

    async with db.transaction() as tx:
        await operators.forget_desks(tx)

    assert await on_shift() == []
    await keeps(session)
    assert await on_shift() == ["Анна"]


async def test_a_session_that_ended_keeps_nobody_on_shift(any_database: Database, clock: time_machine.Traveller):
    anna = await hire("Анна", at_desk=False)
    first, second = await anna.opens_a_desk(), await anna.opens_a_desk()

    async with db.transaction() as tx:
        await operators.revoke(tx, first, anna.id)
    assert await on_shift() == ["Анна"]
    async with db.transaction() as tx:
        await operators.revoke(tx, second, anna.id)
    # The tab that is told of it closes only now.
    await keeps(first, second)

    assert await on_shift() == []
    assert await leaves(anna)


async def test_who_came_by_telegram_is_here_while_the_bot_works(any_database: Database, clock: time_machine.Traveller):
    anna = await hire("Анна", at_desk=False)
    await has_telegram(anna, chosen_there=True)
    assert await on_shift() == []

    await bot_works(MINUTE)
    assert await on_shift() == ["Анна"]
    assert not await leaves(anna)

    clock.shift(2 * MINUTE)
    assert await on_shift() == []
    # It is the bot that is away: when it is back, so is she.
    assert not await leaves(anna)
    await bot_works(MINUTE)
    assert await on_shift() == ["Анна"]
    await bot_works(timedelta(0))
    assert await on_shift() == []


async def test_who_chose_at_the_desk_is_not_kept_on_shift_by_telegram(
    any_database: Database, clock: time_machine.Traveller
):
    anna = await hire("Анна", at_desk=False)
    await has_telegram(anna, chosen_there=False)
    await bot_works(timedelta(hours=1))
    assert await on_shift() == []

    async with db.transaction() as tx:
        await operators.answer_in_telegram(tx, anna.id)
    assert await on_shift() == ["Анна"]
    await anna.goes(Presence.AWAY)
    await anna.goes(Presence.HERE)
    assert await on_shift() == []


async def test_who_comes_and_goes_is_announced_once(any_database: Database, clock: time_machine.Traveller):
    anna = await hire("Анна", at_desk=False)
    facts: list[object] = []
    any_database.listener = facts.extend

    session = await anna.opens_a_desk()
    await keeps(session)
    await anna.opens_a_desk()

    assert facts == [OperatorsChanged(anna.id)]
