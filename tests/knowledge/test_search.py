"""What the search finds, on SQLite and on PostgreSQL alike."""

import asyncio
import random
import time
from contextlib import suppress
from uuid import uuid4

import pytest

from vink_chat import knowledge
from vink_chat.kit.db import Database

_NASTY = [
    "", " \n\t ", "???", "…", "\x00", "сам\x00ба", "🎉🎉", "ткань самба 🎉", "AND OR NEAR \" * (", "\" OR 1=1 --",
    "q:самба* AND NEAR(ткань печать, 2)", "'; DROP TABLE article; --", "'самба':* & !", "\\'", "%_%", "самба" * 500,
    "я" * 200_000, "самба " * 40_000, "\ud83d", "ﷺ" * 400, "а-" * 300, "-", "--самба--", "`[];',./{}:\"<>?",
    "\u202e\u2028", "a" * 400, "shch" * 100, "е" * 32 + " " + "ы" * 33, "1 2 3 4 5", "SELECT * FROM article", "ё" * 40,
]  # fmt: skip


async def _fill(shelf: Database) -> None:
    pairs = [
        ("Что такое самба?", "Ткань самба — лёгкий полиэстер для печати и световых коробов.", "ткань для лайтбоксов"),
        ("Где применяется вспененный ПВХ?", "Из него делают вывески, таблички и стенды.", ""),
        ("Как вызвать инженера?", "Заполните заявку на сайте сервисного центра.", "сломался принтер\nнужен ремонт"),
        ("Предоставляется ли гарантия?", "Да, на все работы сервиса даётся гарантийный талон.", ""),
        ("Что такое ролл-ап?", "Мобильный стенд (roll-up) с выдвижным баннером.", ""),
    ]
    async with shelf.transaction() as tx:
        for question, answer, aliases in pairs:
            await knowledge.add(tx, question=question, answer=answer, aliases=aliases, url="https://www.vink.ru/")


async def _ask(shelf: Database, query: str, limit: int = 5) -> list[knowledge.Passage]:
    async with shelf.reading() as tx:
        return await knowledge.search(tx, query, limit)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("что за ткань самба", "Что такое самба?"),
        ("xnj nfrjt cfv,f", "Что такое самба?"),
        ("chto takoe samba", "Что такое самба?"),
        ("чтот акое смаба", "Что такое самба?"),
        ("ГАРАНТИЯ", "Предоставляется ли гарантия?"),
        ("garantiya est?", "Предоставляется ли гарантия?"),
        ("у меня сломался принтер", "Как вызвать инженера?"),
        ("roll up", "Что такое ролл-ап?"),
        ("кщдд гз", "Что такое ролл-ап?"),
        ("ролл апп стент", "Что такое ролл-ап?"),
        ("ghbvtytybt gd[", "Где применяется вспененный ПВХ?"),
        ("где применяют вспенный пвх", "Где применяется вспененный ПВХ?"),
    ],
)
async def test_the_right_article_comes_first(quick_shelf: Database, query: str, title: str):
    await _fill(quick_shelf)

    found = await _ask(quick_shelf, query)

    assert found[0].title == title


async def test_both_databases_give_whole_passages_in_order(shelf: Database):
    await _fill(shelf)

    found = await _ask(shelf, "самба — это ткань для печати? где она применяется?")

    assert found[0].title == "Что такое самба?"
    assert found[0].text.startswith("Ткань самба")
    assert found[0].url == "https://www.vink.ru/"
    assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)
    assert all(0.0 <= passage.score <= 1.0 for passage in found)
    assert len(await _ask(shelf, "самба пвх гарантия", limit=2)) == 2


async def test_a_plain_question_is_answered_surely_and_a_strange_one_is_not(shelf: Database):
    await _fill(shelf)

    assert (await _ask(shelf, "что такое самба"))[0].score >= 0.7
    for query in ("сколько стоит самба", "какая ширина у ткани самба", "рецепт борща", "миссия на марс"):
        assert all(passage.score < 0.7 for passage in await _ask(shelf, query)), query


