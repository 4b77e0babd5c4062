"""Operators see what a visitor asks, not that they ask for an operator."""

import pytest

from tests.makers import Visitor, hire
from vink_chat import conversations, handover
from vink_chat.conversations import Reason
from vink_chat.kit import db
from vink_chat.kit.db import Database

ONLY_A_CALL = """
Позовите оператора
ОПЕРАТОР!!!
Соедините меня, пожалуйста, с живым человеком
хочу поговорить с человеком
Здравствуйте, позовите, пожалуйста, человека
дайте живого оператора уже
Есть кто живой?
я хочу говорить с сотрудником, а не с роботом
не хочу общаться с ботом
перезвоните мне
позавите аператора
gjpjdbnt jgthfnjhf
pozovite operatora
I want to talk to a human
Здравствуйте!
да
ок, спасибо
👍
?
"""
QUESTIONS = {
    "Где мой заказ 48213? Позовите оператора": "Где мой заказ 48213?",
    "Позовите менеджера. Мне нужен счёт на 50 листов ПВХ": "Мне нужен счёт на 50 листов ПВХ",
    "Позовите менеджера, нужен счёт на ПВХ": "Позовите менеджера, нужен счёт на ПВХ",
    "Здравствуйте! Сколько стоит доставка в Казань?": "Сколько стоит доставка в Казань?",
    "Нужен специалист по фрезеру": "Нужен специалист по фрезеру",
    "48213": "48213",
    "Where is my order?": "Where is my order?",
}


@pytest.mark.parametrize("text", ONLY_A_CALL.strip().splitlines())
def test_words_that_only_call_are_no_question(text: str):
    assert handover.question_in(text) == ""


@pytest.mark.parametrize(("text", "question"), QUESTIONS.items())
def test_a_question_is_read_without_the_call_beside_it(text: str, question: str):
    assert handover.question_in(text) == question


async def asked(visitor: Visitor) -> tuple[str, str]:
    conversation = await visitor.conversation()
    return conversation.question, str((conversation.card or {}).get("wish"))


async def called(visitor: Visitor, reason: Reason = Reason.WORDS) -> None:
    conversation = await visitor.conversation()
    async with db.transaction() as tx:
        await handover.request(tx, await conversations.get(tx, conversation.id), reason)


async def test_the_wish_is_the_last_question_and_not_the_call(any_database: Database):
    visitor = Visitor()
    await visitor.writes("Сколько стоит акрил 3 мм?")
    await visitor.writes("Где мой заказ 48213?")
    await visitor.writes("Позовите оператора")

    await called(visitor)

    assert await asked(visitor) == ("Где мой заказ 48213?", "Где мой заказ 48213?")


async def test_who_asked_nothing_has_no_wish(any_database: Database):
    visitor = Visitor()
    await visitor.writes("Позовите оператора")

    await called(visitor)

    assert await asked(visitor) == ("", "")


async def test_a_number_to_call_back_does_not_take_the_place_of_the_question(any_house):
    visitor = Visitor()
    await visitor.writes("Хочу купить станок оптом")
    await visitor.presses_the_button()
    await visitor.writes("Мой телефон +7 903 123-45-67")
    await any_house.settle()

    assert await asked(visitor) == ("Хочу купить станок оптом", "Хочу купить станок оптом")


async def test_what_is_asked_while_waiting_becomes_the_question(any_house):
    visitor = Visitor()
    await visitor.presses_the_button()
    assert await asked(visitor) == ("", "")

    await visitor.writes("Нужен счёт на 50 листов ПВХ")
    await any_house.settle()
    assert await asked(visitor) == ("Нужен счёт на 50 листов ПВХ", "Нужен счёт на 50 листов ПВХ")

    await visitor.writes("Алло, есть кто живой?")
    await any_house.settle()
    assert await asked(visitor) == ("Нужен счёт на 50 листов ПВХ", "Нужен счёт на 50 листов ПВХ")


async def test_what_was_asked_of_a_person_is_the_question_once_it_waits_again(any_database: Database):
    visitor, anna = Visitor(), await hire()
    await visitor.writes("Где мой заказ 48213?")
    await called(visitor)
    conversation = await visitor.conversation()
    await anna.claims(conversation.id)
    await visitor.writes("И как его вернуть?")

    await anna.releases(conversation.id)

    assert await asked(visitor) == ("И как его вернуть?", "И как его вернуть?")
