from datetime import UTC, datetime

import pytest

from vink_chat import preferences
from vink_chat.preferences import (
    SECTIONS,
    Assistant,
    Canned,
    Greeting,
    Handover,
    Hours,
    InvalidPreference,
    Limits,
    Look,
    PopularQuestions,
    Section,
    Situation,
    Telegram,
)
from vink_chat.preferences.errors import titles


@pytest.mark.parametrize("kind", SECTIONS.values())
def test_a_new_shop_starts_with_defaults_that_survive_saving(kind: type[Section]):
    assert kind.model_validate_json(kind().model_dump_json()) == kind()


@pytest.mark.parametrize("kind", SECTIONS.values())
def test_every_field_has_a_russian_name(kind: type[Section]):
    for name in kind.model_fields:
        assert titles(kind, [name])[0][0] in "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ"


WRONG = [
    (Greeting, {"text": "   "}, "Поле «Приветствие»: заполните его, знаков не меньше 1."),
    (Greeting, {"text": 5}, "Поле «Приветствие»: нужен текст."),
    (Greeting, {"text": "а\x00б"}, "Поле «Приветствие»: уберите невидимые управляющие символы."),
    (Greeting, {"text": "\ud800"}, "Поле «Приветствие»: в нём недопустимые знаки."),
    (Greeting, {"text": "а" * 2001}, "Поле «Приветствие»: слишком длинно, знаков не больше 2000."),
    (Look, {"title": "две\nстроки"}, "Поле «Название»: напишите в одну строку."),
    (Assistant, {"temperature": 1.5}, "Поле «Температура»: не больше 1."),
    (Assistant, {"temperature": "nan"}, "Поле «Температура»: нужно число."),
    (Assistant, {"temperature": "тепло"}, "Поле «Температура»: нужно число."),
    (Assistant, {"answer_seconds": 4}, "Поле «Время на ответ, секунд»: не меньше 5."),
    (Assistant, {"answer_seconds": 61}, "Поле «Время на ответ, секунд»: не больше 60."),
    (Assistant, {"max_tokens": 10.5}, "Поле «Наибольшая длина ответа, токенов»: нужно целое число."),
    (Assistant, {"streaming": "как-нибудь"}, "Поле «Показывать ответ по мере написания»: нужно «да» или «нет»."),
    (Assistant, {"rules": "одна строка"}, "Поле «Правила»: нужен список."),
    (Assistant, {"refused_words": [""]}, "«Слова, с которыми ответ не проходит, № 1»: заполните его"),
    (Assistant, {"examples": [{"question": "Где?"}]}, "Поле «Примеры ответов, № 1, Ответ»: заполните его."),
    (Assistant, {"model": "a b"}, "Поле «Модель»: в нём недопустимые знаки."),
    (Handover, {"notices": {"busy": "{имя}"}}, "«Сообщения посетителю, Есть очередь»: в фигурных скобках"),
    (Handover, {"notices": {"busy": "{place.__class__}"}}, "«Сообщения посетителю, Есть очередь»: в фигурных скобках"),
    (Handover, {"notices": {"busy": "{place!r:>9}"}}, "«Сообщения посетителю, Есть очередь»: в фигурных скобках"),
    (Handover, {"notices": {"busy": "{"}}, "«Сообщения посетителю, Есть очередь»: в фигурных скобках"),
    (Handover, {"notices": {"busy": "{} место"}}, "«Сообщения посетителю, Есть очередь»: в фигурных скобках"),
    (Handover, {"minutes_until_alert": 0}, "Поле «Повторный сигнал через, минут»: не меньше 1."),
    (Hours, {"zone": "Марс"}, "Поле «Часовой пояс»: такого часового пояса нет"),
    (Hours, {"zone": "../../etc/passwd"}, "Поле «Часовой пояс»: такого часового пояса нет"),
    (Hours, {"holidays": ["завтра"]}, "Поле «Праздники, № 1»: напишите дату"),
    (Hours, {"week": {"monday": {"opens": "девять"}}}, "«Рабочая неделя, Понедельник, открытие»: напишите время"),
    (Hours, {"week": {"friday": {"opens": "18:00", "closes": "09:00"}}}, "«Рабочая неделя, Пятница»: время закрытия"),
    (Look, {"colour": "red"}, "Поле «Цвет»: напишите цвет шестью знаками, например #ffd500."),
    (Look, {"colour": "#ffd50"}, "Поле «Цвет»"),
    (Look, {"logo_url": "javascript:alert(1)"}, "Поле «Логотип»"),
    (Look, {"logo_url": "//evil.example/x.png"}, "Поле «Логотип»"),
    (Look, {"logo_url": "https://vink.ru/x.png');x:url('"}, "Поле «Логотип»"),
    (Look, {"position": "сверху"}, "Поле «Положение кнопки»: выберите одно из предложенных значений."),
    (Look, {"allowed_sites": ["https://vink.ru; script-src *"]}, "№ 1»: напишите адрес сайта без страницы"),
    (Look, {"allowed_sites": ["https://vink.ru/page"]}, "№ 1»: напишите адрес сайта без страницы"),
    (Look, {"allowed_sites": ["https://www.vink.ru", "*"]}, "№ 2»: напишите адрес сайта без страницы"),
    (PopularQuestions, {"groups": [{"title": "Заказы", "questions": []}]}, "№ 1, Вопросы»: строк не меньше 1."),
    (Limits, {"visitor_per_minute": 0}, "Поле «Сообщений в минуту от посетителя»: не меньше 1."),
    (Limits, {"blocked_addresses": ["дом"]}, "Поле «Заблокированные адреса, № 1»: напишите адрес"),
    (
        Canned,
        {"replies": [{"shortcut": "а", "title": "т", "text": "т"}, {"shortcut": "А", "title": "т", "text": "т"}]},
        "Поле «Готовые ответы»: сокращения не должны повторяться.",
    ),
    (Telegram, {"group_id": "1001"}, "Поле «Номер группы операторов»: нужно число меньше 0."),
    (Telegram, {"group_id": -(10**30)}, "Поле «Номер группы операторов»: не меньше -4503599627370496."),
    (Telegram, {"group_id": "@vink"}, "Поле «Номер группы операторов»: нужно целое число."),
    (Telegram, {"topics": True}, "Поле «Отдельная тема группы на каждый разговор»: для тем укажите номер группы."),
    (Canned, {"replies": [{"shortcut": "а б", "title": "т", "text": "т"}]}, "№ 1, Сокращение»: в нём недопустимые"),
    (Canned, {"replies": [{"shortcut": " ", "title": "т", "text": "т"}]}, "№ 1, Сокращение»: заполните его."),
]


