"""Operators find messages by whatever they remember of them."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conversations.searching import find, marked, names, speaks, texts
from tests.makers import Visitor, hire
from vink_chat import conversations, handover
from vink_chat.conversations.search.excerpt import excerpt
from vink_chat.conversations.search.query import parse
from vink_chat.kit import db, lemmas
from vink_chat.kit.db import Database


@pytest.mark.parametrize(
    ("words", "expected"),
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
    any_database: Database, words: str, expected: list[str]
):
    await speaks("Пётр Ёлкин", "Литая плЁнка есть?", "Спасибо")
    maria = await speaks("Мария", "Плёнку привезли", phone="+7 (900) 123-45-67")
    anna = await hire()
    conversation_id = (await maria.conversation()).id
    await anna.claims(conversation_id)
    await anna.replies(conversation_id, "Просит СЧЕТ", note=True)
    async with db.transaction() as tx:
        await handover.finish(tx, conversation_id, anna.id)

    assert await names(words) == expected


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

    assert await texts(words) == [said]
    assert (await marked(words))[0]


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

    assert len(await texts(words)) == found


async def test_a_visitor_and_their_message_are_found_by_words_of_both(any_database: Database):
    await speaks("Мария Иванова", "Где заказ?", "Это плёнка")
    await speaks("Мария Петрова", "Где плёнка?")

    assert await texts("мария заказ") == ["Где заказ?"]
    assert await texts("мария иванова плёнка") == ["Это плёнка"]
    assert await texts("плёнка мария иванова") == ["Это плёнка"]


async def test_each_hit_is_one_message_with_the_words_marked(any_database: Database):
    visitor = Visitor()
    await visitor.writes("Где мой заказ 48213?")
    await visitor.writes("Позовите оператора")
    middle = "Повторю: заказа №48-213 всё ещё нет, и этот заказ мне нужен. "
    long = await visitor.writes("Добрый день! " * 20 + middle + "Жду. " * 60)

    found = await find("заказ 48213")

    assert found.hits[0].message_id == long.id
    assert found.total == 2
    assert (await marked("заказ 48213")) == [["заказа", "48-213", "заказ"], ["заказ", "48213"]]
    excerpt = (await texts("заказ 48213"))[0]
    assert excerpt.startswith("…")
    assert excerpt.endswith("…")
    assert len(excerpt) < 200
    assert (await marked("+7 900 1234567")) == []


async def test_the_newest_hits_come_first_and_all_are_counted(any_database: Database):
    visitor = Visitor()
    for number in range(7):
        await visitor.writes(f"Вопрос {number}")

    first = await find("вопросы", limit=3)
    second = await find("вопросы", limit=3, before=first.hits[-1].number)
    last = await find("вопросы", limit=3, before=second.hits[-1].number)

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

    assert [(await find(words)).total for words in ("плимк", "плимкат", "плимкатр", "плимкатрозю")] == [55, 55, 28, 27]
    assert [(await find(words)).total for words in ("дымка плимкатр", "плимк дымк", "плимкатрозщ")] == [28, 55, 0]


async def _put_aside(count: int, terms: str = "filler") -> None:
    """Insert entries without messages that no search finds, to lie between or after the others."""
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

    first = await find("баннер")
    second = await find("баннер", before=first.hits[-1].number)

    assert (first.total, first.exact, first.more) == (1_000, False, True)
    assert (second.total, second.exact, second.more) == (1_000, False, True)
    told = [piece.text.strip() for hit in (*first.hits, *second.hits) for piece in hit.pieces if not piece.marked]
    assert told == [str(number) for number in range(1_001, 801, -1)]


async def test_a_thousand_hits_are_counted_whether_they_are_new_or_old(any_database: Database):
    await _says_often(700)
    await _put_aside(20_000)
    await _says_often(300)

    found = await find("баннер")

    assert (found.total, found.exact, len(found.hits)) == (1_000, True, 100)
    assert "".join(piece.text for piece in found.hits[0].pieces) == "Баннер 299"

    await _says_often(1)

    found = await find("баннер")

    assert (found.total, found.exact, len(found.hits)) == (1_000, False, 100)
    assert "".join(piece.text for piece in found.hits[1].pieces) == "Баннер 299"


async def test_a_visitor_is_found_once_however_much_they_wrote(any_database: Database):
    visitor = await speaks("Зинаида", "Один", "Два", "Три")

    found = await find("зинаида")

    assert [(hit.message_id, hit.conversation_id) for hit in found.hits] == [(None, (await visitor.conversation()).id)]
    assert await texts("зинаида") == [f"Зинаида · {(await visitor.conversation()).id.hex[:8]}@example.com"]


async def test_nothing_typed_breaks_the_search(any_database: Database):
    await Visitor().writes("Слово \"с кавычками\" и 'ещё' OR NOT \\ :* ( ) ^ {x} \U0001f600 слово́ ﷺ x\u0301y")

    odd = ('"', "'", "a'b", "\\", "OR", "NEAR(", "x*", ":*", "(", "^x", "a AND", "\ue000", "\ue001ab", "%", "-")
    long = ("\U0001f600", "ﷺ" * 40, "я" * 300, " ".join("абвгдежзиклмноп"), "1" * 90)
    for words in odd + long:
        await find(words)

    assert len(await texts("кавычки")) == 1


async def test_a_search_does_not_hold_up_the_others(any_database: Database):
    ids: list[UUID] = []
    async with db.transaction() as tx:
        for number in range(20):
            message = await conversations.receive(tx, conversations.new_secret(), f"слово {number} " * 300)
            ids.append(message.id)
    search_task = asyncio.create_task(find("слово"))
    turns = 0
    while not search_task.done():
        await asyncio.sleep(0)
        turns += 1

    assert turns > 5
    assert len((await search_task).hits) == len(ids)
