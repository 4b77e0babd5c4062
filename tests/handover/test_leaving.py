"""No visitor stays with an operator who can no longer answer."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest

from tests.makers import Colleague, Visitor, hire
from vink_chat import conversations, handover, operators
from vink_chat.conversations import Reason, Status
from vink_chat.events import ConversationMoved, OperatorLeft, OperatorsChanged
from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.operators import AccountDisabled, AccountStatus, LastAdmin, Presence, Role
from vink_chat.operators.model import Operator

BACK = "Специалист отошёл. Вопрос передан коллегам. Вы остаётесь в очереди."


async def _held(operator: Colleague) -> Visitor:
    visitor = Visitor()
    await visitor.presses_the_button()
    await operator.claims((await visitor.conversation()).id)
    return visitor


async def _switch_off(operator_id: UUID) -> None:
    async with db.transaction() as tx:
        await handover.switch_off(tx, operator_id)


async def test_what_a_switched_off_operator_held_waits_again(any_database: Database):
    anna, boris = await hire("Анна"), await hire("Борис")
    hers, his = [await _held(anna), await _held(anna)], await _held(boris)
    called = {visitor.id: (await visitor.conversation()).waiting_since for visitor in hers}
    events: list[object] = []
    any_database.listener = events.extend

    await _switch_off(anna.id)

    for visitor in hers:
        conversation = await visitor.conversation()
        assert (conversation.status, conversation.operator_id) == (Status.WAITING, None)
        assert (conversation.reason, conversation.waiting_since) == (Reason.BUTTON, called[visitor.id])
        assert (await visitor.texts("system"))[-1] == BACK
    assert (await his.conversation()).operator_id == boris.id
    moved = {event.conversation_id for event in events if isinstance(event, ConversationMoved)}
    [left] = [event for event in events if isinstance(event, OperatorLeft)]
    assert moved == {(await visitor.conversation()).id for visitor in hers} == set(left.conversation_ids)
    assert left.operator_id == anna.id
    assert [event for event in events if isinstance(event, OperatorsChanged)]


async def test_who_held_nothing_leaves_quietly(any_database: Database):
    anna = await hire("Анна")
    events: list[object] = []
    any_database.listener = events.extend

    await _switch_off(anna.id)

    assert events == [OperatorsChanged(anna.id)]


async def test_the_last_administrator_keeps_what_is_held(any_database: Database):
    row = Operator(name="Анна", role=Role.ADMIN, status=AccountStatus.ACTIVE, password_hash="x")
    async with db.transaction() as tx:
        tx.session.add(row)
    visitor = await _held(Colleague(row.id, "Анна"))

    with pytest.raises(LastAdmin):
        await _switch_off(row.id)

    assert (await visitor.conversation()).operator_id == row.id


async def test_a_switched_off_operator_takes_nothing_and_is_given_nothing(any_database: Database):
    anna, boris = await hire("Анна"), await hire("Борис")
    visitor, other = Visitor(), await _held(boris)
    await visitor.presses_the_button()
    await _switch_off(anna.id)

    with pytest.raises(AccountDisabled):
        await anna.claims((await visitor.conversation()).id)
    with pytest.raises(AccountDisabled):
        await boris.transfers((await other.conversation()).id, anna)

    assert (await visitor.conversation()).status is Status.WAITING
    assert (await other.conversation()).operator_id == boris.id


ACTS: dict[str, Callable[[Colleague, Colleague, UUID, UUID], object]] = {
    "claims": lambda anna, boris, waiting, his: anna.claims(waiting),
    "is given": lambda anna, boris, waiting, his: boris.transfers(his, anna),
}


@pytest.mark.servers
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
async def test_what_is_taken_at_that_very_moment_does_not_stay_behind(
    postgres_tables_url: str, act: Callable[..., object]
):
    one, two = Database(postgres_tables_url), Database(postgres_tables_url)
    db.use(one)
    for _ in range(15):
        anna, boris, waiting = await hire("Анна"), await hire("Борис"), Visitor()
        await waiting.presses_the_button()
        given = await _held(boris)
        ids = (await waiting.conversation()).id, (await given.conversation()).id

        async def switched_off(operator_id: UUID = anna.id) -> None:
            async with two.transaction() as tx:
                await handover.switch_off(tx, operator_id)

        await asyncio.gather(act(anna, boris, *ids), switched_off(), return_exceptions=True)

        for visitor in (waiting, given):
            assert (await visitor.conversation()).operator_id != anna.id
        async with one.reading() as tx:
            assert (await operators.operator(tx, anna.id)).status is AccountStatus.DISABLED
    db.use(None)
    await one.close()
    await two.close()


async def test_what_is_finished_at_that_very_moment_stays_finished(any_database: Database):
    anna = await hire("Анна")
    visitors = [await _held(anna) for _ in range(5)]
    ids = [(await visitor.conversation()).id for visitor in visitors]

    await asyncio.gather(_switch_off(anna.id), *(anna.finishes(one) for one in ids), return_exceptions=True)

    for visitor in visitors:
        assert (await visitor.conversation()).status in {Status.CLOSED, Status.WAITING}
        assert len(await visitor.texts("system")) == 3


async def test_untying_the_only_way_to_answer_lets_go_too(any_database: Database):
    anna, boris = await hire("Анна"), await hire("Борис")
    async with db.transaction() as tx:
        for number, colleague in enumerate((anna, boris), start=1):
            row = await tx.session.get(Operator, colleague.id)
            assert row
            row.telegram_id = number
            # Борис has a login too and goes on in the browser.
            row.password_hash = "x" if colleague is boris else None
            tx.session.add(row)
    hers, his = await _held(anna), await _held(boris)

    async with db.transaction() as tx:
        await handover.unlink_telegram(tx, anna.id)
        await handover.unlink_telegram(tx, boris.id)

    assert (await hers.conversation()).status is Status.WAITING
    assert conversations.holds(await his.conversation(), boris.id)
    async with db.reading() as tx:
        people = [await operators.operator(tx, one.id) for one in (anna, boris)]
    assert [person.presence for person in people] == [Presence.OFF, Presence.HERE]
    assert [person.telegram_id for person in people] == [None, None]
