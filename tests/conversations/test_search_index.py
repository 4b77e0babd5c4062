"""The index follows messages that are written, corrected and erased, and takes in those older than itself."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import text

from tests import schema
from tests.conversations.searching import find, names, speaks, texts
from tests.makers import Visitor, hire
from tests.servers import PostgresServer
from vink_chat import conversations, knowledge
from vink_chat.conversations import search, visitors
from vink_chat.kit import db
from vink_chat.kit.db import Database


async def test_a_corrected_reply_is_found_by_its_new_words_alone(any_database: Database):
    visitor = Visitor()
    await visitor.writes("Вопрос")
    anna = await hire()
    conversation_id = (await visitor.conversation()).id
    await anna.claims(conversation_id)
    reply = await anna.replies(conversation_id, "Привезём во вторник")

    async with db.transaction() as tx:
        await conversations.edit(tx, reply.id, anna.id, "Привезём в пятницу")

    assert await texts("вторник") == []
    assert await texts("пятница") == ["Привезём в пятницу"]


async def test_a_visitor_is_found_by_the_new_name_alone(any_database: Database):
    visitor = await speaks("Иванова", "Вопрос", phone="+7 900 111-22-33")
    async with db.transaction() as tx:
        await visitors.describe(tx, (await visitor.conversation()).id, name="Сидорова", email="", phone="")

    assert await names("иванова") == []
    assert await names("9001112233") == []
    assert await names("сидорова") == ["Сидорова"]

    async with db.transaction() as tx:
        await visitors.describe(tx, (await visitor.conversation()).id, name="", email="", phone="")

    assert await names("сидорова") == []


async def test_whom_their_site_introduced_is_found_from_the_first_word_on(any_database: Database):
    visitor = Visitor()
    async with db.transaction() as tx:
        await conversations.introduce(tx, visitor.secret, conversations.VisitorCard.of("Аглая", "a@b.ru", ""))

    assert await names("аглая") == []

    await visitor.writes("Вопрос")

    assert await names("аглая") == ["Аглая"]

    async with db.transaction() as tx:
        await conversations.introduce(tx, visitor.secret, conversations.VisitorCard.of("Фёкла", "", ""), signed=True)

    assert await names("аглая") == []
    assert await names("фекла a@b.ru") == ["Фёкла"]


async def test_what_was_erased_is_not_found(any_database: Database):
    gone, stays = await speaks("Стёртый", "Тайна раз", "Тайна два"), await speaks("Живой", "Тайна три")
    async with db.transaction() as tx:
        await tx.rows(text("DELETE FROM visitor WHERE name = 'Стёртый'"))

    assert await texts("тайна") == ["Тайна три"]
    assert await names("стертый") == []
    assert (await find("тайна")).total == 1
    assert gone.id != stays.id


async def test_what_was_rolled_back_is_not_found(any_database: Database):
    visitor = Visitor()
    with suppress(ZeroDivisionError):
        async with db.transaction() as tx:
            await conversations.receive(tx, visitor.secret, "Призрак")
            raise ZeroDivisionError

    assert await texts("призрак") == []


async def _forget_the_index() -> None:
    """Make the database look as after a migration from an older version: messages, but no index."""
    async with db.transaction() as tx:
        await tx.rows(text("DELETE FROM search_entry"))
        await tx.rows(
            text(
                "UPDATE search_progress SET total = (SELECT COUNT(*) FROM message), done = 0, lowest = 0, "
                "conversation_begun = NULL, conversation_id = NULL, position = 0, finished = :no"
            ),
            no=False,
        )


async def test_old_conversations_are_indexed_in_portions_that_survive_a_kill(any_database: Database):
    talker = await speaks("Давний", *(f"Старое слово {number}" for number in range(130)))
    for number in range(30):
        await speaks(f"Посетитель {number}", "Старое слово")
    await _forget_the_index()
    await talker.writes("Новое слово")

    assert (await find("слово")).total == 1
    assert (await find("слово")).indexed == 0

    assert await search.index_portion(db.reading, db.transaction)
    half = await find("слово")
    # Killed within a portion: what it wrote is rolled back with its progress.
    task = asyncio.create_task(search.index_portion(db.reading, db.transaction))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.gather(*(search.index_old(db.reading, db.transaction) for _ in range(2)))
    whole = await find("слово", limit=200)

    assert 1 < half.total < 161
    assert 0 < half.indexed < 100
    assert (whole.total, whole.indexed, len(whole.hits)) == (161, 100, 161)
    assert "".join(piece.text for piece in whole.hits[0].pieces) == "Новое слово"
    assert whole.hits[-1].visitor_name == "Давний"
    assert len((await find("посетитель")).hits) == 30
    assert await names("давний") == ["Давний"]


async def test_a_reply_corrected_before_its_turn_is_indexed_once_and_as_it_is_now(any_database: Database):
    visitor = Visitor()
    await visitor.writes("Вопрос")
    anna = await hire()
    conversation_id = (await visitor.conversation()).id
    await anna.claims(conversation_id)
    reply = await anna.replies(conversation_id, "Привезём во вторник")
    await _forget_the_index()

    async with db.transaction() as tx:
        await conversations.edit(tx, reply.id, anna.id, "Привезём в пятницу")
    await search.index_old(db.reading, db.transaction)

    assert await texts("вторник") == []
    assert await texts("привезти") == ["Привезём в пятницу"]
    assert (await find("вопрос")).indexed == 100


@pytest.mark.servers
async def test_cyrillic_is_found_in_a_cluster_whose_locale_knows_no_letters():
    with PostgresServer(locale="C") as server:
        url = server.new_database()
        await asyncio.to_thread(schema.upgrade, url)
        database = db.Database(url)
        db.use(database)

        await speaks("Пётр Ёлкин", "Где ответ на мою ПРЕТЕНЗИЮ?", phone="+7 900 111-22-33")
        async with db.transaction() as tx:
            article = await knowledge.add(tx, question="Где ваш СКЛАД?", answer="В Химках.")

        assert await texts("претензии") == ["Где ответ на мою ПРЕТЕНЗИЮ?"]
        assert await names("ёлкин") == await names("9001112233") == ["Пётр Ёлкин"]
        async with db.reading() as tx:
            assert [one.id for one in await knowledge.search(tx, "где находится склад")] == [article.id]
        db.use(None)
        await database.close()
