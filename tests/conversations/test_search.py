"""Operators find what was said by whatever they remember of it."""

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import text

from tests import schema
from tests.makers import Visitor, hire
from tests.servers import PostgresServer
from vink_chat import conversations, handover, knowledge
from vink_chat.conversations import search, visitors
from vink_chat.conversations.search.excerpt import excerpt
from vink_chat.conversations.search.query import parse
from vink_chat.kit import db, lemmas
from vink_chat.kit.db import Database


async def _find(words: str, **more: int) -> search.Found:
    async with db.reading() as tx:
        return await search.find(tx, words, **more)


async def _names(words: str) -> list[str]:
    return list(dict.fromkeys(hit.visitor_name for hit in (await _find(words)).hits))


async def _texts(words: str) -> list[str]:
    return ["".join(piece.text for piece in hit.pieces) for hit in (await _find(words)).hits]


async def _marked(words: str) -> list[list[str]]:
    return [[piece.text for piece in hit.pieces if piece.marked] for hit in (await _find(words)).hits]


async def _speaks(name: str, *texts: str, phone: str = "") -> Visitor:
    visitor = Visitor()
    for said in texts:
        await visitor.writes(said)
    conversation = await visitor.conversation()
    async with db.transaction() as tx:
        await visitors.describe(
            tx, conversation.id, name=name, email=f"{conversation.id.hex[:8]}@example.com", phone=phone
        )
    return visitor


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("ПЕТР", ["Пётр Ёлкин"]),
        ("ёлкин", ["Пётр Ёлкин"]),
        ("пленка ЛИТАЯ", ["Пётр Ёлкин"]),
        ("плёнк", ["Мария", "Пётр Ёлкин"]),
        ("9001234567", ["Мария"]),
        ("89001234567", ["Мария"]),
        ("8 (900) 123", ["Мария"]),
        ("123-45-67", ["Мария"]),
        ("4567", ["Мария"]),
        ("+7 900", ["Мария"]),
        ("счёт мария", ["Мария"]),
        ("мария счет капот", []),
        ("100%", []),
        ("такого никто не писал", []),
        (" ", []),
        ("« — »", []),
    ],
)
async def test_it_is_found_by_any_words_of_the_message_and_by_the_visitor(
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

    assert await _names(words) == names


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("претензии", "Где ответ на мою претензию?"),
        ("накладной", "Накладная потерялась"),
        ("отправленный", "Когда отправили?"),
        ("ламинации", "Нужна ламинация."),
        ("роллапы", "Сколько стоит роллап"),
        ("48213", "Мой заказ №48213"),
        ("№48213", "Мой заказ №48213"),
        ("№ 48213", "Мой заказ 48213"),
        ("заказ №48213", "Заказ № 48213 не пришёл"),
        ("48213", "Заказ А48213 от вчера"),
        ("48 213", "заказ 48213"),
        ("48213", "заказ 48-213"),
        ("2025 48213", "за 2025 заказ 48213"),
        ("заказ 48", "заказ 48213 и 48"),
        ("роллап", "ролл-ап стенд"),
        ("oracal 641", "ORACAL-641 белая"),
        ("anna.petrova@mail.ru", "пишите на Anna.Petrova@mail.ru"),
        ("İstanbul", "istanbul"),
        ("ё", "буква Е"),
        ("замок", "За́мок или замо́к"),
    ],
)
async def test_a_word_is_found_in_other_forms_and_a_number_by_its_digits(any_database: Database, words: str, said: str):
    await Visitor().writes("Совсем другое")
    await Visitor().writes(said)

    assert await _texts(words) == [said]
    assert (await _marked(words))[0]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("заказ", 2),
        ("белый заказ", 2),
        ("заказ белый", 1),
        ("заказчик белый", 1),
        ("заказ 48213", 1),
        ("каландриров белый", 1),
    ],
)
async def test_the_last_word_may_be_unfinished_and_those_before_it_are_not(
    any_database: Database, words: str, found: int
):
    await Visitor().writes("Белый заказ 48213, каландрированная")
    await Visitor().writes("Белый заказчик 48213")

    assert len(await _texts(words)) == found


