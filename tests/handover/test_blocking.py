"""An operator blocks a visitor for a while or for good, and lets them write again."""

from datetime import timedelta

import pytest
import time_machine

from tests.makers import Visitor, hire
from vink_chat import conversations, handover
from vink_chat.conversations import Reason, Status
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database
from vink_chat.pages.desk.reader import DeskReader


async def blocked(period: str = "day") -> Visitor:
    anna, visitor = await hire("Анна"), Visitor()
    await visitor.writes("Купите рекламу!")
    conversation = await visitor.conversation()
    async with db.transaction() as tx:
        await handover.block(tx, conversation.id, anna.id, anna.name, period=period, reason="Спам")
    return visitor


async def test_who_is_blocked_may_neither_write_nor_call_and_the_conversation_is_over(any_database: Database):
    visitor = await blocked()

    found = await visitor.conversation()
    assert (found.status, found.reason) == (Status.CLOSED, Reason.BLOCKED)
    with pytest.raises(conversations.Blocked):
        await visitor.writes("Ещё реклама")
    with pytest.raises(conversations.Blocked):
        await visitor.presses_the_button()
    assert (await visitor.texts("visitor")) == ["Купите рекламу!"]


async def test_a_block_ends_by_itself(any_database: Database):
    visitor = await blocked("hour")

    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        await visitor.writes("Я исправился")

    assert (await visitor.texts("visitor"))[-1] == "Я исправился"


async def test_a_block_without_an_end_is_taken_back(any_database: Database):
    visitor = await blocked("always")
    with time_machine.travel(now() + timedelta(days=400), tick=False), pytest.raises(conversations.Blocked):
        await visitor.writes("Ещё реклама")

    async with db.transaction() as tx:
        await handover.unblock(tx, (await visitor.conversation()).id)

    await visitor.writes("Спасибо")


async def test_the_staff_read_who_blocked_until_when_and_why(any_database: Database):
    visitor, anna = await blocked("day"), await hire("Борис")
    conversation = await visitor.conversation()

    page = await DeskReader(conversation.id, anna.id, "ru", "Europe/Moscow").read(whole=True)

    assert page.visitor["blocked"].startswith("Заблокировано до ")
    assert page.visitor["blocked"].endswith(" · Анна · Спам")
    assert page.messages[-1]["aside"].startswith("Завершено: Анна")


@pytest.mark.parametrize("period", ["", "year", None, 5])
async def test_a_period_nobody_offers_is_refused(database: Database, period: object):
    anna, visitor = await hire("Анна"), Visitor()
    await visitor.writes("Здравствуйте")
    conversation = await visitor.conversation()

    with pytest.raises(handover.BadPeriod):
        async with db.transaction() as tx:
            await handover.block(tx, conversation.id, anna.id, anna.name, period=period, reason="")

    await visitor.writes("Я здесь")
