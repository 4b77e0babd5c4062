"""How urgent a conversation is decides who is answered first, and the numbers that visitors read stay true."""

from uuid import UUID, uuid4

import pytest

from tests.makers import Visitor, hire
from vink_chat import conversations, handover
from vink_chat.conversations import Status, queue
from vink_chat.conversations.queue import Priority, QueueQuery, QueueTab
from vink_chat.events import PriorityChanged
from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.kit.errors import NotFound
from vink_chat.pages.desk import filters


async def _calls(*names: str) -> dict[str, Visitor]:
    visitors = {name: Visitor() for name in names}
    for name, visitor in visitors.items():
        await visitor.writes(name)
        await visitor.presses_the_button()
    return visitors


async def _set(visitor: Visitor, priority: object) -> None:
    conversation = await visitor.conversation()
    async with db.transaction() as tx:
        await queue.set_priority(tx, conversation.id, priority)


async def _listed(tab: QueueTab, operator_id: UUID | None = None) -> list[UUID]:
    async with db.reading() as tx:
        return [row.visitor_id for row in await queue.page(tx, QueueQuery(tab, operator_id))]


async def test_what_is_urgent_stands_first_in_the_queue_and_the_longest_wait_among_equals(any_database: Database):
    await hire()
    people = await _calls("первый", "второй", "третий", "четвёртый", "пятый")
    first, second, third, fourth, fifth = people.values()
    await _set(first, "low")
    await _set(third, "high")
    await _set(fourth, "urgent")
    await _set(fifth, "URGENT")
    expected = [fourth.id, fifth.id, third.id, second.id, first.id]

    assert await _listed(QueueTab.WAITING) == expected
    assert await _listed(QueueTab.ALL) == [fifth.id, fourth.id, third.id, second.id, first.id]
    async with db.reading() as tx:
        assert [one.visitor_id for one in await handover.queued(tx)] == expected
        assert await handover.places(tx) == {visitor: number for number, visitor in enumerate(expected, 1)}
        places = [await handover.place(tx, await people[name].conversation()) for name in people]
    assert places == [5, 4, 3, 1, 2]


async def test_a_visitor_is_told_of_those_who_are_answered_before_them(any_database: Database):
    await hire()
    people = await _calls("обычный", "не срочный")
    await _set(people["не срочный"], "low")

    newcomer = Visitor()
    await newcomer.presses_the_button()
    async with db.reading() as tx:
        assert await handover.place(tx, await newcomer.conversation()) == 2

    await _set(newcomer, "urgent")
    async with db.reading() as tx:
        assert await handover.place(tx, await newcomer.conversation()) == 1
        assert await handover.place(tx, await people["обычный"].conversation()) == 2


async def test_a_free_colleague_is_promised_past_a_conversation_that_can_wait(any_database: Database):
    await hire()
    slow, quick = Visitor(), Visitor()
    await slow.presses_the_button()
    before = (await slow.texts("system"))[-1]
    await _set(slow, "low")

    await quick.presses_the_button()

    assert (await quick.texts("system"))[-1] == before


async def test_an_operators_own_conversations_are_sorted_and_what_is_over_is_not(any_database: Database):
    anna = await hire()
    people = await _calls("первый", "второй")
    first, second = people.values()
    for visitor in (first, second):
        await anna.claims((await visitor.conversation()).id)
    await _set(first, "high")

    assert await _listed(QueueTab.MINE, anna.id) == [first.id, second.id]

    for visitor in (first, second):
        await anna.finishes((await visitor.conversation()).id)
    assert await _listed(QueueTab.CLOSED) == [second.id, first.id]
    assert (await first.conversation()).priority == Priority.HIGH


async def test_a_priority_outlasts_every_move(any_database: Database):
    anna = await hire()
    visitor = (await _calls("вопрос"))["вопрос"]
    await _set(visitor, "urgent")

    key = (await visitor.conversation()).id
    await anna.claims(key)
    await anna.releases(key)
    await anna.claims(key)
    await anna.gives_back(key)
    await visitor.presses_the_button()

    conversation = await visitor.conversation()
    assert (conversation.status, conversation.priority) == (Status.WAITING, Priority.URGENT)


async def test_the_filter_lists_urgent_ones_first_and_none_that_are_over(any_database: Database):
    anna = await hire()
    people = await _calls("важный", "срочный", "закрытый", "обычный", "не срочный", "тоже важный")
    for name, priority in zip(people, ("high", "urgent", "urgent", "normal", "low", "high"), strict=True):
        await _set(people[name], priority)
    await anna.claims((await people["закрытый"].conversation()).id)
    await anna.finishes((await people["закрытый"].conversation()).id)

    async with db.reading() as tx:
        found = await queue.page(tx, filters.wanted(QueueTab.ALL, None, {"only": "priority"}))

    assert [row.visitor_id for row in found] == [people[name].id for name in ("срочный", "тоже важный", "важный")]


async def test_a_change_is_announced_once_and_what_is_unknown_is_refused(any_database: Database):
    visitor = (await _calls("вопрос"))["вопрос"]
    facts: list[object] = []
    any_database.listener = facts.extend

    await _set(visitor, "high")
    await _set(visitor, "high")
    conversation = await visitor.conversation()

    assert facts == [PriorityChanged(conversation.id, visitor.id, Priority.NORMAL)]
    for value in ("", "highest", 1, None):
        with pytest.raises(NotFound):
            await _set(visitor, value)
    async with db.transaction() as tx:
        with pytest.raises(NotFound):
            await queue.set_priority(tx, uuid4(), "high")


async def test_a_new_conversation_is_like_any_other(any_database: Database):
    visitor = Visitor()
    await visitor.writes("Здравствуйте")

    assert (await visitor.conversation()).priority == Priority.NORMAL
    async with db.reading() as tx:
        row = await conversations.newest_row(tx, visitor.id)
    assert row is not None
    assert row.priority == Priority.NORMAL


async def test_what_is_over_has_no_priority_to_set(any_database: Database):
    anna = await hire()
    visitor = (await _calls("вопрос"))["вопрос"]
    key = (await visitor.conversation()).id
    await anna.claims(key)
    await anna.finishes(key)

    with pytest.raises(handover.NoOpenConversation):
        await _set(visitor, "urgent")

    assert (await visitor.conversation()).priority == Priority.NORMAL


@pytest.mark.parametrize("calls", [False, True])
async def test_a_case_that_its_visitor_reopens_is_like_any_other_again(any_database: Database, calls: bool):
    anna = await hire()
    visitor = (await _calls("вопрос"))["вопрос"]
    key = (await visitor.conversation()).id
    await _set(visitor, "urgent")
    await anna.claims(key)
    await anna.finishes(key)

    await (visitor.presses_the_button() if calls else visitor.writes("Ещё вопрос"))

    conversation = await visitor.conversation()
    assert (conversation.id, conversation.priority) == (key, Priority.NORMAL)


async def test_a_case_that_an_operator_takes_up_again_is_as_urgent_as_it_was(any_database: Database):
    anna = await hire()
    visitor = (await _calls("вопрос"))["вопрос"]
    key = (await visitor.conversation()).id
    await _set(visitor, "urgent")
    await anna.claims(key)
    await anna.finishes(key)

    await anna.resumes(key)

    assert (await visitor.conversation()).priority == Priority.URGENT