async def test_a_visitor_and_their_message_are_found_by_words_of_both(any_database: Database):
    await _speaks("Мария Иванова", "Где заказ?", "Это плёнка")
    await _speaks("Мария Петрова", "Где плёнка?")

    assert await _texts("мария заказ") == ["Где заказ?"]
    assert await _texts("мария иванова плёнка") == ["Это плёнка"]
    assert await _texts("плёнка мария иванова") == ["Это плёнка"]


async def test_each_hit_is_one_message_with_the_words_marked(any_database: Database):
    visitor = Visitor()
    await visitor.writes("Где мой заказ 48213?")
    await visitor.writes("Позовите оператора")
    middle = "Повторю: заказа №48-213 всё ещё нет, и этот заказ мне нужен. "
    long = await visitor.writes("Добрый день! " * 20 + middle + "Жду. " * 60)

    found = await _find("заказ 48213")

    assert found.hits[0].message_id == long.id
    assert found.total == 2
    assert (await _marked("заказ 48213")) == [["заказа", "48-213", "заказ"], ["заказ", "48213"]]
    excerpt = (await _texts("заказ 48213"))[0]
    assert excerpt.startswith("…")
    assert excerpt.endswith("…")
    assert len(excerpt) < 200
    assert (await _marked("+7 900 1234567")) == []


async def test_the_newest_hits_come_first_and_all_are_counted(any_database: Database):
    visitor = Visitor()
    for number in range(7):
        await visitor.writes(f"Вопрос {number}")

    first = await _find("вопросы", limit=3)
    second = await _find("вопросы", limit=3, before=first.hits[-1].number)
    last = await _find("вопросы", limit=3, before=second.hits[-1].number)

    told = [["".join(piece.text for piece in hit.pieces)[-1] for hit in page.hits] for page in (first, second, last)]
    assert told == [["6", "5", "4"], ["3", "2", "1"], ["0"]]
    assert [(page.total, page.exact, page.more) for page in (first, last)] == [(7, True, True), (7, True, False)]


async def test_a_text_is_marked_without_looking_its_words_up_in_the_dictionary():
    query = parse("заказ плёнка доставку")
    said = "Рассыпчатый творожник подгорел. Заказами, заказчик и заказ; плёнок, ПЛЁНКУ, плен; доставок, доставь"
    excerpt(said, query)
    lemmas.normal_forms.cache_clear()

    pieces = excerpt(said, query)

    assert [piece.text for piece in pieces if piece.marked] == ["Заказами", "заказ", "плёнок", "ПЛЁНКУ", "доставок"]
    assert lemmas.normal_forms.cache_info().misses == 0


async def test_a_beginning_finds_all_its_words_whether_they_are_few_or_many(any_database: Database):
    visitor = Visitor()
    async with db.transaction() as tx:
        for letter in "абвгдежзиклмнопрстуфхцчшэюя":
            await conversations.receive(tx, visitor.secret, f"плимкат{letter} дымка")
            await conversations.receive(tx, visitor.secret, f"плимкатроз{letter} дымка")
        await conversations.receive(tx, visitor.secret, "Плимкат и дымка")

    assert [(await _find(words)).total for words in ("плимк", "плимкат", "плимкатр", "плимкатрозю")] == [55, 55, 28, 27]
    assert [(await _find(words)).total for words in ("дымка плимкатр", "плимк дымк", "плимкатрозщ")] == [28, 55, 0]


async def _put_aside(count: int, terms: str = "filler") -> None:
    """Write entries that nothing finds, of messages that are nobody's: what lies between, or after."""
    if not count:
        return
    value = {"sqlite": ":terms", "postgresql": "CAST(CAST(:terms AS text) AS tsvector)"}
    async with db.transaction() as tx:
        statement = text(f"INSERT INTO search_entry (terms) VALUES ({value[tx.dialect]})")  # noqa: S608  ours
        await (await tx.session.connection()).execute(statement, [{"terms": terms}] * count)


