"""Operators find a conversation by whatever they remember of it."""

import pytest

from tests.makers import Visitor, hire
from vink_chat import handover
from vink_chat.conversations import desk
from vink_chat.kit import db
from vink_chat.kit.db import Database


async def _found(words: str) -> list[str]:
    async with db.reading() as tx:
        keys = tuple(await desk.search(tx, words))
        lines = await desk.page(tx, desk.Wanted(desk.Box.ALL, found=keys))
    assert {line.id for line in lines} <= set(keys)
    return [line.visitor_name for line in lines]


async def _speaks(name: str, *texts: str, phone: str = "") -> Visitor:
    visitor = Visitor()
    for text in texts:
        await visitor.writes(text)
    conversation = await visitor.conversation()
    async with db.transaction() as tx:
        await desk.describe(tx, conversation.id, name=name, email=f"{conversation.id.hex[:8]}@example.com", phone=phone)
    return visitor


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("ПЕТР", ["Пётр Ёлкин"]),
        ("ёлкин", ["Пётр Ёлкин"]),
        ("пленка ЛИТАЯ", ["Пётр Ёлкин"]),
        ("плёнк", ["Мария", "Пётр Ёлкин"]),
        ("9001234567", ["Мария"]),
        ("+7 900", ["Мария"]),
        ("счёт мария", ["Мария"]),
        ("100%", []),
        ("такого никто не писал", []),
        (" ", []),
    ],
)
async def test_it_is_found_by_any_words_of_the_thread_and_by_the_visitor(
    any_database: Database, words: str, names: list[str]
):
    await _speaks("Пётр Ёлкин", "Литая плЁнка есть?", "Спасибо")
    maria = await _speaks("Мария", "Плёнку привезли", phone="+7 (900) 123-45-67")
    anna = await hire()
    conversation_id = (await maria.conversation()).id
    await anna.claims(conversation_id)
    await anna.replies(conversation_id, "Просит СЧЕТ", note=True)
    async with db.transaction() as tx:
        await handover.finish(tx, conversation_id, anna.id)

    assert await _found(words) == names


async def test_what_is_old_is_looked_through_too(any_database: Database):
    await _speaks("Искомый", "Вопрос")
    for number in range(60):
        await _speaks(f"Посетитель {number}", "Вопрос")

    assert len(await _found("вопрос")) == 50
    assert await _found("искомый") == ["Искомый"]


async def test_what_was_found_is_shown_with_the_words_about_it(any_database: Database):
    talk = "Добрый день! Подскажите, пожалуйста, чем клеить чёрную плёнку на капот, и сколько её нужно?"
    await _speaks("Пётр", talk, "Спасибо", phone="+7 (900) 123-45-67")

    async with db.reading() as tx:
        by_words = await desk.search(tx, "ПЛЕНК капот")
        by_name = await desk.search(tx, "петр")
        by_number = await desk.search(tx, "89001234567"[1:])

    assert list(by_words.values()) == ["…чёрную плёнку на капот, и сколько её нужно? Спасибо"]
    assert next(iter(by_name.values())).startswith("Пётр ")
    assert list(by_number.values()) == [""]
