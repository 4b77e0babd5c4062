"""What visitors are told when they call a person is true for each of them."""

import asyncio
import re

from tests.makers import Visitor, hire
from vink_chat import conversations, handover
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import queue
from vink_chat.conversations.queue import Priority
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


async def _sets(visitor: Visitor, priority: str) -> None:
    async with db.transaction() as tx:
        await queue.set_priority(tx, (await visitor.conversation()).id, priority)


async def test_who_is_overtaken_by_what_is_urgent_reads_their_new_place(any_house: Runtime):
    olga = await hire("Ольга")
    held, anna, boris, vera = (Visitor() for _ in range(4))
    await held.presses_the_button()
    await olga.claims((await held.conversation()).id)
    for visitor in (anna, boris, vera):
        await visitor.presses_the_button()
    before = await anna.reads()
    assert "Вы 1-й в очереди" in (await anna.texts("system"))[0]

    await _sets(boris, "urgent")
    await any_house.settle()

    told = [(await visitor.texts("system")) for visitor in (boris, anna, vera)]
    assert [f"Вы {number}-й в очереди" in notices[0] for number, notices in enumerate(told, 1)] == [True] * 3
    assert [message.id for message in await anna.reads()] == [message.id for message in before]

    await _sets(anna, "low")
    await any_house.settle()
    assert "Вы 3-й в очереди" in (await anna.texts("system"))[0]


async def test_who_is_overtaken_is_no_longer_promised_the_one_free_operator(any_house: Runtime):
    await hire()
    anna, boris = Visitor(), Visitor()
    await anna.presses_the_button()
    await boris.presses_the_button()
    assert SOON in (await anna.texts("system"))[0]

    await _sets(boris, "high")
    await any_house.settle()

    told = [(await visitor.texts("system"))[0] for visitor in (anna, boris)]
    assert ("Вы 2-й в очереди" in told[0], SOON in told[0], SOON in told[1]) == (True, False, True)


async def test_who_is_overtaken_by_what_an_operator_puts_back_reads_their_new_place(any_house: Runtime):
    olga = await hire("Ольга")
    held, anna, boris = Visitor(), Visitor(), Visitor()
    for visitor in (held, anna):
        await visitor.presses_the_button()
        await olga.claims((await visitor.conversation()).id)
    await boris.presses_the_button()
    assert "Вы 1-й в очереди" in (await boris.texts("system"))[0]

    await olga.releases((await anna.conversation()).id)
    await any_house.settle()

    assert "Вы 2-й в очереди" in (await boris.texts("system"))[0]


async def test_who_is_overtaken_by_an_urgent_call_that_is_made_again_reads_their_new_place(any_house: Runtime):
    olga = await hire("Ольга")
    held, anna, boris = Visitor(), Visitor(), Visitor()
    for visitor in (held, anna):
        await visitor.presses_the_button()
        await olga.claims((await visitor.conversation()).id)
    await _sets(anna, "urgent")
    await olga.gives_back((await anna.conversation()).id)
    await boris.presses_the_button()

    await anna.presses_the_button()
    await any_house.settle()

    told = [(await visitor.texts("system"))[-1] for visitor in (anna, boris)]
    assert ["Вы 1-й в очереди" in told[0], "Вы 2-й в очереди" in told[1]] == [True, True]


async def test_only_those_between_the_old_and_the_new_place_are_told_again(any_house: Runtime):
    olga = await hire("Ольга")
    people = [Visitor() for _ in range(6)]
    for visitor in people:
        await visitor.presses_the_button()
    await olga.claims((await people[0].conversation()).id)
    await any_house.settle()
    _, second, third, fourth, fifth, sixth = people
    await _sets(second, "high")
    await any_house.settle()

    async with db.transaction() as tx:
        row = await conversations.get_row(tx, (await fifth.conversation()).id)
        before = row._replace(priority=Priority.NORMAL)
        risen = row._replace(priority=Priority.HIGH)
        assert await handover.overtaken(tx, risen, before.priority) == [
            (await visitor.conversation()).id for visitor in (third, fourth)
        ]
        assert await handover.overtaken(tx, row) == [(await sixth.conversation()).id]