async def _says_often(count: int) -> None:
    visitor = Visitor()
    async with db.transaction() as tx:
        for number in range(count):
            await conversations.receive(tx, visitor.secret, f"Баннер {number}")


@pytest.mark.parametrize("aside", [0, 20_000], ids=["lately", "long ago"])
async def test_more_than_a_thousand_hits_are_not_counted_and_come_newest_first(any_database: Database, aside: int):
    await _says_often(1_002)
    await _put_aside(aside)

    first = await _find("баннер")
    second = await _find("баннер", before=first.hits[-1].number)

    assert (first.total, first.exact, first.more) == (1_000, False, True)
    assert (second.total, second.exact, second.more) == (1_000, False, True)
    told = [piece.text.strip() for hit in (*first.hits, *second.hits) for piece in hit.pieces if not piece.marked]
    assert told == [str(number) for number in range(1_001, 801, -1)]


async def test_a_thousand_hits_are_counted_whether_they_are_new_or_old(any_database: Database):
    await _says_often(700)
    await _put_aside(20_000)
    await _says_often(300)

    found = await _find("баннер")

    assert (found.total, found.exact, len(found.hits)) == (1_000, True, 100)
    assert "".join(piece.text for piece in found.hits[0].pieces) == "Баннер 299"

    await _says_often(1)

    found = await _find("баннер")

    assert (found.total, found.exact, len(found.hits)) == (1_000, False, 100)
    assert "".join(piece.text for piece in found.hits[1].pieces) == "Баннер 299"


async def test_a_visitor_is_found_once_however_much_they_wrote(any_database: Database):
    visitor = await _speaks("Зинаида", "Один", "Два", "Три")

    found = await _find("зинаида")

    assert [(hit.message_id, hit.conversation_id) for hit in found.hits] == [(None, (await visitor.conversation()).id)]
    assert await _texts("зинаида") == [f"Зинаида · {(await visitor.conversation()).id.hex[:8]}@example.com"]


async def test_a_corrected_reply_is_found_by_its_new_words_alone(any_database: Database):
    visitor = Visitor()
    await visitor.writes("Вопрос")
    anna = await hire()
    conversation_id = (await visitor.conversation()).id
    await anna.claims(conversation_id)
    reply = await anna.replies(conversation_id, "Привезём во вторник")

    async with db.transaction() as tx:
        await conversations.edit(tx, reply.id, anna.id, "Привезём в пятницу")

    assert await _texts("вторник") == []
    assert await _texts("пятница") == ["Привезём в пятницу"]


async def test_a_visitor_is_found_by_the_new_name_alone(any_database: Database):
    visitor = await _speaks("Иванова", "Вопрос", phone="+7 900 111-22-33")
    async with db.transaction() as tx:
        await visitors.describe(tx, (await visitor.conversation()).id, name="Сидорова", email="", phone="")

    assert await _names("иванова") == []
    assert await _names("9001112233") == []
    assert await _names("сидорова") == ["Сидорова"]

    async with db.transaction() as tx:
        await visitors.describe(tx, (await visitor.conversation()).id, name="", email="", phone="")

    assert await _names("сидорова") == []


async def test_whom_their_site_introduced_is_found_from_the_first_word_on(any_database: Database):
    visitor = Visitor()
    async with db.transaction() as tx:
        await conversations.introduce(tx, visitor.secret, conversations.Card.of("Аглая", "a@b.ru", ""))

    assert await _names("аглая") == []

    await visitor.writes("Вопрос")

    assert await _names("аглая") == ["Аглая"]

    async with db.transaction() as tx:
        await conversations.introduce(tx, visitor.secret, conversations.Card.of("Фёкла", "", ""), signed=True)

    assert await _names("аглая") == []
    assert await _names("фекла a@b.ru") == ["Фёкла"]


async def test_what_was_erased_is_not_found(any_database: Database):
    gone, stays = await _speaks("Стёртый", "Тайна раз", "Тайна два"), await _speaks("Живой", "Тайна три")
    async with db.transaction() as tx:
        await tx.rows(text("DELETE FROM visitor WHERE name = 'Стёртый'"))

    assert await _texts("тайна") == ["Тайна три"]
    assert await _names("стертый") == []
    assert (await _find("тайна")).total == 1
    assert gone.id != stays.id


