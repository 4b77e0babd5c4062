"""The index in memory follows every change, without being made anew."""

import asyncio
import random
import shutil
import time
from pathlib import Path
from uuid import UUID

import alembic.command
import pytest
from sqlalchemy import text as sql

from tests import schema
from vink_chat import knowledge
from vink_chat.bootstrap import Runtime
from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.kit.event_loop import yield_to_ready_tasks
from vink_chat.knowledge import entries, ranking, spelling, store, upkeep
from vink_chat.knowledge.index import Index, build
from vink_chat.knowledge.question import understand

_THINGS = "баннер акрил плёнка роллап картон холст визитка наклейка стенд табличка ламинация ткань город Москва".split()  # noqa: SIM905
_ASKED = "цена размер срок доставка гарантия печать оплата сколько стоит 641 oracal".split()  # noqa: SIM905


def _said(dice: random.Random, words: int) -> str:
    return " ".join(dice.choice(_THINGS + _ASKED) for _ in range(words)).capitalize()


def _ranked(index: Index, question: str) -> list[ranking.Fit]:
    understood = understand(question, index, spelling.Effort())
    return ranking.rank(understood, map(index.candidate, index.entries), index, 10)


async def _everything() -> list[entries.Source]:
    async with db.reading() as tx:
        return await store.sources(tx, limit=10_000)


async def _current() -> Index:
    async with db.reading() as tx:
        return await upkeep.current(tx)


async def _edit(dice: random.Random, ids: list[UUID]) -> None:
    act = dice.choice(["add", "add", "edit", "remove", "switch", "roll back"])
    async with db.transaction() as tx:
        if act == "add" or not ids:
            aliases = "\n".join(_said(dice, 3) for _ in range(dice.randrange(3)))
            article = await knowledge.add(
                tx, question=_said(dice, 3), answer=_said(dice, 12), aliases=aliases, enabled=dice.random() < 0.8
            )
            ids.append(article.id)
        elif act == "edit":
            await knowledge.edit(tx, dice.choice(ids), question=_said(dice, 3), answer=_said(dice, 9))
        elif act == "remove":
            await knowledge.remove(tx, ids.pop(dice.randrange(len(ids))))
        elif act == "switch":
            await knowledge.switch(tx, dice.choice(ids), enabled=dice.random() < 0.5)
    if act == "roll back":
        with pytest.raises(ValueError, match="rolled back"):
            await _edit_in_vain(dice)


async def _edit_in_vain(dice: random.Random) -> None:
    async with db.transaction() as tx:
        added = await knowledge.add(tx, question=f"Призрак {_said(dice, 2)}", answer="Нет")
        found = await knowledge.search(tx, added.question)
        assert added.id in {passage.id for passage in found}
        raise ValueError("rolled back")


@pytest.mark.parametrize("seed", range(3))
async def test_after_any_edits_it_ranks_as_one_made_anew(shelf: Database, seed: int):
    dice = random.Random(seed)
    ids: list[UUID] = []
    await _edit(dice, ids)
    made = await _current()
    for _ in range(25):
        for _ in range(dice.randrange(1, 4)):
            await _edit(dice, ids)
        followed, fresh = await _current(), build(await _everything())

        assert followed is made
        assert followed.entries == fresh.entries
        for question in (
            _said(dice, 4),
            _said(dice, 2)[:-1],
            "призрак балнер",
            "сколько стоит роллап в самаре",
            "fkrhbk",
        ):
            assert _ranked(followed, question) == _ranked(fresh, question)
        for length in range(3, 14):
            assert followed.vocabulary.of_length(length) == fresh.vocabulary.of_length(length)


async def test_an_edit_costs_the_same_however_many_articles_there_are(quick_shelf: Database):
    async def cost() -> float:
        least = 9.0
        for number in range(5):
            async with db.transaction() as tx:
                begun = time.thread_time()
                await knowledge.edit(tx, article.id, answer=f"Ответ {number}")
                least = min(least, time.thread_time() - begun)
        return least

    async with db.transaction() as tx:
        article = await knowledge.add(tx, question="Где склад?", answer="В Химках.")
    alone = await cost()
    async with db.transaction() as tx:
        await tx.rows(
            sql(
                "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 60000) "
                "INSERT INTO article_terms (rowid, article_id, q, a) "
                "SELECT n + 1000, printf('%032x', n), 'где', 'там' FROM number"
            )
        )

    assert await cost() < alone + 0.01


