"""A draft for an operator: what the assistant would answer, or else what the best article says."""

from uuid import UUID, uuid4

import pytest

from tests import houses
from tests.makers import Colleague, Visitor, hire
from vink_chat import answering, conversations
from vink_chat.answering.providers import KnowledgeProvider, ScriptedProvider
from vink_chat.conversations import NotYours
from vink_chat.kit import db

KNOWN = "Есть ли минимальная сумма заказа?"
# Knowledge has something near to it, but is not so sure as to answer a visitor with it.
NEAR = "порог заказа"
UNKNOWN = "Кто написал оперу про Онегина?"


async def _calls(house: houses.Runtime, text: str) -> UUID:
    anna = Visitor()
    await anna.writes(text)
    await house.settle()
    await anna.presses_the_button()
    await house.settle()
    return (await anna.conversation()).id


async def test_the_assistants_answer_is_suggested_and_stored_nowhere(any_url: str):
    model = ScriptedProvider(otherwise="Минимальной суммы нет [1].")
    async with houses.running(any_url, model) as house:
        conversation_id = await _calls(house, KNOWN)
        before = await _texts(conversation_id)

        assert await answering.suggest(conversation_id, uuid4()) == "Минимальной суммы нет."

        assert await _texts(conversation_id) == before


async def test_links_of_a_draft_lead_where_those_of_an_answer_may(sqlite_tables_url: str):
    model = ScriptedProvider(otherwise="Оплатите [здесь](https://evil.example/pay) или по +7 999 111-22-33 [1].")
    async with houses.running(sqlite_tables_url, model) as house:
        conversation_id = await _calls(house, KNOWN)

        text = await answering.suggest(conversation_id, uuid4())

    assert text == "Оплатите здесь (`https://evil.example/pay`) или по `+7 999 111-22-33`."


@pytest.mark.parametrize("provider", [KnowledgeProvider(), ScriptedProvider()], ids=["no model", "model down"])
@pytest.mark.parametrize("question", [KNOWN, NEAR])
async def test_without_a_model_the_best_article_is_suggested(sqlite_tables_url: str, provider, question: str):
    async with houses.running(sqlite_tables_url, provider) as house:
        conversation_id = await _calls(house, question)

        assert "минимальн" in (await answering.suggest(conversation_id, uuid4())).lower()


async def test_who_asks_about_nothing_that_is_known_gets_no_draft(sqlite_tables_url: str):
    async with houses.running(sqlite_tables_url, KnowledgeProvider()) as house:
        conversation_id = await _calls(house, UNKNOWN)

        with pytest.raises(answering.NoDraft):
            await answering.suggest(conversation_id, uuid4())


async def test_a_draft_is_for_who_may_answer(sqlite_tables_url: str):
    async with houses.running(sqlite_tables_url) as house:
        olga: Colleague = await hire("Ольга")
        conversation_id = await _calls(house, KNOWN)
        await olga.claims(conversation_id)

        assert await answering.suggest(conversation_id, olga.id)
        with pytest.raises(NotYours):
            await answering.suggest(conversation_id, uuid4())


async def test_one_operator_asks_for_ten_drafts_a_minute(sqlite_tables_url: str):
    async with houses.running(sqlite_tables_url) as house:
        conversation_id, olga = await _calls(house, KNOWN), uuid4()
        for _ in range(10):
            await answering.suggest(conversation_id, olga)

        with pytest.raises(answering.TooManyDrafts):
            await answering.suggest(conversation_id, olga)

        assert await answering.suggest(conversation_id, uuid4())


async def _texts(conversation_id: UUID) -> list[str]:
    async with db.reading() as tx:
        return [one.text for one in await conversations.conversation_messages(tx, conversation_id)]
