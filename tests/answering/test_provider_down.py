"""What becomes of a question when the model does not answer, and which model is asked."""

import asyncio

import pytest

from tests import houses
from tests.answering.conversing import QUESTION, told
from tests.makers import Visitor
from vink_chat import preferences
from vink_chat.answering import Ending
from vink_chat.answering.provider import ProviderUnavailable
from vink_chat.answering.providers import FallbackProvider, KnowledgeProvider, ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Reason


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
    preferences.cache._sections[preferences.Assistant] = preferences.Versioned(  # no form lets so short a time through
        preferences.current(preferences.Assistant).model_copy(update={"answer_seconds": -1})
    )
    anna = Visitor()
    model.add((asyncio.Event(), "Никогда."))

    await told(house, anna, QUESTION)

    assert (await anna.conversation()).reason is Reason.PROVIDER_DOWN


def fallen_back(*answers: object) -> FallbackProvider:
    return FallbackProvider([ScriptedProvider(*answers), KnowledgeProvider()], attempts=1)


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
    async with houses.running(sqlite_tables_url, FallbackProvider([first, second], attempts=1)) as house:
        await houses.prefer(preferences.Assistant(), model="yandexgpt/rc")
        anna = Visitor()

        await told(house, anna, QUESTION)

        # At the start each model is asked for one word.
        asked = [next(prompt for prompt in model.prompts if prompt.question) for model in (first, second)]
        assert [prompt.model for prompt in asked] == ["yandexgpt/rc", ""]
