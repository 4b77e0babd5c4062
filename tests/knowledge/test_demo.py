"""The demo knowledge base, and how the search does on it. The questions here are in nobody's list of aliases."""

import time

import pytest

from vink_chat import knowledge
from vink_chat.answering import wording
from vink_chat.kit.db import Database
from vink_chat.knowledge.imports import demo_articles
from vink_chat.pages.widget.shelf import PRODUCTS
from vink_chat.preferences import PopularQuestions


def test_the_demo_is_whole():
    entries = demo_articles()

    assert len(entries) >= 40
    assert len({entry.question for entry in entries}) == len(entries)
    for entry in entries:
        assert 3 <= len(entry.aliases) <= 9, entry.question
        assert entry.url.startswith("https://www.vink.ru/")
        assert 150 <= len(entry.answer) <= 900, entry.question


async def test_its_own_words_find_every_article(demo: Database):
    asked = [(question, entry.question) for entry in demo_articles() for question in (entry.question, *entry.aliases)]
    missed, unsure = [], []

    async with demo.reading() as tx:
        for question, title in asked:
            found = await knowledge.search(tx, question)
            if not found or found[0].title != title:
                missed.append(question)
            elif found[0].score < 0.7:
                unsure.append(question)

    assert missed == []
    assert len(unsure) <= 3, unsure


_PROPOSED = [one for group in PopularQuestions().groups for one in group.questions] + [
    product.question for product in PRODUCTS
]


@pytest.mark.parametrize("question", _PROPOSED)
async def test_what_the_pages_themselves_propose_is_answered_surely(demo: Database, question: str):
    async with demo.reading() as tx:
        found = await knowledge.search(tx, question)

    assert found[0].score >= 0.7, found[:2]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("у меня принтер полосами печатает", "Как прочистить печатающую голову?"),
        ("какие светодиоды взять для букв 6 см", "Как подобрать светодиодные модули?"),
        ("во сколько закрывается склад", "Какой у вас график работы?"),
        ("можно оплатить по безналу", "Какие есть способы оплаты?"),
        ("какие способы доставки есть", "Как работает доставка?"),
        ("доставите по городу?", "Как работает доставка?"),
        ("а до регионов возите?", "Отправляете ли вы заказы в регионы?"),
        ("чем литой акрил лучше экструзионного", "Чем литой акрил отличается от экструзионного?"),
        ("cdtnjlbjlyst vjlekb", "Как подобрать светодиодные модули?"),
        ("kak nakleit plenku bez puzyrey", "Как правильно наклеить плёнку?"),
        ("рижым работы", "Какой у вас график работы?"),
        ("режете оргстекло в размер?", "Режете ли вы материалы в размер?"),
        ("сколько стоит доставка в Казань?", "Как работает доставка?"),
        ("есть ли доставка в Омск", "Как работает доставка?"),
        ("есть магазин в Самаре?", "Где находятся ваши филиалы?"),
        ("мне пришёл битый рулон", "Что делать, если пришёл брак или товар повреждён?"),
        ("делаете распил пвх?", "Режете ли вы материалы в размер?"),
        ("наличкой можно?", "Какие есть способы оплаты?"),
        ("какой принтер посоветуете", "Какой широкоформатный принтер выбрать?"),
        ("чем печатать на ткани", "Чем печатают на ткани?"),
        ("а баннер?", "Что такое баннерная ткань и какую выбрать?"),
        ("акрил", "Чем литой акрил отличается от экструзионного?"),
        ("телефон", "Где находятся ваши филиалы?"),
        ("какой адрес у вас в Москве?", "Где находятся ваши филиалы?"),
        ("выставьте счёт", "Какие есть способы оплаты?"),
        ("доставка в Санкт-Петербург", "Как работает доставка?"),
        ("dostavka", "Как работает доставка?"),
        ("oplata", "Какие есть способы оплаты?"),
        ("telefon", "Где находятся ваши филиалы?"),
        ("dostavka v kazan", "Как работает доставка?"),
        ("dostavka v tver", "Как работает доставка?"),
        ("i skolko zhdat", "Как работает доставка?"),
        ("a vy rabotaete s nds", "Какие документы вы выдаёте и работаете ли по ЭДО?"),
        ("b crjkmrj ;lfnm", "Как работает доставка?"),
    ],
)
async def test_other_words_are_answered_surely(demo: Database, query: str, title: str):
    async with demo.reading() as tx:
        found = await knowledge.search(tx, query)

    assert (found[0].title, found[0].score >= 0.7) == (title, True), found[:2]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("ламинат", "Зачем нужен ламинатор и какой выбрать?"),
        ("laminat", "Зачем нужен ламинатор и какой выбрать?"),
        ("счёт", "Какие есть способы оплаты?"),
        ("schet", "Какие есть способы оплаты?"),
        ("плёнка", "Какую самоклеящуюся плёнку выбрать для печати?"),
    ],
)
async def test_a_word_that_may_mean_several_things_is_near_enough_to_be_offered(demo: Database, query: str, title: str):
    async with demo.reading() as tx:
        found = await knowledge.search(tx, query)

    assert (found[0].title, wording.MIN_SUGGESTION_SCORE <= found[0].score < 0.7) == (title, True), found[:2]


@pytest.mark.parametrize("query", ["брат", "brat", "kazan", "dver", "oracle", "bank", "hello how are you"])
async def test_a_word_in_latin_letters_is_not_taken_for_a_subject_of_the_shop(demo: Database, query: str):
    async with demo.reading() as tx:
        found = await knowledge.search(tx, query)

    assert all(passage.score < wording.MIN_SUGGESTION_SCORE for passage in found), found[:2]


@pytest.mark.parametrize(
    "query",
    [
        "кто выиграл чемпионат мира", "погода завтра", "как приготовить борщ", "купить айфон", "позовите оператора",
        "кто директор компании", "какие у вас вакансии", "сколько стоит баннер 440", "юридический адрес и инн",
        "сделаете вывеску под ключ?", "asdfgh qwerty", "спасибо большое", "курс доллара",
        "где мой заказ", "что с моим заказом?", "какая погода в Казани", "население Омска", "купить айфон в Москве",
        "ты кто?", "привет!",
    ],
)  # fmt: skip
async def test_what_the_demo_does_not_know_is_not_quoted(demo: Database, query: str):
    async with demo.reading() as tx:
        found = await knowledge.search(tx, query)

    assert all(passage.score < 0.7 for passage in found), found[:2]


@pytest.mark.long
async def test_a_hundred_articles_are_searched_quickly(demo: Database):
    async with demo.transaction() as tx:
        for number in range(60):
            await knowledge.add(
                tx, question=f"Подходит ли плёнка серии {number} для стекла?", answer=f"Плёнка серии {number} подходит."
            )
    times = []

    async with demo.reading() as tx:
        await knowledge.search(tx, "плёнка")
        for entry in demo_articles():
            for question in entry.aliases:
                began = time.process_time()
                await knowledge.search(tx, question)
                times.append(time.process_time() - began)

    # 20 ms is the aim and under 8 the measure; processor time, which other work on the machine changes little.
    assert sorted(times)[int(len(times) * 0.95)] < 0.06