@pytest.mark.parametrize("where", ["first", "last", "middle"])
async def test_a_question_is_found_anywhere_in_a_long_letter(demo: Database, where: str):
    letter = [
        f"Мы печатаем вывески уже {number} лет и работаем со многими заказчиками в области." for number in range(9)
    ]
    letter.insert({"first": 0, "middle": 5, "last": 9}[where], "Можно оплатить заказ картой?")
    assert len(" ".join(letter)) > 700

    found = await _ask(demo, " ".join(letter))

    [alone, *_] = await _ask(demo, "Можно оплатить заказ картой?")
    assert (found[0].title, found[0].score) == (alone.title, alone.score)


async def test_nothing_a_visitor_types_breaks_the_search(shelf: Database):
    await _fill(shelf)

    for query in _NASTY:
        began = time.perf_counter()
        await _ask(shelf, query)
        assert time.perf_counter() - began < 1, query[:40]

    assert (await _ask(shelf, "ткань самба 🎉"))[0].title == "Что такое самба?"


async def test_random_letters_do_not_break_the_search(quick_shelf: Database):
    await _fill(quick_shelf)
    signs = "абвгдеёыьъяabcxyz0189-'\"*()[]{};:,.<>`~#$%&|\\/!? \n\x00🎉"

    for _ in range(200):
        await _ask(quick_shelf, "".join(random.choices(signs, k=random.randrange(60))))


async def test_a_change_is_found_at_once_and_a_removed_article_never(shelf: Database):
    await _fill(shelf)
    before = (await _ask(shelf, "что такое самба"))[0]

    async with shelf.transaction() as tx:
        await knowledge.edit(tx, before.id, answer="Совсем другой ответ.")
    assert (await _ask(shelf, "что такое самба"))[0].text == "Совсем другой ответ."

    async with shelf.transaction() as tx:
        await knowledge.edit(tx, before.id, aliases="дышащий текстиль\nмембрана")
    assert (await _ask(shelf, "мембрана"))[0].id == before.id

    async with shelf.transaction() as tx:
        await knowledge.switch(tx, before.id, False)
    assert before.id not in {passage.id for passage in await _ask(shelf, "что такое самба")}

    async with shelf.transaction() as tx:
        await knowledge.switch(tx, before.id, True)
    assert (await _ask(shelf, "что такое самба"))[0].id == before.id

    async with shelf.transaction() as tx:
        await knowledge.remove(tx, before.id)
    assert before.id not in {passage.id for passage in await _ask(shelf, "мембрана самба")}


async def test_a_change_that_was_rolled_back_leaves_no_trace(shelf: Database):
    await _fill(shelf)
    with suppress(knowledge.NoSuchArticle):
        async with shelf.transaction() as tx:
            await knowledge.add(tx, question="Что такое латекс?", answer="Водные чернила.")
            assert (await knowledge.search(tx, "латекс"))[0].title == "Что такое латекс?"
            await knowledge.remove(tx, uuid4())

    assert await _ask(shelf, "латекс") == []

    async with shelf.transaction() as tx:
        await knowledge.add(tx, question="Что такое каландр?", answer="Валы для плёнки.")
    assert await _ask(shelf, "латекс") == []
    assert (await _ask(shelf, "каландр"))[0].title == "Что такое каландр?"


async def test_many_ask_while_one_writes(shelf: Database):
    await _fill(shelf)

    async def write() -> None:
        for number in range(10):
            async with shelf.transaction() as tx:
                await knowledge.add(tx, question=f"Что такое материал-{number}?", answer="Образец.")

    async def ask() -> None:
        for _ in range(10):
            assert (await _ask(shelf, "что такое самба"))[0].title == "Что такое самба?"

    await asyncio.gather(write(), *(ask() for _ in range(4)))

    assert (await _ask(shelf, "материал-9"))[0].title == "Что такое материал-9?"


async def test_an_empty_knowledge_says_nothing(shelf: Database):
    assert await _ask(shelf, "что такое самба") == []
