"""A message is stored once, in order, in the right conversation."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from tests.makers import Visitor, hire
from vink_chat import conversations
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import MOVES, Conversation, EmptyMessage, ForbiddenMove, LongMessage, Reason, Status
from vink_chat.conversations.lifecycle import move
from vink_chat.kit import db

DAY = timedelta(hours=24)


async def test_a_message_sent_twice_is_kept_once(any_house: Runtime):
    anna = Visitor()

    first = await anna.writes("Сколько стоит плёнка?", "tab-1")
    again = await anna.writes("Сколько стоит плёнка?", "tab-1")

    assert again.id == first.id
    assert await anna.texts("visitor") == ["Сколько стоит плёнка?"]


async def test_a_message_sent_many_times_at_once_is_kept_once(any_house: Runtime):
    anna = Visitor()

    sent = await asyncio.gather(*(anna.writes("Есть акрил?", "tab-1") for _ in range(8)))

    assert len({message.id for message in sent}) == 1
    assert await anna.texts("visitor") == ["Есть акрил?"]


async def test_first_messages_that_race_share_one_conversation_and_all_stay(any_house: Runtime):
    anna = Visitor()

    await asyncio.gather(*(anna.writes(f"вопрос {number}", f"tab-{number}") for number in range(8)))
    await any_house.settle()

    messages = await anna.reads()
    assert sorted(message.text for message in messages if message.author == "visitor") == [
        f"вопрос {number}" for number in range(8)
    ]
    assert len({message.conversation_id for message in messages}) == 1
    positions = [message.position for message in messages]
    assert positions == sorted(set(positions))


async def test_messages_and_moves_that_race_never_lock_each_other_out(any_house: Runtime):
    anna, operator = Visitor(), await hire()
    await anna.writes("Здравствуйте!")
    conversation = await anna.conversation()

    async def writes() -> None:
        for number in range(20):
            await anna.writes(f"вопрос {number}", f"tab-{number}")

    async def takes_and_gives_back() -> None:
        for _ in range(20):
            await operator.claims(conversation.id)
            await operator.replies(conversation.id, "Добрый день!")
            await operator.gives_back(conversation.id)

    await asyncio.gather(writes(), takes_and_gives_back())
    await any_house.settle()

    texts = await anna.texts("visitor")
    assert texts == ["Здравствуйте!", *(f"вопрос {number}" for number in range(20))]
    assert len(await anna.texts("operator")) == 20
    assert not conversations.awaits_assistant(await anna.conversation())


@pytest.mark.parametrize(("hours", "reopened"), [(23, True), (25, False)])
async def test_a_finished_conversation_goes_on_within_the_window(house: Runtime, hours: int, reopened: bool):
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=True) as clock:
        anna, operator = Visitor(), await hire()
        await anna.writes("Сколько стоит плёнка?")
        await house.settle()
        before = await anna.conversation()
        await operator.claims(before.id)
        await operator.finishes(before.id)
        clock.shift(timedelta(hours=hours))

        await anna.writes("И сколько стоит доставка?", reopen_within=DAY)
        await house.settle()

        after = await anna.conversation()
        assert (after.id == before.id) is reopened
        assert after.status is Status.ASSISTED
        assert (await anna.texts())[-1] == "Записал."


async def test_what_cannot_be_a_message_leaves_nothing_behind(house: Runtime):
    anna = Visitor()

    with pytest.raises(LongMessage):
        await anna.writes("а" * 4001)

    assert await anna.reads() == []


@given(st.lists(st.sampled_from(Status), max_size=30))
def test_no_walk_leaves_the_table_of_moves(walk: list[Status]):
    conversation = Conversation(visitor_id=conversations.visitor_id(conversations.new_secret()))
    for after in walk:
        before = conversation.status
        if after in MOVES[before]:
            assert move(conversation, after, Reason.OPERATOR) is before
            assert conversation.status is after
        else:
            with pytest.raises(ForbiddenMove):
                move(conversation, after, Reason.OPERATOR)
            assert conversation.status is before
        # Its holder may put it back, into its old place.
        assert conversation.waiting_since or conversation.status is not Status.WAITING
        assert not conversation.waiting_since or conversation.status in {Status.WAITING, Status.ATTENDED}
        assert (conversation.closed_at is not None) is (conversation.status is Status.CLOSED)
        assert conversation.operator_id is None or conversation.status is Status.ATTENDED


async def test_nothing_is_announced_that_was_not_committed(house: Runtime):
    heard: list[object] = []
    house.database.listener = heard.extend
    anna = Visitor()

    async def writes_while_the_power_fails() -> None:
        async with db.transaction() as tx:
            await conversations.receive(tx, anna.secret, "Здравствуйте!")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        await writes_while_the_power_fails()

    assert heard == []
    assert await anna.reads() == []


async def test_what_an_operator_has_read_stays_read_in_the_next_conversation(house: Runtime):
    anna = Visitor()
    first = await anna.writes("Вопрос")
    async with db.transaction() as tx:
        await conversations.mark_read(tx, first.conversation_id, position=first.position, by_operator=uuid4())
        conversation = await conversations.get(tx, first.conversation_id)
        conversations.move(tx, conversation, Status.CLOSED, Reason.OPERATOR)

    await anna.writes("Ещё вопрос", reopen_within=timedelta(0))

    again = await anna.conversation()
    assert again.id != first.conversation_id
    assert again.operator_read == first.position


@pytest.mark.parametrize("blank", ["\u2800", "\u3164 \u115f", "\ufffc\uffa0", " \u200b\n"])
async def test_what_shows_nothing_is_no_message(any_house: Runtime, blank: str):
    anna = Visitor()

    with pytest.raises(EmptyMessage):
        await anna.writes(blank)
    with pytest.raises(EmptyMessage):
        conversations.clean_text(blank)

    assert conversations.visible(f"{blank}//скидка") == "//скидка"
