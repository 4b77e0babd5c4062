"""A visitor who asks for a person is understood; one who asks about goods is not handed over."""

import pytest

from vink_chat import handover
from vink_chat.preferences import Handover

FOR_A_PERSON = """
Позовите оператора
оператор
ОПЕРАТОР!!!
Соедините с менеджером
Соедините меня, пожалуйста, с живым человеком
хочу поговорить с человеком
можно с человеком пообщаться?
Мне нужен живой человек
переключите на специалиста
дайте оператора
дайте живого оператора уже
Есть кто живой?
Тут есть живые люди?
я хочу говорить с сотрудником, а не с роботом
не хочу общаться с ботом
Хватит робота, позовите кого-нибудь
Свяжите меня с отделом продаж
как связаться с менеджером
как мне поговорить с оператором?
как позвать оператора?
перезвоните мне
Перезвоните, пожалуйста
закажу обратный звонок
Нужен звонок менеджера
вызовите консультанта
пригласите специалиста пожалуйста
Оператора!
менеджера можно?
А человек есть?
Передайте вопрос специалисту
переведите на оператора
Хочу консультацию специалиста
жду оператора
требую менеджера
можно мне менеджера?
кто-нибудь живой есть?
Здравствуйте, позовите, пожалуйста, человека
мне бы с менеджером поговорить
можно оператора пожалуйста
нужна помощь оператора
позовите апиратора
позавите оператера
оперетор нужен
соидените с менаджером
менеджира позовите
хачу гаварить с чилавеком
хочу погаворить с человеком
gjpjdbnt jgthfnjhf
jgthfnjh
operator
pozovite operatora
nuzhen menedzher
human please
I want to talk to a human
talk to a person
can I speak with an agent?
connect me to a live agent
get me a real person
let me talk to someone
is there a real person here?
I need a human being
customer service representative please
transfer me to an operator
I don't want to talk to a bot
давайте оператора
Давай менеджера
свяжитесь со мной
связь с оператором
связь с живым менеджером
позовите живого
нужен живой
пусть мне ответит человек
пусть менеджер ответит
соедините с техподдержкой
соедините меня с бухгалтерией
свяжите с руководством
позовите начальника
хочу говорить с директором
Когда ответит оператор?
оператор, ответьте
Ничего не понимаешь. Оператора!
наберите меня
закажите мне звонок
give me a human
please connect me with support
""".strip().splitlines()

ABOUT_GOODS = """
Сколько человек работает в компании?
Какой специалист нужен для монтажа плёнки?
оборудование для оператора станка
Какие специалисты обслуживают плоттеры?
Сколько стоит баннер на 10 человек?
Нужна плёнка для фигуры человека в полный рост
хочу заказать ростовую фигуру человека
Можно напечатать силуэт человека?
Нужен баннер с фотографией людей
Можно ли клеить плёнку без специалиста?
Нужно ли обучение оператора плоттера?
курсы для операторов печати есть?
Нужна табличка «Менеджер»
бейджи для сотрудников, какие есть?
нужны бейджи для сотрудников
хочу заказать таблички для операторов колл-центра
Что входит в обязанности менеджера?
Как человеку без опыта наклеить плёнку?
Можно ли одному человеку смонтировать стенд?
нужен стенд, который соберёт один человек
Передайте спасибо за быструю доставку
Можно оплатить картой?
Нужен акрил 3 мм
Дайте цену на ПВХ 5 мм
Хочу вернуть товар
Какой телефон у склада?
Вы работаете в субботу?
живые цвета на баннере получатся?
Робот-пылесос у вас продаётся?
Станок с ЧПУ не работает, что делать?
Есть ли у вас сервисный центр?
Переведите размер в дюймы
Жду заказ третий день, где он?
Хочу скидку
Дайте цену на ростовую фигуру человека
Есть сотрудники в Казани?
не работает принтер
Передайте, пожалуйста, размеры листа
Нужно передать файл для печати
Нужна консультация по плёнке
Чем отличается литая плёнка от каландрированной?
Машина для ламинирования нужна
не хочу самоклеящуюся, нужна магнитная
Можно забрать самому?
Как передать макет в печать?
How many people work in your company?
Do you need a special film for car wraps?
What does the plotter operator need to know?
Can one person install the stand?
I need acrylic sheets 3 mm
Is there a user manual for the printer?
What is the price for a real leather film?
How do I transfer film to glass?
I want to get a banner with a person on it
call price for vinyl
можно человеку в коляске заехать в магазин?
Подключите плоттер с поддержкой Wi-Fi
Как соединить профиль с подложкой?
Есть кто-то из дилеров в Казани?
нужен живой цвет
Давайте цену на ПВХ
Пусть плёнка ответит за качество
Нужна табличка директора
Нужна вывеска для начальника участка
Когда ответит поставщик?
give me a banner with a person
Is there support for Windows?
Какая связь с принтером, USB?
Сделайте две таблички: 1. Оператор 2. Менеджер
""".strip().splitlines()


@pytest.mark.parametrize("text", FOR_A_PERSON)
def test_who_asks_for_a_person_is_understood(text: str):
    assert handover.wants_person(text)


@pytest.mark.parametrize("text", ABOUT_GOODS)
def test_who_asks_about_goods_is_not_sent_away(text: str):
    assert not handover.wants_person(text)


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("У меня жалоба", True),
        ("хочу оставить ЖАЛОБУ на доставку", True),
        ("Пишу претензию", True),
        ("по рекламациям к кому?", True),
        ("Реклама на баннере", False),
        ("Претендую на скидку", False),
        ("Сколько стоит плёнка?", False),
        ("", False),
    ],
)
def test_calling_words_count_in_whatever_ending(text: str, calls: bool):
    assert handover.has_calling_word(text, Handover().words) is calls


def test_calling_words_may_be_phrases_with_any_signs():
    assert handover.has_calling_word("Подаю в суд (завтра)!", ("в суд (",))
    assert handover.has_calling_word("Всё ещё жду", ("все еще",))
    assert not handover.has_calling_word("Всё ещё жду", ())


def test_a_very_long_text_is_looked_through_quickly():
    assert not handover.wants_person("можно " * 100_000)
