"""When the assistant calls an operator, and when it asks the visitor first."""

import pytest

from tests import houses
from tests.answering.conversing import QUESTION, told
from tests.makers import Visitor, hire
from vink_chat import preferences
from vink_chat.answering.provider import Role
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Reason, Status


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
