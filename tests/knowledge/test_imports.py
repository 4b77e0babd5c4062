"""Whole files of knowledge."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from sqlalchemy import event

from vink_chat import knowledge
from vink_chat.events import KnowledgeChanged
from vink_chat.kit.db import Database, Transaction
from vink_chat.knowledge.errors import TooMuchAtOnce
from vink_chat.knowledge.model import Article


def _line(question: str, answer: str) -> str:
    turns = [
        {"role": "system", "text": "Ты консультант."},
        {"role": "user", "text": "Здравствуйте"},
        {"role": "assistant", "text": "Добрый день!"},
        {"role": "user", "text": question},
    ]
    return json.dumps({"request": turns, "response": answer}, ensure_ascii=False)


async def _import(shelf: Database, *lines: str) -> knowledge.ImportReport:
    return await knowledge.import_jsonl(shelf.transaction, "\n".join(lines))


async def test_the_last_words_of_the_visitor_are_the_question(shelf: Database):
    report = await _import(
        shelf, "\ufeff" + _line("Что такое самба?", "Ткань\u2028для печати. "), "", _line("Где вы?", "Тут")
    )

    assert (report.added, report.updated, report.bad_lines) == (2, 0, ())
    async with shelf.reading() as tx:
        kept = {article.question: article.answer for article in await knowledge.articles(tx)}
    assert kept == {"Что такое самба?": "Ткань\u2028для печати.", "Где вы?": "Тут"}


async def test_the_same_file_twice_makes_no_doubles(shelf: Database):
    file = [_line("Что такое самба?", "Ткань"), _line("что такое Самба", "Ткань"), _line("Где вы?", "Тут")]
    first = await _import(shelf, *file)

    second = await _import(shelf, *file)
    third = await _import(shelf, _line("Где вы?", "На складе"))

    assert (first.added, first.unchanged) == (2, 1)
    assert (second.added, second.updated, second.unchanged) == (0, 0, 3)
    assert (third.added, third.updated) == (0, 1)
    async with shelf.reading() as tx:
        assert [article.answer for article in await knowledge.articles(tx, "где")] == ["На складе"]


async def test_two_imports_at_once_make_no_doubles(shelf: Database):
    file = [_line(f"Вопрос номер {number}", "Ответ") for number in range(20)]

    await asyncio.gather(*(_import(shelf, *file) for _ in range(3)))

    async with shelf.reading() as tx:
        assert await knowledge.count(tx) == 20


async def test_an_import_reads_the_articles_its_lines_name_and_no_others(shelf: Database):
    await _import(shelf, *(_line(f"Вопрос номер {number}", "Ответ") for number in range(130)))
    read: list[str] = []

    def note(article: Article, _: object) -> None:
        read.append(article.question)

    event.listen(Article, "load", note)
    try:
        report = await _import(
            shelf, _line("вопрос НОМЕР 7", "Новый"), *(_line(f"Новый {at}", "О") for at in range(120))
        )
    finally:
        event.remove(Article, "load", note)

    assert (report.added, report.updated) == (120, 1)
    assert read == ["Вопрос номер 7"]


async def test_what_others_change_between_the_parts_of_an_import_makes_no_doubles(shelf: Database):
    file = [_line(f"Вопрос номер {number}", "Ответ") for number in range(150)]
    begun = 0

    @asynccontextmanager
    async def begin() -> AsyncIterator[Transaction]:
        nonlocal begun
        begun += 1
        if begun == 2:
            async with shelf.transaction() as tx:
                await knowledge.add(tx, question="Вопрос номер 140", answer="Другой")
        async with shelf.transaction() as tx:
            yield tx

    report = await knowledge.import_jsonl(begin, "\n".join(file))

    assert (report.added, report.updated) == (149, 1)
    async with shelf.reading() as tx:
        assert await knowledge.count(tx) == 150


async def test_others_write_while_a_long_file_is_taken_in(quick_shelf: Database):
    importing = asyncio.create_task(
        _import(quick_shelf, *(_line(f"Вопрос {number}", "Ответ") for number in range(250)))
    )
    seen: list[int] = []
    while not importing.done():
        async with quick_shelf.transaction() as tx:
            seen.append(await knowledge.count(tx))

    assert (await importing).added == 250
    assert {100, 200} <= set(seen)


async def test_bad_lines_are_named_and_good_ones_kept(quick_shelf: Database):
    report = await _import(
        quick_shelf,
        _line("Где вы?", "Тут"),
        "не json",
        "[1, 2]",
        '{"request": [{"role": "system", "text": "x"}], "response": "y"}',
        '{"request": [{"role": "user", "text": 5}], "response": "y"}',
        '{"request": [{"role": "user", "text": "Как?"}], "response": null}',
        _line("я" * 501, "Ответ"),
        _line("Как платить?", "Картой"),
    )

    assert report.added == 2
    assert [bad.number for bad in report.bad_lines] == [2, 3, 4, 5, 6, 7]
    assert [str(bad.refusal)[:9] for bad in report.bad_lines] == [
        "Строка не", "В строке ", "Нет вопро", "Нет вопро", "Нет ответ", "Слишком д",
    ]  # fmt: skip


async def test_an_export_is_an_import(quick_shelf: Database):
    await _import(quick_shelf, _line("Что такое самба?", 'Ткань\nи "ничего" больше'), _line("Где вы?", "Тут"))
    async with quick_shelf.transaction() as tx:
        exported = await knowledge.export_jsonl(tx, system="Ты консультант.")
        for article in await knowledge.articles(tx):
            await knowledge.remove(tx, article.id)

    report = await _import(quick_shelf, exported)

    assert report.added == 2
    assert json.loads(exported.splitlines()[0])["request"] == [
        {"role": "system", "text": "Ты консультант."},
        {"role": "user", "text": "Что такое самба?"},
    ]
    async with quick_shelf.reading() as tx:
        assert await knowledge.export_jsonl(tx, system="Ты консультант.") == exported


async def test_a_file_too_large_is_refused_whole(quick_shelf: Database):
    with pytest.raises(TooMuchAtOnce):
        await _import(quick_shelf, *["{}"] * 5_002)


async def test_the_demo_is_put_in_once(shelf: Database):
    heard: list[object] = []
    shelf.listener = heard.extend
    async with shelf.transaction() as tx:
        added = await knowledge.load_demo(tx)
    async with shelf.transaction() as tx:
        for article in await knowledge.articles(tx, size=200):
            await knowledge.remove(tx, article.id)
    heard.clear()

    async with shelf.transaction() as tx:
        again = await knowledge.load_demo(tx)

    assert added >= 40
    assert again == 0
    assert heard == []


async def test_the_demo_does_not_mix_with_the_owners_articles(quick_shelf: Database):
    async with quick_shelf.transaction() as tx:
        await knowledge.add(tx, question="Вопрос", answer="Ответ")

        assert await knowledge.load_demo(tx) == 0
        assert tx.events == [KnowledgeChanged()]


async def test_processes_that_start_together_put_the_demo_in_once(shelf: Database):
    async def load() -> int:
        async with shelf.transaction() as tx:
            return await knowledge.load_demo(tx)

    added = await asyncio.gather(load(), load(), load())

    async with shelf.reading() as tx:
        assert await knowledge.count(tx) == sum(added) == max(added)


async def test_an_export_loses_nothing(shelf: Database):
    async with shelf.transaction() as tx:
        article = await knowledge.add(
            tx,
            question="Где вы?",
            answer="Тут",
            aliases="Ваш адрес?\nКак доехать?",
            url="https://vink.ru/contacts",
            tags="адрес, офис",
        )
        await knowledge.switch(tx, article.id, enabled=False)
        await knowledge.add(tx, question="Как платить?", answer="Картой")
        exported = await knowledge.export_jsonl(tx)
        for one in await knowledge.articles(tx):
            await knowledge.remove(tx, one.id)

    report = await _import(shelf, exported)

    assert report.added == 2
    async with shelf.reading() as tx:
        kept = {one.question: one for one in await knowledge.articles(tx)}
        assert await knowledge.export_jsonl(tx) == exported
    where = kept["Где вы?"]
    assert (where.aliases, where.url, where.tags) == (
        "Ваш адрес?\nКак доехать?",
        "https://vink.ru/contacts",
        "адрес, офис",
    )
    # What was withdrawn is not put to work again.
    assert not where.enabled
    assert kept["Как платить?"].enabled
    assert (await _import(shelf, exported)).unchanged == 2


async def test_pairs_without_more_leave_the_rest_of_an_article_alone(quick_shelf: Database):
    async with quick_shelf.transaction() as tx:
        article = await knowledge.add(tx, question="Где вы?", answer="Тут", aliases="Ваш адрес?", tags="офис")
        await knowledge.switch(tx, article.id, enabled=False)

    assert (await _import(quick_shelf, _line("Где вы?", "Там"))).updated == 1

    async with quick_shelf.reading() as tx:
        now = await knowledge.article(tx, article.id)
    assert (now.answer, now.aliases, now.tags, now.enabled) == ("Там", "Ваш адрес?", "офис", False)


@pytest.mark.parametrize(
    "more", [5, [], {"aliases": "строка"}, {"aliases": [5]}, {"enabled": "yes"}, {"tags": None}, {"url": "ftp://x"}]
)
async def test_a_line_with_broken_fields_is_named(quick_shelf: Database, more: object):
    line = {"request": [{"role": "user", "text": "Где вы?"}], "response": "Тут", "article": more}

    report = await _import(quick_shelf, json.dumps(line))

    assert (report.added, [bad.number for bad in report.bad_lines]) == (0, [1])


async def test_an_import_is_undone(shelf: Database):
    await _import(shelf, _line("Где вы?", "Тут"), _line("Как платить?", "Картой"))
    second = [_line("Где вы?", "Там"), _line("Как платить?", "Наличными"), *(
        _line(f"Вопрос {number}", "Ответ") for number in range(230)
    )]  # fmt: skip
    report = await knowledge.import_jsonl(shelf.transaction, "\n".join(second), by="Ольга")
    assert (report.added, report.updated) == (230, 2)
    async with shelf.transaction() as tx:
        (edited,) = await knowledge.articles(tx, "платить")
        await knowledge.edit(tx, edited.id, answer="Картой и наличными")
        (removed,) = await knowledge.articles(tx, "Вопрос 229")
        await knowledge.remove(tx, removed.id)
        newest = (await knowledge.imports(tx))[0]
    assert (newest.by, newest.added, newest.updated, newest.undone) == ("Ольга", 230, 2, False)

    undone = await knowledge.undo_import(shelf.transaction, newest.id)

    # What somebody has changed since is theirs.
    assert (undone.removed, undone.restored, undone.kept) == (229, 1, 2)
    async with shelf.reading() as tx:
        answers = {one.question: one.answer for one in await knowledge.articles(tx)}
        assert [one.undone for one in await knowledge.imports(tx)] == [True, False]
    assert answers == {"Где вы?": "Тут", "Как платить?": "Картой и наличными"}
    again = await knowledge.undo_import(shelf.transaction, newest.id)
    assert (again.removed, again.restored, again.kept) == (0, 0, 0)


async def test_an_import_that_broke_off_can_be_undone(shelf: Database):
    begun = 0

    def begin():
        nonlocal begun
        begun += 1
        if begun > 1:
            raise ConnectionError
        return shelf.transaction()

    with pytest.raises(ConnectionError):
        await knowledge.import_jsonl(begin, "\n".join(_line(f"Вопрос {number}", "Ответ") for number in range(150)))

    async with shelf.reading() as tx:
        (broken,) = await knowledge.imports(tx)
    assert broken.added == 100
    assert (await knowledge.undo_import(shelf.transaction, broken.id)).removed == 100


async def test_the_last_ten_imports_can_be_undone(quick_shelf: Database):
    for number in range(12):
        await _import(quick_shelf, _line(f"Вопрос {number}", "Ответ"))
    await _import(quick_shelf, _line("Вопрос 11", "Ответ"))

    async with quick_shelf.reading() as tx:
        kept = await knowledge.imports(tx)

    # One that changed nothing is no import to undo.
    assert [one.added for one in kept] == [1] * 10
    with pytest.raises(knowledge.NoSuchImport):
        await knowledge.undo_import(quick_shelf.transaction, uuid4())