async def test_what_was_rolled_back_is_not_found(any_database: Database):
    visitor = Visitor()
    with suppress(ZeroDivisionError):
        async with db.transaction() as tx:
            await conversations.receive(tx, visitor.secret, "Призрак")
            raise ZeroDivisionError

    assert await _texts("призрак") == []


async def _forget_the_index() -> None:
    """Leave the database as one is that was just brought to this version: messages there, nothing indexed."""
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
    talker = await _speaks("Давний", *(f"Старое слово {number}" for number in range(130)))
    for number in range(30):
        await _speaks(f"Посетитель {number}", "Старое слово")
    await _forget_the_index()
    await talker.writes("Новое слово")

    assert (await _find("слово")).total == 1
    assert (await _find("слово")).indexed == 0

    assert await search.index_portion(db.reading, db.transaction)
    half = await _find("слово")
    # Killed in the middle of a portion: what it wrote is gone with its place.
    task = asyncio.create_task(search.index_portion(db.reading, db.transaction))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.gather(*(search.index_old(db.reading, db.transaction) for _ in range(2)))
    whole = await _find("слово", limit=200)

    assert 1 < half.total < 161
    assert 0 < half.indexed < 100
    assert (whole.total, whole.indexed, len(whole.hits)) == (161, 100, 161)
    assert "".join(piece.text for piece in whole.hits[0].pieces) == "Новое слово"
    assert whole.hits[-1].visitor_name == "Давний"
    assert len((await _find("посетитель")).hits) == 30
    assert await _names("давний") == ["Давний"]


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

    assert await _texts("вторник") == []
    assert await _texts("привезти") == ["Привезём в пятницу"]
    assert (await _find("вопрос")).indexed == 100


async def test_nothing_typed_breaks_the_search(any_database: Database):
    await Visitor().writes("Слово \"с кавычками\" и 'ещё' OR NOT \\ :* ( ) ^ {x} \U0001f600 слово́ ﷺ x\u0301y")

    odd = ('"', "'", "a'b", "\\", "OR", "NEAR(", "x*", ":*", "(", "^x", "a AND", "\ue000", "\ue001ab", "%", "-")
    long = ("\U0001f600", "ﷺ" * 40, "я" * 300, " ".join("абвгдежзиклмноп"), "1" * 90)
    for words in odd + long:
        await _find(words)

    assert len(await _texts("кавычки")) == 1


async def test_a_search_does_not_hold_up_the_others(any_database: Database):
    ids: list[UUID] = []
    async with db.transaction() as tx:
        for number in range(20):
            message = await conversations.receive(tx, conversations.new_secret(), f"слово {number} " * 300)
            ids.append(message.id)
    search_task = asyncio.create_task(_find("слово"))
    turns = 0
    while not search_task.done():
        await asyncio.sleep(0)
        turns += 1

    assert turns > 5
    assert len((await search_task).hits) == len(ids)


@pytest.mark.servers
async def test_cyrillic_is_found_in_a_cluster_whose_locale_knows_no_letters():
    with PostgresServer(locale="C") as server:
        url = server.new_database()
        await asyncio.to_thread(schema.upgrade, url)
        database = db.Database(url)
        db.use(database)

        await _speaks("Пётр Ёлкин", "Где ответ на мою ПРЕТЕНЗИЮ?", phone="+7 900 111-22-33")
        async with db.transaction() as tx:
            article = await knowledge.add(tx, question="Где ваш СКЛАД?", answer="В Химках.")

        assert await _texts("претензии") == ["Где ответ на мою ПРЕТЕНЗИЮ?"]
        assert await _names("ёлкин") == await _names("9001112233") == ["Пётр Ёлкин"]
        async with db.reading() as tx:
            assert [one.id for one in await knowledge.search(tx, "где находится склад")] == [article.id]
        db.use(None)
        await database.close()
