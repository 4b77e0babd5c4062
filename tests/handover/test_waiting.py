"""While a visitor waits the assistant answers what it is sure of, and «Не ждать» withdraws the call."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from tests import houses
from tests.makers import Visitor, hire
from vink_chat import conversations, handover, preferences, topics
from vink_chat.answering import Ending
from vink_chat.answering.providers import FallbackProvider, KnowledgeProvider, ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Call, Reason, Status
from vink_chat.events import ConversationMoved
from vink_chat.handover import AlreadyJoined, CallWithdrawn
from vink_chat.jobs import Scheduler
from vink_chat.kit import db, signals
from vink_chat.kit.errors import VinkError

KNOWN = "есть ли минимальная сумма заказа?"
ROUNDS = 40


@pytest.fixture
async def house(any_url: str) -> AsyncIterator[Runtime]:
    async with houses.running(any_url, FallbackProvider([KnowledgeProvider()])) as house:
        yield house


async def waits(house: Runtime) -> Visitor:
    anna = Visitor()
    await anna.writes("Позовите оператора")
    await house.settle()
    assert (await anna.conversation()).status is Status.WAITING
    return anna


async def told(house: Runtime, visitor: Visitor, text: str) -> None:
    await visitor.writes(text)
    await house.settle()


@pytest.mark.shows("Handover.answers_while_waiting")
async def test_who_waits_is_answered_what_is_sure_and_keeps_the_place(house: Runtime):
    anna = await waits(house)
    before = await anna.conversation()

    await told(house, anna, KNOWN)

    answer = (await anna.reads())[-1]
    assert (answer.author, answer.author_name) == ("assistant", "Ассистент, пока ждём")
    assert "минимальн" in answer.text.lower()
    after = await anna.conversation()
    assert (after.status, after.waiting_since) == (Status.WAITING, before.waiting_since)
    assert after.answered_position == after.asked_position
    assert (await anna.runs())[-1].ending is Ending.ANSWERED

    await houses.prefer(preferences.Handover(), answers_while_waiting=False)
    await told(house, anna, "Как оплатить заказ?")
    assert (await anna.texts())[-1] == "Как оплатить заказ?"


@pytest.mark.parametrize("text", ["?", "алло", "вы тут?", "Здравствуйте!", "Позовите оператора"])
async def test_who_asks_whether_anybody_is_there_hears_once_how_the_wait_stands(house: Runtime, text: str):
    await hire("Борис")
    anna = await waits(house)
    before = await anna.conversation()

    await told(house, anna, text)
    await told(house, anna, "есть кто?")

    assert (await anna.texts())[-3:] == [text, "Специалист уже позван, вы 1-й в очереди.", "есть кто?"]
    after = await anna.conversation()
    assert (after.status, after.waiting_since) == (Status.WAITING, before.waiting_since)
    assert after.answered_position == after.asked_position


async def test_how_the_wait_stands_is_told_as_it_is(house: Runtime):
    anna = await waits(house)

    await told(house, anna, "алло")

    assert (await anna.texts())[-1] == (
        "Специалист уже позван. Сейчас никого нет на месте, вы остаётесь в очереди: сообщение увидят."
    )


@pytest.mark.parametrize("text", ["плёнка", "Кто написал Онегина?"])
async def test_that_a_question_goes_to_a_person_is_told_once_in_a_wait(house: Runtime, text: str):
    anna = await waits(house)

    await told(house, anna, text)
    await told(house, anna, "Кто написал Войну и мир?")

    assert (await anna.texts())[-3:] == [
        text,
        "Передам специалисту: он увидит это сообщение.",
        "Кто написал Войну и мир?",
    ]
    assert (await anna.runs())[-1].ending is Ending.SILENT

    await anna.stops_waiting()
    await house.settle()
    await told(house, anna, "Позовите оператора")
    await told(house, anna, text)
    assert (await anna.texts())[-1] == "Передам специалисту: он увидит это сообщение."


async def test_thanks_and_a_number_need_no_word_while_one_waits(house: Runtime):
    anna = await waits(house)

    await told(house, anna, "ок, спасибо")
    await told(house, anna, "+7 903 123-45-67")

    assert [text for text in await anna.texts("system") if "позван" in text or "Передам" in text] == []


async def test_messages_at_once_are_acknowledged_once(house: Runtime):
    anna = await waits(house)

    await asyncio.gather(*(anna.writes(f"Кто написал Онегина? {number}") for number in range(3)))
    await house.settle()

    assert (await anna.texts()).count("Передам специалисту: он увидит это сообщение.") == 1


async def test_a_question_asked_while_waiting_is_answered_once_the_wait_is_given_up(house: Runtime):
    anna = await waits(house)
    await houses.prefer(preferences.Handover(), answers_while_waiting=False)
    await told(house, anna, KNOWN)

    await anna.stops_waiting()
    await house.settle()

    assert "минимальн" in (await anna.texts())[-1].lower()
    conversation = await anna.conversation()
    assert (conversation.status, conversation.answered_position) == (Status.ASSISTED, conversation.asked_position)


async def test_a_question_the_base_does_not_know_is_asked_about_once_the_wait_is_given_up(house: Runtime):
    anna = await waits(house)
    await told(house, anna, "Кто написал Онегина?")

    await anna.stops_waiting()
    await house.settle()

    assert (await anna.texts())[-1].startswith("Не уверен, что понял вас правильно.")
    assert (await anna.conversation()).status is Status.ASSISTED


async def test_a_call_that_was_taken_back_is_not_made_again_with_its_question(house: Runtime):
    anna = Visitor()
    await told(house, anna, f"Позовите оператора! {KNOWN}")
    assert (await anna.conversation()).status is Status.WAITING

    await anna.stops_waiting()
    await house.settle()

    assert (await anna.conversation()).status is Status.ASSISTED
    assert "минимальн" in (await anna.texts())[-1].lower()


async def test_after_a_persons_word_it_keeps_out_of_it(house: Runtime):
    anna, boris = await waits(house), await hire("Борис")
    conversation_id = (await anna.conversation()).id
    await boris.claims(conversation_id)
    await boris.replies(conversation_id, "Добрый день!")
    await boris.releases(conversation_id)

    await told(house, anna, KNOWN)

    assert await anna.texts("assistant") == []


async def test_the_rescue_does_not_go_round_in_circles(house: Runtime):
    anna = await waits(house)
    await told(house, anna, KNOWN)
    rounds = Scheduler(house.queue.wake_assistant)

    await rounds.rescue_overdue()
    await house.answerer.answer((await anna.conversation()).id)
    await house.settle()

    assert len(await anna.texts("assistant")) == 1


async def test_an_answer_that_comes_after_the_claim_is_dropped(sqlite_tables_url: str):
    thought, model = asyncio.Event(), ScriptedProvider()
    model.add((thought, "Минимальной суммы нет [1]."))
    async with houses.running(sqlite_tables_url, model) as house:
        anna, boris = await waits(house), await hire("Борис")
        # This process gets no signals: it must find out from the database.
        house.database.listener = None
        await anna.writes(KNOWN)
        conversation_id = (await anna.conversation()).id
        running = asyncio.create_task(house.answerer.answer(conversation_id))
        await model.asked(1)

        await boris.claims(conversation_id)
        thought.set()
        await running

        assert await anna.texts("assistant") == []


async def test_a_model_answers_who_waits_only_with_what_it_rests_on(sqlite_tables_url: str):
    model = ScriptedProvider("Минимальной суммы нет [1].", "Я бот.")
    async with houses.running(sqlite_tables_url, model) as house:
        anna = await waits(house)

        await told(house, anna, KNOWN)
        await told(house, anna, KNOWN)

        assert await anna.texts("assistant") == ["Минимальной суммы нет."]
        assert [run.ending for run in await anna.runs()][-2:] == [Ending.ANSWERED, Ending.SILENT]


async def test_who_does_not_want_to_wait_is_with_the_assistant_again(house: Runtime):
    anna, other = await waits(house), await waits(house)
    heard: list[object] = []
    house.database.listener = heard.extend

    await anna.stops_waiting()
    await anna.stops_waiting()

    conversation = await anna.conversation()
    assert (conversation.status, conversation.reason) == (Status.ASSISTED, Reason.WITHDRAWN)
    assert (await anna.texts("system"))[1:] == ["Хорошо, специалиста больше не ждём. Спрашивайте, я отвечу."]
    [moved] = [event for event in heard if isinstance(event, ConversationMoved)]
    assert (moved.before, moved.after, moved.reason) == ("waiting", "assisted", "withdrawn")
    assert (await other.conversation()).status is Status.WAITING
    async with db.reading() as tx:
        calls = (await tx.session.exec(select(Call))).all()
    assert {call.conversation_id: call.withdrawn_at is not None for call in calls} == {
        conversation.id: True,
        (await other.conversation()).id: False,
    }


async def test_of_a_claim_and_a_withdrawal_at_once_one_wins_and_the_other_hears_it(any_house: Runtime):
    boris, outcomes = await hire("Борис"), set[tuple[str, str]]()
    for number in range(ROUNDS):
        anna = Visitor()
        await anna.presses_the_button()
        conversation_id = (await anna.conversation()).id
        acts = [attempt(boris.claims(conversation_id)), attempt(anna.stops_waiting())]

        first, second = await asyncio.gather(*(acts if number % 2 else reversed(acts)))

        claimed, withdrawn = (first, second) if number % 2 else (second, first)
        status = (await anna.conversation()).status
        expected = (None, AlreadyJoined) if status is Status.ATTENDED else (CallWithdrawn, None)
        assert (claimed, withdrawn) == expected
        outcomes.add(status.value)
    assert outcomes == {"attended", "assisted"}


async def attempt(act) -> type[VinkError] | None:
    try:
        await act
    except VinkError as refusal:
        return type(refusal)
    return None


async def test_a_new_question_wakes_the_desks_and_not_the_visitor_once_more(house: Runtime):
    anna = await waits(house)
    await houses.prefer(preferences.Handover(), answers_while_waiting=False)
    conversation = (await anna.conversation()).id

    async with (
        signals.current().subscribe(topics.visitor(anna.id)) as tab,
        signals.current().subscribe(topics.conversation(conversation)) as desk,
    ):
        await anna.writes("Где мой заказ 48213?")
        posted = await tab.next(), await desk.next()
        await house.settle()
        restated = await tab.next(quiet_after=0), await desk.next(quiet_after=0)

    assert (await anna.conversation()).question == "Где мой заказ 48213?"
    assert posted == ({"thread": None}, {"thread": None})
    assert restated == ({}, {"thread": None})


async def test_a_message_to_the_queue_takes_the_quick_way_to_the_database(sqlite_tables_url: str):
    async with houses.running(sqlite_tables_url, FallbackProvider([KnowledgeProvider()])) as house:
        await hire()
        anna = await waits(house)
        await houses.prefer(preferences.Handover(), answers_while_waiting=False)
        slow: list[str] = []

        def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            slow.append(statement)

        event.listen(Engine, "before_cursor_execute", hear)
        try:
            await told(house, anna, "Где мой заказ 48213?")
            async with db.reading() as tx:
                found = await conversations.newest_row(tx, anna.id)
                assert found
                number = await handover.place(tx, found)
        finally:
            event.remove(Engine, "before_cursor_execute", hear)

    assert number == 1
    assert slow == []
