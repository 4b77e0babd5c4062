"""What is tried out says what the assistant would do."""

from collections.abc import AsyncIterator

import pytest

from tests import houses
from vink_chat import answering, preferences
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.bootstrap import Runtime

QUESTION = "Чем отличается литая плёнка от каландрированной?"


@pytest.fixture
async def house(sqlite_tables_url: str) -> AsyncIterator[Runtime]:
    async with houses.running(sqlite_tables_url) as house:
        yield house


async def test_an_answer_is_shown_with_what_knowledge_offered(house: Runtime):
    model = ScriptedProvider("Литая плёнка долговечнее [1].")

    trial = await answering.try_out(QUESTION, preferences.Assistant(), model)

    assert (trial.text, trial.fault) == ("Литая плёнка долговечнее.", "")
    assert trial.passages


async def test_a_calling_word_and_a_thank_you_are_what_they_are_to_visitors(house: Runtime):
    await houses.prefer(preferences.Handover(), words=["рекламация"])
    model, strict = ScriptedProvider(), preferences.Assistant(only_knowledge=True)

    assert (await answering.try_out("У меня рекламация", preferences.Assistant(), model)).fault == "слово из настроек"
    assert (await answering.try_out("Спасибо!", strict, model)).text
    assert (await answering.try_out("Кто написал оперу про Онегина?", strict, model)).fault.startswith("лучшая")
    assert model.prompts == []