async def test_terms_that_were_written_before_rows_had_their_articles_number_are_kept(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'old.db'}"
    config = schema.alembic_config(url)
    await asyncio.to_thread(alembic.command.upgrade, config, "20261128_search_cards")
    old = Database(url)
    article_id = UUID(int=7 << 100)
    async with old.transaction() as tx:
        await tx.rows(
            sql("INSERT INTO article_terms (article_id, q, a) VALUES (:id, 'где склад', 'химки')"), id=article_id.hex
        )
    await asyncio.to_thread(schema.upgrade, url)

    async with old.transaction() as tx:
        assert await store.candidates(tx, ["склад"], [], 5) == [article_id]
        await store.remove(tx, article_id)
        assert await store.candidates(tx, ["склад"], [], 5) == []
    await old.close()


async def test_questions_right_after_an_edit_find_it_and_read_that_article_alone(shelf: Database):
    dice = random.Random(1)
    ids: list[UUID] = []
    async with db.transaction() as tx:
        for number in range(40):
            article = await knowledge.add(tx, question=f"{_said(dice, 3)} {number}", answer=_said(dice, 9))
            ids.append(article.id)
    index = await _current()
    kept = {article_id: entry for article_id, entry in index.entries.items() if article_id != ids[7]}
    async with db.transaction() as tx:
        await knowledge.edit(tx, ids[7], question="Есть ли парковка у склада?")

    async def ask() -> UUID:
        async with db.reading() as tx:
            return (await knowledge.search(tx, "парковка у склада"))[0].id

    assert set(await asyncio.gather(*(ask() for _ in range(8)))) == {ids[7]}
    assert await _current() is index
    assert all(index.entries[article_id] is entry for article_id, entry in kept.items())


async def test_a_large_import_is_followed_beside_the_questions(shelf: Database):
    async with db.transaction() as tx:
        old = await knowledge.add(tx, question="Где склад?", answer="В Химках.")
    index = await _current()
    lines = "\n".join(f'{{"question": "Вопрос {number} о стендах", "answer": "Ответ"}}' for number in range(150))
    await knowledge.import_jsonl(db.transaction, lines)

    async with db.reading() as tx:
        assert (await knowledge.search(tx, "где склад"))[0].id == old.id
    while len((await _current()).entries) < len(await _everything()):
        await yield_to_ready_tasks()

    assert await _current() is index
    assert index.entries == build(await _everything()).entries


async def test_many_who_ask_first_wait_for_one_index(shelf: Database):
    async with db.transaction() as tx:
        await knowledge.add(tx, question="Где склад?", answer="В Химках.")

    found = await asyncio.gather(*(_current() for _ in range(8)))

    assert len({id(index) for index in found}) == 1


async def test_the_index_is_made_at_the_start_and_not_by_the_first_question(house: Runtime):
    await house.settle()

    # Had nobody read the articles yet, none would be found any more.
    async with db.transaction() as tx:
        await tx.rows(sql("DELETE FROM article"))
    async with db.reading() as tx:
        assert await knowledge.search(tx, "Сколько стоит доставка?")


async def test_no_article_holds_the_loop(quick_shelf: Database):
    dice = random.Random(3)
    words = ["".join(dice.choice("абвгдежзиклмнопрст") for _ in range(8)) for _ in range(3600)]
    worst = {
        "answer": " ".join(words[:880]),
        "aliases": "\n".join(" ".join(words[at : at + 54]) for at in range(900, 3600, 54)),
    }
    async with db.transaction() as tx:
        article = await knowledge.add(tx, question="Где склад?", **worst)
    await _current()
    held = [0.0]

    async def watch() -> None:
        while True:
            begun = time.thread_time()
            await asyncio.sleep(0)
            held.append(time.thread_time() - begun)

    watching = asyncio.create_task(watch())
    async with db.transaction() as tx:
        await knowledge.edit(tx, article.id, question="Как проехать?", answer=" ".join(words[::-4][:880]))
    async with db.reading() as tx:
        found = await knowledge.search(tx, "как проехать")
    watching.cancel()

    assert [passage.id for passage in found] == [article.id]
    assert max(held) < 0.05


async def test_another_database_has_an_index_of_its_own(shelf: Database, tmp_path: Path):
    await _current()
    other = Database(f"sqlite:///{shutil.copy(schema.sqlite_file(furnished=True), tmp_path / 'other.db')}")
    db.use(other)

    assert len((await _current()).entries) == len(await _everything()) > 10

    await other.close()
    db.use(shelf)
    assert not (await _current()).entries
