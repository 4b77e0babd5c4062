"""What a row of the queue says: what the visitor asks, how it ended, who is still there."""

from datetime import timedelta
from uuid import uuid4

import time_machine

from tests.makers import Visitor, hire
from vink_chat import conversations, handover
from vink_chat.answering import Ending, Run
from vink_chat.conversations import Author, Reason, queue
from vink_chat.conversations.queue import OverviewFilter, QueueQuery, QueueTab
from vink_chat.handover.ending import end
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.pages.desk.messages import why
from vink_chat.pages.desk.queue_broadcast import QueueCache
from vink_chat.pages.desk.views import RowView

UNSURE = "Не уверен, что понял вас правильно. Может быть, вы об одном из этих вопросов?"
ZONE = "Europe/Moscow"


async def rows(wanted: QueueQuery) -> list[RowView]:
    snapshot = await QueueCache().snapshot(wanted, 50, "ru", ZONE)
    return [snapshot.base[number] for number in snapshot.order]


async def assistant_says(visitor: Visitor, text: str) -> None:
    async with db.transaction() as tx:
        conversation = await conversations.newest(tx, visitor.id)
        assert conversation
        await conversations.post(tx, conversation, Author.ASSISTANT, text)


async def test_one_that_is_over_shows_the_question_who_ended_it_and_its_stars(any_database):
    anna, asked, called = await hire("Анна"), Visitor(), Visitor()
    await asked.writes("Сколько стоит доставка?")
    await assistant_says(asked, UNSURE)
    await called.writes("Где мой заказ 48213?")
    await assistant_says(called, UNSURE)
    await called.presses_the_button()
    await called.writes("Позовите оператора")
    conversation_id = (await called.conversation()).id
    await anna.claims(conversation_id)
    await anna.finishes(conversation_id)
    async with db.transaction() as tx:
        await handover.rate(tx, called.id, 4)
    async with db.transaction() as tx:
        await end(tx, await conversations.get(tx, (await asked.conversation()).id), Reason.IDLE)

    ended, by_hand = await rows(QueueQuery(QueueTab.CLOSED))

    assert (ended["text"], ended["status_word"], ended["stars"]) == (
        "Сколько стоит доставка?",
        "закрыт по молчанию",
        "",
    )
    assert (by_hand["text"], by_hand["holder"], by_hand["stars"]) == ("Где мой заказ 48213?", "Анна", "★ 4")


async def test_ones_own_conversation_shows_the_question_and_then_who_spoke_in_plain_words(any_database):
    anna, oleg, visitor = await hire("Анна"), await hire("Олег"), Visitor()
    await visitor.writes("Где мой заказ 48213?")
    await visitor.presses_the_button()
    await visitor.writes("Позовите оператора")
    conversation_id = (await visitor.conversation()).id
    await anna.claims(conversation_id)
    mine = QueueQuery(QueueTab.MINE, operator_id=anna.id)
    [taken] = await rows(mine)

    await anna.replies(conversation_id, "**Добрый день**\n\n- лист 3*2*1 м")
    [answered] = await rows(mine)
    [everybodys] = await rows(QueueQuery(QueueTab.ALL))
    await anna.transfers(conversation_id, oleg, "Нужен счёт")
    [given] = await rows(QueueQuery(QueueTab.MINE, operator_id=oleg.id))

    assert taken["text"] == "Где мой заказ 48213?"
    assert answered["text"] == "Вы: Добрый день лист 3*2*1 м"
    assert everybodys["text"] == given["text"] == "Добрый день лист 3*2*1 м"


def test_where_an_answer_came_from_is_said_in_words():
    run = Run(
        conversation_id=uuid4(),
        position=1,
        ending=Ending.HANDED_OVER,
        reason="low_confidence",
        provider="yandex",
        model="09.02.2025",
        input_tokens=839,
        output_tokens=30,
        milliseconds=2442,
    )

    assert why(run, "ru") == (
        "модель yandex 09.02.2025 · 2,4 с · токены: 839 прочитано, 30 написано · ассистент не уверен"
    )


async def test_who_waits_and_has_left_the_page_is_marked(any_database):
    await hire("Анна")
    left, stays = Visitor(), Visitor()
    for one in (left, stays):
        await one.presses_the_button()

    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        async with db.transaction() as tx:
            await handover.mark_seen(tx, [stays.id])
        found = await rows(QueueQuery(QueueTab.WAITING))

    assert [one["gone"] for one in found] == ["ушёл со страницы", ""]


async def test_what_was_looked_for_by_its_rating_shows_the_stars_after_it_went_on(any_database):
    anna, visitor = await hire("Анна"), Visitor()
    await visitor.presses_the_button()
    conversation_id = (await visitor.conversation()).id
    await anna.claims(conversation_id)
    await anna.finishes(conversation_id)
    async with db.transaction() as tx:
        await handover.rate(tx, visitor.id, 5)
        await handover.comment(tx, visitor.id, "Быстро\nответили")
    assert [one["comment"] for one in await rows(QueueQuery(queue.QueueTab.CLOSED))] == ["Быстро ответили"]
    await visitor.writes("Ещё вопрос")

    rated = QueueQuery(queue.QueueTab.ALL, only=OverviewFilter.RATED, since=now() - timedelta(hours=1), ended=True)

    assert [(one["stars"], one["comment"]) for one in await rows(rated)] == [("★ 5", "Быстро ответили")]
    assert [(one["stars"], one["comment"]) for one in await rows(QueueQuery(queue.QueueTab.ALL))] == [("", "")]
