"""What administrators do with articles."""

import asyncio
import re
from uuid import uuid4

import pytest

from vink_chat import knowledge
from vink_chat.events import KnowledgeChanged
from vink_chat.kit.db import Database
from vink_chat.kit.errors import VinkError
from vink_chat.knowledge import store
from vink_chat.knowledge.model import Article


async def test_an_article_is_added_edited_and_removed(shelf: Database):
    async with shelf.transaction() as tx:
        added = await knowledge.add(
            tx,
            question=" Где  склад? ",
            answer="На улице Мира.\n",
            aliases="адрес склада\n\nадрес склада\n куда ехать ",
        )
    async with shelf.transaction() as tx:
        await knowledge.edit(tx, added.id, answer="На улице **Весенней**.", url="https://www.vink.ru/contacts/")

    async with shelf.reading() as tx:
        kept = await knowledge.article(tx, added.id)
    assert kept.questions == ("Где склад?", "адрес склада", "куда ехать")
    assert (kept.answer, kept.url) == ("На улице **Весенней**.", "https://www.vink.ru/contacts/")
    assert kept.updated_at > kept.created_at

    async with shelf.transaction() as tx:
        await knowledge.remove(tx, added.id)
    async with shelf.reading() as tx:
        assert await knowledge.count(tx) == 0
        with pytest.raises(knowledge.NoSuchArticle):
            await knowledge.article(tx, added.id)


async def test_the_list_is_looked_through_by_words_and_pages(shelf: Database):
    async with shelf.transaction() as tx:
        for number in range(5):
            await knowledge.add(tx, question=f"Вопрос {number} о доставке", answer="Ответ", tags="Склад, 100%")
        await knowledge.add(tx, question="Как платить?", answer="Картой")

    async with shelf.reading() as tx:
        first = await knowledge.articles(tx, size=4)
        second = await knowledge.articles(tx, page=2, size=4)
        assert len({article.id for article in first + second}) == 6
        assert await knowledge.count(tx, "склад вопрос") == 5
        assert await knowledge.count(tx, "100%") == 5
        assert await knowledge.count(tx, "%") == 5
        assert [article.question for article in await knowledge.articles(tx, "картой")] == ["Как платить?"]
        assert await knowledge.articles(tx, "нет\x00такого '; DROP") == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"question": "  "}, "Напишите вопрос"),
        ({"question": "\x00\x07"}, "Напишите вопрос"),
        ({"answer": "\n"}, "Напишите ответ"),
        ({"question": "я" * 501}, "не больше 500"),
        ({"answer": "я" * 8_001}, "не больше 8000"),
        ({"aliases": "\n".join(f"так {number}" for number in range(51))}, "не больше 50"),
        ({"tags": "я" * 201}, "не больше 200"),
        ({"url": "javascript:alert(1)"}, "адресом страницы"),
        ({"url": "https://[oops"}, "адресом страницы"),
        ({"url": "https://evil.example\\@shop.test"}, "адресом страницы"),
        ({"url": "https://shop\n.test"}, "адресом страницы"),
        ({"url": "https://shop.test/a\u00a0b"}, "адресом страницы"),
    ],
)
async def test_a_field_that_does_not_fit_is_refused_in_words(quick_shelf: Database, fields: dict, sentence: str):
    async with quick_shelf.transaction() as tx:
        with pytest.raises(VinkError, match=sentence):
            await knowledge.add(tx, **{"question": "Вопрос", "answer": "Ответ", **fields})

        assert await knowledge.count(tx) == 0
        assert tx.events == []


async def test_control_characters_and_torn_surrogates_are_left_out(shelf: Database):
    async with shelf.transaction() as tx:
        added = await knowledge.add(tx, question="Где\x00 склад\ud83d?", answer="Там\r\nи здесь\x00")

    assert (added.question, added.answer) == ("Где склад?", "Там\nи здесь")


async def test_every_change_is_announced(quick_shelf: Database):
    heard: list[object] = []
    quick_shelf.listener = heard.extend

    async with quick_shelf.transaction() as tx:
        added = await knowledge.add(tx, question="Вопрос", answer="Ответ")
    for change in (
        lambda tx: knowledge.edit(tx, added.id, answer="Иначе"),
        lambda tx: knowledge.switch(tx, added.id, False),
        lambda tx: knowledge.remove(tx, added.id),
    ):
        async with quick_shelf.transaction() as tx:
            await change(tx)

    assert heard == [KnowledgeChanged()] * 4


async def test_what_is_not_there_cannot_be_changed(quick_shelf: Database):
    async with quick_shelf.transaction() as tx:
        for change in (knowledge.edit(tx, uuid4()), knowledge.switch(tx, uuid4(), True), knowledge.remove(tx, uuid4())):
            with pytest.raises(knowledge.NoSuchArticle):
                await change

        assert tx.events == []


async def test_a_question_is_answered_by_one_article(shelf: Database):
    async with shelf.transaction() as tx:
        await knowledge.add(tx, question="Где ваш Склад?", answer="В Химках.")
        other = await knowledge.add(tx, question="Как платить?", answer="Картой.")
    named = re.escape("На этот вопрос уже отвечает статья «Где ваш Склад?». Измените её.")
    for change in (
        lambda tx: knowledge.add(tx, question=" где  ваш склад?", answer="В Туле."),
        lambda tx: knowledge.edit(tx, other.id, question="ГДЕ ваш склад?"),
    ):
        with pytest.raises(VinkError, match=named) as refused:
            async with shelf.transaction() as tx:
                await change(tx)
        assert refused.value.field == "question"

    async with shelf.transaction() as tx:
        await knowledge.edit(tx, other.id, question="как платить?", answer="Картой и наличными.")
        assert await knowledge.count(tx) == 2


async def test_of_two_articles_written_at_once_on_one_question_one_is_kept(shelf: Database):
    async def write(answer: str) -> None:
        async with shelf.transaction() as tx:
            await knowledge.add(tx, question="Где склад?", answer=answer)

    outcomes = await asyncio.gather(*(write(f"Там {number}") for number in range(4)), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType"] + ["QuestionTaken"] * 3


async def test_an_article_that_an_old_one_repeats_can_still_be_edited(quick_shelf: Database):
    async with quick_shelf.transaction() as tx:
        first = await knowledge.add(tx, question="Где склад?", answer="В Химках.")
        await store.add(tx, Article(question="Где склад?", answer="В Туле."))

        edited = await knowledge.edit(tx, first.id, question="Где склад?", answer="В Клину.")

    assert edited.answer == "В Клину."
