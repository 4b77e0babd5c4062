"""The assistant's half of a conversation, told as stories."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from tests import houses
from tests.makers import Visitor, hire
from vink_chat import conversations, knowledge, preferences
from vink_chat.answering import Ending
from vink_chat.answering.provider import Draft, Outcome, ProviderUnavailable, Role
from vink_chat.answering.providers import KnowledgeProvider, Resilient, ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Reason, Status
from vink_chat.kit import db
from vink_chat.pages.desk.reader import DeskReader

QUESTION = "Чем отличается литая плёнка от каландрированной?"


@pytest.fixture
def model() -> ScriptedProvider:
    return ScriptedProvider()


@pytest.fixture
async def house(sqlite_tables_url: str, model: ScriptedProvider) -> AsyncIterator[Runtime]:
    async with houses.running(sqlite_tables_url, model) as house:
        yield house


async def told(house: Runtime, visitor: Visitor, text: str) -> None:
    await visitor.writes(text)
    await house.settle()


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


async def test_old_words_for_a_person_do_not_call_one_again(house: Runtime, model: ScriptedProvider):
    anna, operator = Visitor(), await hire()
    model.add("Литая долговечнее.")
    await told(house, anna, "Позовите оператора")
    conversation = await anna.conversation()
    await operator.claims(conversation.id)
    await operator.gives_back(conversation.id)

    await told(house, anna, QUESTION)

    assert (await anna.texts())[-1] == "Литая долговечнее."
    assert not any(
        "специалист" in turn.text.lower() for turn in model.prompts[0].turns[1:] if turn.role is not Role.SYSTEM
    )


@pytest.mark.parametrize("text", ["Позовите оператора", f"{'Долгий рассказ. ' * 60}\nЕсть кто живой?"])
async def test_words_for_a_person_call_one_without_the_model(house: Runtime, model: ScriptedProvider, text: str):
    anna = Visitor()

    for line in text.split("\n"):
        await anna.writes(line)
    await house.settle()

    conversation = await anna.conversation()
    assert (conversation.status, conversation.reason) == (Status.WAITING, Reason.WORDS)
    assert len(await anna.texts("system")) == 1


@pytest.mark.shows("Handover.words")
async def test_calling_words_of_the_preferences_call_a_person(house: Runtime, model: ScriptedProvider):
    anna = Visitor()

    await told(house, anna, "У меня жалоба на доставку")

    assert (await anna.conversation()).reason is Reason.PREFERENCE
    assert model.prompts == []


@pytest.mark.shows("Assistant.turn_limit")
async def test_after_so_many_answers_a_person_takes_over(house: Runtime, model: ScriptedProvider):
    await houses.prefer(preferences.Assistant(), turn_limit=2)
    anna = Visitor()
    model.add("Раз [1].", "Два [1].")

    for _ in range(3):
        await told(house, anna, QUESTION)

    assert await anna.texts("assistant") == ["Раз.", "Два."]
    assert (await anna.conversation()).reason is Reason.TURN_LIMIT


async def test_unsure_for_the_first_time_the_assistant_asks_and_the_second_is_a_persons_turn(
    house: Runtime, model: ScriptedProvider
):
    anna = Visitor()
    model.add("Не знаю такого.", "Пожалуйста!", "И такого не знаю.")

    await told(house, anna, "Какая погода на Марсе?")
    await told(house, anna, "Спасибо!")
    assert (await anna.conversation()).status is Status.ASSISTED
    question = (await anna.reads())[1]
    assert question.text.startswith("Не уверен, что понял вас правильно.")
    assert question.quick_replies[-1] == {"kind": "call", "text": "Позвать специалиста"}
    await told(house, anna, "Кто написал оперу про Онегина?")

    conversation = await anna.conversation()
    assert (conversation.status, conversation.reason) == (Status.WAITING, Reason.LOW_CONFIDENCE)
    assert not {"Не знаю такого.", "И такого не знаю."} & set(await anna.texts())


async def test_where_an_administrator_wants_no_question_the_first_unsure_answer_calls_a_person(
    house: Runtime, model: ScriptedProvider
):
    await houses.prefer(preferences.Handover(), low_confidence_in_a_row=1)
    anna = Visitor()
    model.add("Не знаю такого.")

    await told(house, anna, "Какая погода на Марсе?")

    assert (await anna.conversation()).reason is Reason.LOW_CONFIDENCE


async def test_a_models_own_question_stands_for_ours(house: Runtime, model: ScriptedProvider):
    anna = Visitor()
    model.add("На какой поверхности будете клеить?")

    await told(house, anna, "Какую взять для Марса?")

    question = (await anna.reads())[-1]
    assert question.text == "На какой поверхности будете клеить?"
    assert question.quick_replies[-1]["kind"] == "call"


@pytest.mark.parametrize("yes", ["да", "Давайте!", "ок, позовите", "+"])
async def test_a_yes_to_the_offer_calls_a_person(house: Runtime, model: ScriptedProvider, yes: str):
    anna = Visitor()
    model.add("Не знаю такого.")
    await told(house, anna, "Какая погода на Марсе?")

    await told(house, anna, yes)

    assert (await anna.conversation()).reason is Reason.WORDS
    assert len(model.prompts) == 1


async def test_a_yes_to_anything_else_calls_nobody(house: Runtime, model: ScriptedProvider):
    anna = Visitor()
    model.add("Литая долговечнее [1]. Рассказать подробнее?", "Она служит до семи лет [1].")
    await told(house, anna, QUESTION)

    await told(house, anna, "да")

    assert (await anna.conversation()).status is Status.ASSISTED
    assert (await anna.texts())[-1] == "Она служит до семи лет."


async def test_what_code_asked_is_not_fed_to_the_model_as_its_own_words(house: Runtime, model: ScriptedProvider):
    anna = Visitor()
    model.add("Не знаю такого.", "Литая долговечнее [1].")
    await told(house, anna, "Какая погода на Марсе?")

    await told(house, anna, QUESTION)

    assert not any("Не уверен" in turn.text for turn in model.prompts[-1].turns)


async def test_a_sure_answer_between_starts_the_count_anew(house: Runtime, model: ScriptedProvider):
    anna = Visitor()
    model.add("Не знаю.", "Литая долговечнее [1].", "Не знаю и этого.")

    for text in ("Какая погода на Марсе?", QUESTION, "Кто написал оперу про Онегина?"):
        await told(house, anna, text)

    conversation = await anna.conversation()
    assert (conversation.status, conversation.unsure_in_a_row) == (Status.ASSISTED, 1)


@pytest.mark.shows("Assistant.only_knowledge")
async def test_with_only_knowledge_what_is_unknown_twice_goes_to_a_person_and_a_greeting_does_not(
    house: Runtime, model: ScriptedProvider
):
    await houses.prefer(preferences.Assistant(), only_knowledge=True)
    anna = Visitor()

    await told(house, anna, "Здравствуйте!")
    await told(house, anna, "Кто написал оперу про Онегина?")
    assert (await anna.conversation()).status is Status.ASSISTED
    await told(house, anna, "Ну кто её написал?")

    assert (await anna.conversation()).reason is Reason.LOW_CONFIDENCE
    assert model.prompts == []


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


@pytest.mark.parametrize("error", [ProviderUnavailable("off"), ProviderUnavailable("off", retryable=False)])
async def test_without_a_provider_a_person_is_called(house: Runtime, model: ScriptedProvider, error: Exception):
    anna = Visitor()
    model.add(error)

    await told(house, anna, QUESTION)

    assert (await anna.conversation()).reason is Reason.PROVIDER_DOWN


async def test_a_bug_in_a_provider_lands_on_a_person_too(
    house: Runtime, model: ScriptedProvider, caplog: pytest.LogCaptureFixture
):
    anna = Visitor()
    model.add(KeyError("result"))

    await told(house, anna, QUESTION)

    assert (await anna.conversation()).reason is Reason.PROVIDER_DOWN
    assert "handing over to an operator" in caplog.text
    assert not any("KeyError" in text for text in await anna.texts())


@pytest.mark.shows("Assistant.answer_seconds")
async def test_a_provider_that_hangs_is_left_after_its_time(house: Runtime, model: ScriptedProvider):
    preferences.cache._known[preferences.Assistant] = preferences.Saved(  # no form lets so short a time through
        preferences.current(preferences.Assistant).model_copy(update={"answer_seconds": -1})
    )
    anna = Visitor()
    model.add((asyncio.Event(), "Никогда."))

    await told(house, anna, QUESTION)

    assert (await anna.conversation()).reason is Reason.PROVIDER_DOWN


def fallen_back(*answers: object) -> Resilient:
    return Resilient([ScriptedProvider(*answers), KnowledgeProvider()], attempts=1)


@pytest.mark.parametrize(
    ("text", "ending"),
    [(QUESTION, Ending.ANSWERED), ("Спасибо!", Ending.ANSWERED), ("Какая погода на Марсе?", Ending.CLARIFIED)],
)
async def test_when_the_model_is_down_knowledge_answers_what_it_surely_knows(
    sqlite_tables_url: str, text: str, ending: Ending
):
    async with houses.running(sqlite_tables_url, fallen_back()) as house:
        anna = Visitor()

        await told(house, anna, text)

        [run] = await anna.runs()
        assert run.ending is ending
        assert run.detail.endswith("не ответили: scripted")


async def test_a_model_that_is_down_is_the_reason_once_knowledge_is_unsure_twice(sqlite_tables_url: str):
    async with houses.running(sqlite_tables_url, fallen_back()) as house:
        anna = Visitor()

        for _ in range(2):
            await told(house, anna, "Какая погода на Марсе?")

        assert (await anna.conversation()).reason is Reason.PROVIDER_DOWN


async def test_without_a_model_low_confidence_twice_is_a_handover(sqlite_tables_url: str):
    async with houses.running(sqlite_tables_url, KnowledgeProvider()) as house:
        anna, boris = Visitor(), Visitor()

        await told(house, anna, QUESTION)
        for _ in range(2):
            await told(house, boris, "Кто написал оперу про Онегина?")

        [answer] = [message for message in await anna.reads() if message.author == "assistant"]
        assert answer.sources
        assert (await boris.conversation()).reason is Reason.LOW_CONFIDENCE


async def test_the_model_an_administrator_chose_is_asked(house: Runtime, model: ScriptedProvider):
    await houses.prefer(preferences.Assistant(), model="yandexgpt/rc")
    anna = Visitor()
    model.add("Да [1].")

    await told(house, anna, QUESTION)

    assert model.prompts[0].model == "yandexgpt/rc"


async def test_that_choice_is_not_told_to_the_provider_behind(sqlite_tables_url: str):
    first, second = ScriptedProvider(), ScriptedProvider("Да [1].")
    async with houses.running(sqlite_tables_url, Resilient([first, second], attempts=1)) as house:
        await houses.prefer(preferences.Assistant(), model="yandexgpt/rc")
        anna = Visitor()

        await told(house, anna, QUESTION)

        # At the start each model is asked for one word.
        asked = [next(prompt for prompt in model.prompts if prompt.question) for model in (first, second)]
        assert [prompt.model for prompt in asked] == ["yandexgpt/rc", ""]


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
