"""A visitor asks and the assistant answers: one answer at a time, checked, with its sources."""

import asyncio
from uuid import UUID, uuid4

import pytest

from tests import houses
from tests.answering.conversing import QUESTION, told
from tests.makers import Visitor, hire
from vink_chat import conversations, knowledge, preferences
from vink_chat.answering import Ending
from vink_chat.answering.provider import Draft, Outcome, Role
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Reason, Status
from vink_chat.kit import db
from vink_chat.pages.desk.reader import DeskReader


async def test_a_question_is_answered_with_its_sources(house: Runtime, model: ScriptedProvider):
    anna = Visitor()
    model.add("Литая плёнка долговечнее [1].")

    await told(house, anna, QUESTION)

    answer = (await anna.reads())[-1]
    passage = model.prompts[0].passages[0]
    assert answer.text == "Литая плёнка долговечнее."
    assert answer.sources == [{"title": passage.title, "url": passage.url}]
    [run] = await anna.runs()
    assert (run.ending, run.id, run.provider) == (Ending.ANSWERED, answer.run_id, "")
    assert run.passages[0]["cited"] is True
    assert not conversations.awaits_assistant(await anna.conversation())


async def test_links_of_an_answer_lead_to_its_passages_and_to_the_shops_sites(house: Runtime, model: ScriptedProvider):
    await houses.prefer(preferences.Look(), allowed_sites=("https://shop.test",))
    async with db.transaction() as tx:
        await knowledge.add(tx, question=QUESTION, answer="Сравнение: https://films.example/compare", url="")
    anna = Visitor()
    model.add(
        "Сравните [здесь](https://films.example/compare) или https://shop.test/films [1]. "
        "Оплатите [тут](https://evil.example/pay), https://films.example/other."
    )

    await told(house, anna, QUESTION)

    assert (await anna.reads())[-1].text == (
        "Сравните [здесь](https://films.example/compare) или https://shop.test/films. "
        "Оплатите тут (`https://evil.example/pay`), `https://films.example/other`."
    )


async def test_a_burst_gets_one_answer_and_the_newest_run_reads_it_whole(house: Runtime, model: ScriptedProvider):
    anna, never = Visitor(), asyncio.Event()
    model.add((never, "Ответ на первое."), (never, "Ответ на второе."), "Ответ на всё.")

    await anna.writes("Здравствуйте, я по поводу баннера")
    await model.asked(1)
    await anna.writes("плотность 440")
    await model.asked(2)
    await anna.writes("и сколько он стоит?")
    await house.settle()

    assert await anna.texts("assistant") == ["Ответ на всё."]
    last = model.prompts[-1].turns[-1]
    assert last.role is Role.USER
    assert last.text.split("\n")[-2:] == ["плотность 440", "и сколько он стоит?"]
    endings = {run.position: run.ending for run in await anna.runs()}
    assert endings == {1: Ending.SUPERSEDED, 2: Ending.SUPERSEDED, 3: Ending.ANSWERED}


async def test_woken_twice_the_assistant_asks_once(house: Runtime, model: ScriptedProvider):
    anna, answered = Visitor(), asyncio.Event()
    model.add((answered, "Да, есть."))
    await anna.writes(QUESTION)
    await model.asked(1)

    await house.answerer.answer((await anna.conversation()).id)
    answered.set()
    await house.settle()
    await house.answerer.answer((await anna.conversation()).id)

    assert len(model.prompts) == 1
    assert await anna.texts("assistant") == ["Да, есть."]


async def test_an_operator_who_steps_in_while_the_model_thinks_is_not_talked_over(
    house: Runtime, model: ScriptedProvider
):
    anna, operator, thought = Visitor(), await hire(), asyncio.Event()
    model.add((thought, "Ответ модели."))
    await anna.writes(QUESTION)
    await model.asked(1)

    await operator.claims((await anna.conversation()).id)
    thought.set()
    await house.settle()

    assert await anna.texts("assistant") == []
    assert (await anna.conversation()).status is Status.ATTENDED


async def test_another_processs_answer_that_comes_late_is_not_written(house: Runtime, model: ScriptedProvider):
    anna, operator, thought = Visitor(), await hire(), asyncio.Event()
    model.add((thought, "Ответ модели."))
    # Nobody tells this process what happens: it must see it in the database.
    house.database.listener = None
    await anna.writes(QUESTION)
    conversation = await anna.conversation()
    running = asyncio.create_task(house.answerer.answer(conversation.id))
    await model.asked(1)

    await operator.claims(conversation.id)
    thought.set()
    await running

    assert await anna.texts("assistant") == []
    assert [run.ending for run in await anna.runs()] == [Ending.SUPERSEDED]


