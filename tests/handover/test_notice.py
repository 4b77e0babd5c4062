"""What visitors are told when they call a person is true for each of them."""

import asyncio
import re

from tests.makers import Visitor, hire
from vink_chat import conversations
from vink_chat.bootstrap import Runtime
from vink_chat.kit import db
from vink_chat.operators.model import Operator
from vink_chat.pages.visitor.reader import ThreadReader

SOON = "через минуту"


async def test_of_several_who_call_only_as_many_are_told_soon_as_there_are_free_people(any_house: Runtime):
    await hire()
    anna, boris, vera = Visitor(), Visitor(), Visitor()

    for visitor in (anna, boris, vera):
        await visitor.presses_the_button()

    told = [(await visitor.texts("system"))[0] for visitor in (anna, boris, vera)]
    assert [SOON in notice for notice in told] == [True, False, False]
    assert ["Вы 2-й в очереди" in told[1], "Вы 3-й в очереди" in told[2]] == [True, True]


async def test_of_those_who_call_at_the_same_moment_no_two_are_told_the_same_place(any_house: Runtime):
    olga = await hire()
    held = Visitor()
    await held.presses_the_button()
    await olga.claims((await held.conversation()).id)
    visitors = [Visitor() for _ in range(8)]

    await asyncio.gather(*(visitor.presses_the_button() for visitor in visitors))

    told = " ".join([(await visitor.texts("system"))[0] for visitor in visitors])
    assert sorted(map(int, re.findall(r"Вы (\d+)-й", told))) == list(range(1, 9))


async def test_a_place_in_the_queue_is_told_no_longer_once_somebody_has_joined(any_house: Runtime):
    olga = await hire("Ольга")
    anna, boris = Visitor(), Visitor()
    await anna.presses_the_button()
    await boris.presses_the_button()
    assert "Вы 2-й в очереди" in (await boris.texts("system"))[0]

    await olga.claims((await boris.conversation()).id)

    joined = "К разговору подключился специалист: Ольга."
    assert await boris.texts("system") == ["Передаю вопрос специалисту.", joined]
    assert "2-й" not in (await boris.conversation()).last_text
    assert SOON in (await anna.texts("system"))[0]


async def test_a_place_in_the_queue_is_told_no_longer_once_the_visitor_stops_waiting(any_house: Runtime):
    await hire()
    anna, boris = Visitor(), Visitor()
    await anna.presses_the_button()
    await boris.presses_the_button()

    await boris.stops_waiting()

    assert (await boris.texts("system"))[0] == "Передаю вопрос специалисту."


async def test_a_notice_read_over_rest_is_not_handed_out_again_when_its_place_is_gone(any_house: Runtime):
    olga = await hire("Ольга")
    anna, boris = Visitor(), Visitor()
    await anna.presses_the_button()
    await boris.presses_the_button()
    async with db.transaction() as tx:
        assert "Вы 2-й" in (await conversations.deliver(tx, boris.id))[0].text

    await olga.claims((await boris.conversation()).id)

    async with db.transaction() as tx:
        left = await conversations.deliver(tx, boris.id)
    assert [message.text for message in left] == ["К разговору подключился специалист: Ольга."]


async def test_who_is_free_is_free_for_somebody_once_the_queue_is_empty(any_house: Runtime):
    olga, pavel = await hire("Ольга"), await hire("Павел")
    anna, boris = Visitor(), Visitor()
    await anna.presses_the_button()
    await olga.claims((await anna.conversation()).id)

    await boris.presses_the_button()

    assert SOON in (await boris.texts("system"))[0], f"{pavel.name} holds nothing"


async def test_an_operator_who_gave_no_name_is_a_specialist_to_the_visitor_and_not_a_login(any_house: Runtime):
    boss, olga = await hire("Boss"), await hire("Ольга")
    async with db.transaction() as tx:
        account = await tx.session.get_one(Operator, boss.id)
        account.login = account.login_key = "boss"
    anna = Visitor()
    await anna.presses_the_button()
    held = (await anna.conversation()).id

    await boss.claims(held)
    await boss.replies(held, "Добрый день!")
    await boss.transfers(held, olga)
    await olga.replies(held, "Я Ольга.")
    await olga.transfers(held, boss)

    told = await anna.texts("system")
    assert told[1:] == [
        "К разговору подключился специалист.",
        "Разговор продолжит специалист: Ольга.",
        "Разговор продолжит другой специалист.",
    ]
    shown = (await ThreadReader(anna.id, "ru", "Europe/Moscow").read_all()).messages
    assert [one["label"] for one in shown if one["who"] == "operator"] == ["Специалист", "Ольга"]
