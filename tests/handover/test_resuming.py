"""An operator reopens a conversation that was finished too soon."""

import asyncio
from datetime import timedelta

import pytest

from tests.makers import Colleague, Visitor, hire
from vink_chat import conversations, handover
from vink_chat.conversations import Reason, Status, overview
from vink_chat.handover import AlreadyTaken, NoOpenConversation
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database

JOINED = "К разговору подключился специалист: {}."


async def _finished(visitor: Visitor, anna: Colleague) -> object:
    await visitor.presses_the_button()
    conversation_id = (await visitor.conversation()).id
    await anna.claims(conversation_id)
    await anna.finishes(conversation_id)
    return conversation_id


async def _day() -> overview.Day:
    async with db.reading() as tx:
        [day] = await overview.days(tx, [now() - timedelta(days=1), now() + timedelta(days=1)])
    return day


async def _calls() -> int:
    return sum((await _day()).called.values())


async def test_it_goes_on_with_whoever_took_it_and_its_visitor_is_told_once(any_database: Database):
    visitor, anna, boris = Visitor(), await hire("Анна"), await hire("Борис")
    conversation_id = await _finished(visitor, anna)
    async with db.transaction() as tx:
        await handover.rate(tx, visitor.id, 4)

    await boris.resumes(conversation_id)
    await boris.resumes(conversation_id)
    await boris.replies(conversation_id, "Вернулся к вам")
    await visitor.writes("Спасибо!")

    conversation = await visitor.conversation()
    assert (conversation.id, conversation.status) == (conversation_id, Status.ATTENDED)
    assert (conversation.operator_id, conversation.operator_name) == (boris.id, "Борис")
    assert (conversation.closed_at, conversation.rating) == (None, None)
    assert (await visitor.texts("system"))[1:] == [JOINED.format("Анна"), "Чат окончен.", JOINED.format("Борис")]
    assert await _calls() == 1


async def test_a_person_who_comes_to_what_the_assistant_answered_alone_is_counted(any_database: Database):
    visitor, anna = Visitor(), await hire()
    await visitor.writes("Сколько стоит доставка?")
    conversation_id = (await visitor.conversation()).id
    async with db.transaction() as tx:
        await handover.end(tx, await conversations.get(tx, conversation_id), Reason.IDLE)

    await anna.resumes(conversation_id)

    assert (await _day()).stepped_in == 1


async def test_of_two_one_gets_it(any_database: Database):
    visitor, anna, boris = Visitor(), await hire("Анна"), await hire("Борис")
    conversation_id = await _finished(visitor, anna)

    said = await asyncio.gather(anna.resumes(conversation_id), boris.resumes(conversation_id), return_exceptions=True)

    name = (await visitor.conversation()).operator_name
    assert [str(one) for one in said if isinstance(one, AlreadyTaken)] == [f"Уже взял(а) {name}."]
    assert said.count(None) == 1
    assert len(await visitor.texts("system")) == 4


async def test_what_a_newer_one_followed_stays_closed(any_database: Database):
    visitor, anna = Visitor(), await hire()
    conversation_id = await _finished(visitor, anna)
    await visitor.writes("Новый вопрос", reopen_within=timedelta(0))

    with pytest.raises(NoOpenConversation):
        await anna.resumes(conversation_id)


async def test_nobody_gives_a_conversation_to_themselves(any_database: Database):
    anna, visitor = await hire("Анна"), Visitor()
    await visitor.writes("Где заказ?")
    await visitor.presses_the_button()
    conversation = await visitor.conversation()
    await anna.claims(conversation.id)
    before = await visitor.texts()

    with pytest.raises(handover.YoursAlready):
        await anna.transfers(conversation.id, anna)

    assert await visitor.texts() == before
