"""A person is called from one address only so often an hour, by whatever way the visitor comes to one."""

from collections.abc import AsyncIterator

import pytest

from tests import houses
from tests.makers import Visitor
from vink_chat import preferences
from vink_chat.answering import Ending
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Reason, Status, VisitorContext

FROM_THE_SHOP_NEXT_DOOR = VisitorContext(address="203.0.113.7")
REFUSED = "Позвать специалиста сейчас не получится: с вашего адреса его зовут слишком часто."


@pytest.fixture
def model() -> ScriptedProvider:
    return ScriptedProvider(otherwise="Не знаю такого.")


@pytest.fixture
async def house(sqlite_tables_url: str, model: ScriptedProvider) -> AsyncIterator[Runtime]:
    async with houses.running(sqlite_tables_url, model) as house:
        await houses.prefer(preferences.Limits(), calls_per_hour=2)
        yield house


async def told(house: Runtime, visitor: Visitor, text: str, context: VisitorContext = FROM_THE_SHOP_NEXT_DOOR) -> None:
    await visitor.writes(text, context=context)
    await house.settle()


async def says_yes_to_the_offer(house: Runtime, context: VisitorContext = FROM_THE_SHOP_NEXT_DOOR) -> Visitor:
    visitor = Visitor()
    await told(house, visitor, "бззз кррр", context)
    await told(house, visitor, "да", context)
    return visitor


async def statuses(*visitors: Visitor) -> list[Status]:
    return [(await visitor.conversation()).status for visitor in visitors]


async def test_yes_to_the_offer_counts_as_a_call(house: Runtime, model: ScriptedProvider):
    visitors = [await says_yes_to_the_offer(house) for _ in range(3)]
    elsewhere = await says_yes_to_the_offer(house, VisitorContext(address="203.0.113.8"))

    assert await statuses(*visitors, elsewhere) == [Status.WAITING, Status.WAITING, Status.ASSISTED, Status.WAITING]
    last = (await visitors[-1].reads())[-1]
    assert last.text.startswith(REFUSED)
    assert last.quick_replies == []
    assert (Ending.CLARIFIED, Reason.WORDS) in [(run.ending, run.reason) for run in await visitors[-1].runs()]


async def test_questions_nobody_knows_an_answer_to_count_as_calls(house: Runtime, model: ScriptedProvider):
    visitors = [Visitor() for _ in range(3)]

    for visitor in visitors:
        await told(house, visitor, "бззз кррр")
        await told(house, visitor, "кррр бззз")

    assert await statuses(*visitors) == [Status.WAITING, Status.WAITING, Status.ASSISTED]
    assert (await visitors[-1].reads())[-1].text.startswith(REFUSED)


async def test_whoever_may_not_call_goes_on_with_the_assistant(house: Runtime, model: ScriptedProvider):
    for _ in range(2):
        await says_yes_to_the_offer(house)
    refused = await says_yes_to_the_offer(house)
    model.add("Литая плёнка долговечнее [1].")

    await told(house, refused, "Чем отличается литая плёнка от каландрированной?")

    assert (await refused.texts())[-1] == "Литая плёнка долговечнее."
    assert REFUSED not in str(model.prompts[-1].turns)


async def test_neighbours_of_one_ipv6_network_count_as_one(house: Runtime, model: ScriptedProvider):
    visitors = [await says_yes_to_the_offer(house, VisitorContext(address=f"2001:db8::{one}")) for one in range(1, 4)]

    assert await statuses(*visitors) == [Status.WAITING, Status.WAITING, Status.ASSISTED]


async def test_the_handover_is_refused_for_a_visitor_whose_address_is_unknown_only_by_their_own_calls(house: Runtime):
    visitors = [await says_yes_to_the_offer(house, VisitorContext()) for _ in range(3)]

    assert await statuses(*visitors) == [Status.WAITING] * 3