@pytest.mark.parametrize(("kind", "values", "sentence"), WRONG)
def test_a_wrong_value_is_refused_with_a_sentence_that_names_the_field(
    kind: type[Section], values: dict[str, object], sentence: str
):
    with pytest.raises(InvalidPreference) as refusal:
        preferences.validated(kind, **values)

    assert sentence in str(refusal.value)
    assert refusal.value.path[0] == next(iter(values))
    assert refusal.value.status == 422


def test_values_come_as_a_form_sends_them():
    assistant = preferences.validated(
        Assistant, temperature="0.7", max_tokens="500", streaming="true", refused_words=[" Я бот "]
    )

    assert (assistant.temperature, assistant.max_tokens, assistant.streaming) == (0.7, 500, True)
    assert assistant.refused_words == ("Я бот",)
    assert preferences.validated(Look, colour=" #FFAA00 ").colour == "#ffaa00"
    assert preferences.validated(Look, allowed_sites=["https://*.Vink.ru/"]).allowed_sites == ("https://*.vink.ru",)
    assert preferences.validated(Greeting, text="раз\r\nдва").text == "раз\nдва"


def test_a_change_leaves_the_other_fields_and_the_original_alone():
    before = preferences.validated(Assistant, name="Вика")

    after = preferences.change(before, temperature=0)

    assert (after.name, after.temperature) == ("Вика", 0)
    assert before.temperature == 0.3
    with pytest.raises(InvalidPreference):
        preferences.change(before, temperature=7)