@pytest.mark.parametrize(
    "answer",
    ["Я не могу обсуждать эту тему.", "", "<b>Да</b>", Draft("Часть", Outcome.UNKNOWN), Draft("Нет", Outcome.FILTERED)],
)
async def test_a_text_that_fails_the_check_is_never_seen(house: Runtime, model: ScriptedProvider, answer: str | Draft):
    anna = Visitor()
    model.add(answer, answer)

    await told(house, anna, QUESTION)
    assert (await anna.conversation()).status is Status.ASSISTED
    await told(house, anna, QUESTION)

    conversation = await anna.conversation()
    assert (conversation.status, conversation.reason) == (Status.WAITING, Reason.CHECK_FAILED)
    [question] = await anna.texts("assistant")
    assert question.startswith("Не уверен")
    assert len(await anna.texts("system")) == 1
    assert [run.ending for run in await anna.runs()] == [Ending.CLARIFIED, Ending.HANDED_OVER]


async def test_a_cut_answer_ends_with_a_whole_sentence_and_says_that_there_is_more(
    house: Runtime, model: ScriptedProvider
):
    anna = Visitor()
    model.add(Draft("Литая долговечнее. А каланд", Outcome.TRUNCATED))

    await told(house, anna, QUESTION)

    [text] = await anna.texts("assistant")
    assert text.startswith("Литая долговечнее.\n\n")
    assert "каланд" not in text
    assert "дальше" in text


@pytest.mark.parametrize("word", ["дальше", "Продолжай!", "и что дальше?", "go on"])
async def test_who_asks_for_the_rest_is_still_asking_the_same(house: Runtime, model: ScriptedProvider, word: str):
    await houses.prefer(preferences.Assistant(), only_knowledge=True)
    anna = Visitor()
    model.add(Draft("Литая долговечнее. А каланд", Outcome.TRUNCATED))
    model.add("Каландрированная дешевле.")
    await told(house, anna, QUESTION)

    await told(house, anna, word)

    assert (await anna.texts("assistant"))[1] == "Каландрированная дешевле."
    first, second = await anna.runs()
    assert first.passages == second.passages


async def test_a_private_note_is_never_fed_to_the_model(house: Runtime, model: ScriptedProvider):
    anna, operator = Visitor(), await hire()
    model.add("Раз [1].", "Два [1].")
    await told(house, anna, QUESTION)
    await operator.replies((await anna.conversation()).id, "Клиент скандальный", note=True)

    await told(house, anna, "А цена?")

    assert not any("скандальный" in turn.text for turn in model.prompts[-1].turns)


async def test_nothing_is_asked_about_a_conversation_that_is_gone(house: Runtime, model: ScriptedProvider):
    await house.queue.wake_assistant(UUID(int=1))
    await house.settle()

    assert model.prompts == []


async def test_no_transaction_is_open_while_the_model_thinks(house: Runtime, model: ScriptedProvider):
    anna, boris, thought = Visitor(), Visitor(), asyncio.Event()
    model.add((thought, "Да [1]."), "И вам [1].")
    await anna.writes(QUESTION)
    await model.asked(1)

    await boris.writes(QUESTION)
    await model.asked(2)
    async with db.transaction() as tx:
        found = await knowledge.search(tx, QUESTION)
    thought.set()
    await house.settle()

    assert found
    assert await anna.texts("assistant") == ["Да."]
    assert await boris.texts("assistant") == ["И вам."]


async def test_what_the_check_held_back_is_kept_for_the_staff_beside_the_notice(
    house: Runtime, model: ScriptedProvider
):
    anna = Visitor()
    refused = "Я не могу обсуждать эту тему."
    model.add(refused, refused)

    await told(house, anna, QUESTION)
    await told(house, anna, QUESTION)

    assert [run.withheld for run in await anna.runs()] == [refused, refused]
    assert refused not in await anna.texts()
    conversation = await anna.conversation()
    page = await DeskReader(conversation.id, uuid4(), "ru", "UTC").read(whole=True)
    drawn = [(one["who"], one["withheld"]) for one in page.messages]
    assert drawn == [("visitor", ""), ("assistant", refused), ("visitor", ""), ("system", refused)]
    assert all(one["why"] for one in page.messages if one["withheld"])
