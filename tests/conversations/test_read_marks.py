"""Each operator has a read mark of their own, which a colleague does not change."""

from datetime import timedelta
from uuid import UUID

import time_machine

from tests.makers import Colleague, Visitor, hire
from vink_chat import conversations
from vink_chat.conversations import attention
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database


async def looks(who: Colleague, visitor: Visitor) -> None:
    conversation = await visitor.conversation()
    last = (await visitor.reads())[-1].position
    async with db.transaction() as tx:
        await conversations.mark_read(tx, conversation.id, position=last, by_operator=who.id)


async def unread(who: Colleague) -> list[UUID]:
    async with db.reading() as tx:
        return [one.id for one in await attention.attended(tx) if one.operator_id == who.id and one.unread]


async def looked_at(who: Colleague) -> set[UUID]:
    async with db.reading() as tx:
        return (await attention.waiting_read_by(tx)).get(who.id, set())


async def waits() -> Visitor:
    visitor = Visitor()
    await visitor.writes("Где мой заказ?")
    await visitor.presses_the_button()
    return visitor


async def test_a_colleagues_look_leaves_a_waiting_conversation_unread_for_me(any_database: Database):
    visitor, anna, boris = await waits(), await hire("Анна"), await hire("Борис")
    conversation = await visitor.conversation()

    await looks(anna, visitor)

    assert (await looked_at(anna), await looked_at(boris)) == ({conversation.id}, set())
    await visitor.writes("Ау?")
    assert await looked_at(anna) == set()


async def test_what_i_took_is_read_until_its_visitor_writes(any_database: Database):
    visitor, anna, boris = await waits(), await hire("Анна"), await hire("Борис")
    conversation = await visitor.conversation()
    await anna.claims(conversation.id)
    assert await unread(anna) == []

    await visitor.writes("Ау, вы здесь?")
    await looks(boris, visitor)
    assert await unread(anna) == [conversation.id]

    await looks(anna, visitor)
    assert await unread(anna) == []


async def test_who_answers_has_read(any_database: Database):
    visitor, anna = await waits(), await hire("Анна")
    conversation = await visitor.conversation()
    await anna.claims(conversation.id)
    await visitor.writes("Ау, вы здесь?")

    await anna.replies(conversation.id, "Здравствуйте!")

    assert await unread(anna) == []


async def test_a_transferred_conversation_is_unread_for_its_receiver_who_had_looked_before(any_database: Database):
    visitor, anna, boris = await waits(), await hire("Анна"), await hire("Борис")
    conversation = await visitor.conversation()
    await looks(boris, visitor)
    await anna.claims(conversation.id)

    await anna.transfers(conversation.id, boris, "Просит счёт")

    assert (await unread(anna), await unread(boris)) == ([], [conversation.id])
    await looks(boris, visitor)
    assert await unread(boris) == []


async def test_who_calls_without_a_word_and_is_passed_on_is_unread_too(any_database: Database):
    visitor, anna, boris = Visitor(), await hire("Анна"), await hire("Борис")
    await visitor.presses_the_button()
    conversation = await visitor.conversation()
    await anna.claims(conversation.id)

    await anna.transfers(conversation.id, boris)

    assert await unread(boris) == [conversation.id]


async def test_what_is_taken_up_again_is_read(any_database: Database):
    visitor, anna = await waits(), await hire("Анна")
    conversation = await visitor.conversation()
    await anna.claims(conversation.id)
    await anna.finishes(conversation.id)

    await anna.resumes(conversation.id)

    assert await unread(anna) == []


async def test_the_marks_of_ended_conversations_are_forgotten(any_database: Database):
    over, goes_on, anna = await waits(), await waits(), await hire("Анна")
    for visitor in (over, goes_on):
        await anna.claims((await visitor.conversation()).id)
    await anna.finishes((await over.conversation()).id)

    with time_machine.travel(now() + timedelta(days=2), tick=False):
        async with db.transaction() as tx:
            assert await conversations.forget_read_marks(tx) == 1
            assert await conversations.forget_read_marks(tx) == 0
    assert await unread(anna) == []
