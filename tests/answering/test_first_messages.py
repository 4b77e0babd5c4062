"""One message the assistant is unsure of does not end it: how first messages end without a model."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from tests import houses
from tests.answering.first_messages import MORE, VAGUE, End
from tests.makers import Visitor
from vink_chat.answering import Ending
from vink_chat.answering.providers import FallbackProvider, KnowledgeProvider
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status


@pytest.fixture
async def house(sqlite_tables_url: str) -> AsyncIterator[Runtime]:
    async with houses.running(sqlite_tables_url, FallbackProvider([KnowledgeProvider()])) as house:
        yield house


async def end_of(house: Runtime, text: str) -> End:
    visitor = Visitor()
    await visitor.writes(text)
    await house.settle()
    [run] = await visitor.runs()
    if (await visitor.conversation()).status is not Status.ASSISTED:
        return End.HANDED_OVER
    if run.ending is Ending.CLARIFIED:
        return End.CLARIFIED
    [answer] = [message for message in await visitor.reads() if message.author == "assistant"]
    return End.ANSWERED if any(one["cited"] for one in run.passages) and answer.text else End.SMALL_TALK


def test_they_are_thirty_seven_and_sixty():
    assert (len(VAGUE), len(MORE)) == (37, 60)
    assert VAGUE.keys().isdisjoint(MORE)


@pytest.mark.parametrize("messages", [VAGUE, MORE], ids=["vague", "more"])
async def test_each_first_message_ends_as_it_should(house: Runtime, messages: dict[str, End]):
    ended = {text: await end_of(house, text) for text in messages}

    assert {text: end for text, end in ended.items() if end is not messages[text]} == {}


@pytest.mark.parametrize("text", ["скинь фото", "пришлите фото"])
async def test_who_wants_a_picture_is_not_answered_with_the_price_list(house: Runtime, text: str):
    assert await end_of(house, text) is End.CLARIFIED


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("laminat", End.CLARIFIED),
        ("schet", End.CLARIFIED),
        ("dostavka", End.ANSWERED),
        ("oplata", End.ANSWERED),
        ("a vy rabotaete s nds", End.ANSWERED),
    ],
)
async def test_latin_letters_are_answered_or_asked_about_as_russian_ones_are(house: Runtime, text: str, end: End):
    assert await end_of(house, text) is end


async def test_one_near_question_is_not_called_several(house: Runtime):
    visitor = Visitor()

    await visitor.writes("скинь фото")
    await house.settle()

    answer = (await visitor.reads())[-1]
    assert [reply["kind"] for reply in answer.quick_replies] == ["question", "call"]
    assert answer.text == "Не уверен, что понял вас правильно. Может быть, вы об этом? Или напишите подробнее."


async def test_of_the_vague_ones_none_ends_the_assistant(house: Runtime):
    counts = Counter([await end_of(house, text) for text in VAGUE])

    assert counts[End.HANDED_OVER] == 0
    assert counts[End.SMALL_TALK] + counts[End.ANSWERED] > counts[End.CLARIFIED]


@pytest.mark.parametrize("text", [text for text, end in VAGUE.items() if end is not End.ANSWERED])
async def test_after_a_vague_beginning_what_the_base_knows_is_answered(house: Runtime, text: str):
    visitor = Visitor()
    await visitor.writes(text)
    await house.settle()

    await visitor.writes("есть ли минимальная сумма заказа?")
    await house.settle()

    assert "минимальн" in (await visitor.texts("assistant"))[-1].lower()
    assert (await visitor.conversation()).status is Status.ASSISTED
