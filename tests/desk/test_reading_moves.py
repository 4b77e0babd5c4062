"""What the queue, the head, the card and the thread say of why a conversation is where it is, and who ended it."""

from datetime import timedelta
from uuid import UUID

import time_machine

from tests.makers import Visitor, hire
from vink_chat import handover
from vink_chat.conversations import queue
from vink_chat.conversations.queue import QueueQuery, QueueTab
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database
from vink_chat.pages.desk.reader import DeskReader, Page
from vink_chat.pages.desk.views import Reader, RowView, present_row


async def first_row(box: QueueTab, operator_id: UUID | None = None) -> RowView:
    async with db.reading() as tx:
        [line] = await queue.page(tx, QueueQuery(box, operator_id))
    return present_row(line, Reader("ru", "Europe/Moscow"))


async def read(visitor: Visitor, by: UUID) -> Page:
    conversation = await visitor.conversation()
    return await DeskReader(conversation.id, by, "ru", "Europe/Moscow").read(whole=True)


async def test_the_queue_shows_the_question_and_not_the_call(any_database: Database):
    visitor, anna = Visitor(), await hire("Анна")
    await visitor.writes("Где мой заказ 48213?")
    await visitor.writes("Позовите оператора")
    await visitor.presses_the_button()

    assert (await first_row(QueueTab.WAITING))["text"] == "Где мой заказ 48213?"
    assert (await read(visitor, anna.id)).card["wish"] == "Где мой заказ 48213?"


async def test_where_nothing_was_asked_the_queue_and_the_card_say_so(any_database: Database):
    visitor, anna = Visitor(), await hire("Анна")
    await visitor.writes("Позовите оператора")
    await visitor.presses_the_button()

    said = "Вопроса пока нет: только зовёт специалиста"
    assert (await first_row(QueueTab.WAITING))["text"] == said
    assert (await read(visitor, anna.id)).card["wish"] == said


async def test_row_head_and_card_keep_the_reason_and_name_who_passed_it_on(any_database: Database):
    visitor, anna, boris = Visitor(), await hire("Марина"), await hire("Игорь")
    await visitor.writes("Нужен счёт")
    await visitor.presses_the_button()
    conversation = await visitor.conversation()
    await anna.claims(conversation.id)
    await anna.transfers(conversation.id, boris, "Просит счёт")

    page, line = await read(visitor, boris.id), await first_row(QueueTab.MINE, boris.id)

    said = "Марина → Игорь: «Просит счёт»"
    assert (line["reason"], line["moved"]) == ("нажал кнопку", said)
    assert (page.head["reason"], page.head["moved"]) == ("нажал кнопку", said)
    assert (page.card["stopped"], page.card["moved"]) == ("нажал кнопку", said)


async def test_the_staff_read_who_ended_a_conversation(any_database: Database):
    visitor, anna = Visitor(), await hire("Марина Орлова")
    await visitor.presses_the_button()
    conversation = await visitor.conversation()
    await anna.claims(conversation.id)
    await anna.finishes(conversation.id)

    last = (await read(visitor, anna.id)).messages[-1]

    assert "Чат окончен." in last["html"]
    assert last["aside"] == f"Завершено: Марина Орлова · {last['time']}"
    assert "Орлова" not in (await visitor.texts("system"))[-1]


async def test_the_staff_read_that_the_clock_ended_a_conversation(any_database: Database):
    visitor, anna = Visitor(), await hire()
    await visitor.presses_the_button()
    conversation = await visitor.conversation()
    await anna.claims(conversation.id)
    await anna.replies(conversation.id, "Здравствуйте!")

    with time_machine.travel(now() + timedelta(hours=3), tick=False):
        async with db.transaction() as tx:
            assert await handover.close_silent(tx, conversation.id)
        last = (await read(visitor, anna.id)).messages[-1]

    assert last["aside"] == f"Завершено по молчанию · {last['time']}"


async def test_the_staff_read_that_a_visitor_did_not_wait(any_database: Database):
    visitor, anna = Visitor(), await hire()
    await visitor.presses_the_button()
    conversation = await visitor.conversation()

    with time_machine.travel(now() + timedelta(hours=3), tick=False):
        async with db.transaction() as tx:
            assert await handover.close_gone(tx, conversation.id)
        page, line = await read(visitor, anna.id), await first_row(QueueTab.CLOSED, anna.id)

    last = page.messages[-1]
    assert last["aside"] == f"Посетитель ушёл, не дождавшись ответа · {last['time']}"
    assert page.head["status_word"] == line["status_word"] == "не дождался"