def test_a_notice_is_filled_in_and_never_breaks():
    notices = preferences.validated(Handover, notices={"busy": "Вы {place}-й, около {minutes} мин."}).notices

    assert notices.text(Situation.BUSY, place=3, minutes=5) == "Вы 3-й, около 5 мин."
    assert notices.text(Situation.BUSY) == "Вы -й, около  мин."
    for situation in Situation:
        assert "{" not in Handover().notices.text(situation, place=1, minutes=2, hours=4, opens="завтра в 9:00")


def test_ink_is_readable_on_the_brand_colour():
    assert Look().ink == "#000000"
    assert preferences.validated(Look, colour="#102a70").ink == "#ffffff"


def test_an_address_is_blocked_alone_or_with_its_network():
    limits = preferences.validated(Limits, blocked_addresses=["203.0.113.7", "198.51.100.9/24", "2001:db8::/32"])

    assert [limits.blocks(one) for one in ("203.0.113.7", "198.51.100.200", "2001:db8::5", "::ffff:203.0.113.7")] == [
        True
    ] * 4
    assert [limits.blocks(one) for one in ("203.0.113.8", "", "не адрес", "2001:db9::1")] == [False] * 4


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


HOURS = preferences.validated(
    Hours,
    enabled=True,
    holidays=["2027-01-07", "2027-01-01"],
    week={"saturday": {"working": True, "opens": "10:00", "closes": "00:00"}},
)


@pytest.mark.parametrize(
    ("utc", "is_open"),
    [
        ("2026-11-23T05:59:59", False),  # Monday, 08:59:59 in Moscow
        ("2026-11-23T06:00:00", True),
        ("2026-11-23T14:59:59", True),
        ("2026-11-23T15:00:00", False),
        ("2026-11-22T09:00:00", False),  # Sunday
        ("2026-11-28T20:59:59", True),  # Saturday, till midnight
        ("2026-11-28T21:00:00", False),
        ("2027-01-07T09:00:00", False),  # a holiday
        ("2027-01-06T21:30:00", False),
    ],
)
def test_people_answer_within_working_hours_of_the_shop(utc: str, *, is_open: bool):
    assert HOURS.is_open(_moment(utc)) is is_open


def test_without_hours_the_desk_is_always_open():
    assert Hours().is_open(_moment("2026-11-22T03:00:00"))


@pytest.mark.parametrize(
    ("utc", "opens"),
    [
        ("2026-11-23T04:00:00", "2026-11-23T09:00:00+03:00"),
        ("2026-11-23T08:00:00", "2026-11-23T11:00:00+03:00"),
        ("2026-11-23T16:00:00", "2026-11-24T09:00:00+03:00"),
        ("2026-11-28T21:30:00", "2026-11-30T09:00:00+03:00"),
        ("2027-01-06T16:00:00", "2027-01-08T09:00:00+03:00"),
    ],
)
def test_a_visitor_can_be_told_when_people_answer_again(utc: str, opens: str):
    opening = HOURS.next_opening(_moment(utc))

    assert opening is not None
    assert opening.isoformat() == opens


def test_a_shop_that_never_opens_promises_nothing():
    closed = {
        day: {"working": False}
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    }

    assert preferences.validated(Hours, enabled=True, week=closed).next_opening(_moment("2026-11-23T08:00:00")) is None


def test_a_refusal_is_said_in_the_administrators_language():
    with pytest.raises(InvalidPreference) as refusal:
        preferences.validated(Assistant, temperature=2)

    assert refusal.value.say("en") == "Field “Temperature”: at most 1."
