"""Greetings and thanks are answered politely; a question that begins with one is a question."""

import pytest

from vink_chat.answering import smalltalk


@pytest.mark.parametrize(
    "text",
    ["Здравствуйте!", "привет", "Добрый день", "Доброе утро!", "Спасибо", "спасибо большое!", "Ок, спасибо", "Понятно",
     "До свидания", "Всего доброго!", "Hello", "thanks", "Thank you very much!", "Хорошо, спасибо вам огромное",
     "👍", "👍👍 !", "🙏", "❤️",
     "ты бот?", "Вы робот?", "это бот или человек?", "ты человек?", "я с роботом говорю?", "с кем я говорю?", "Ты кто?",
     "а вы бот?", "are you a bot?", "Are you a real person?",
     "Есть кто-нибудь?", "Алло, есть кто?", "Тут есть кто-то?", "is anyone there?", "Спасибо, не надо", "не понял",
     "Вы меня не поняли!", "это не то", "привет, подскажите", "как дела?", "да", "Нет", "ага", "понял, спасибо"],
)  # fmt: skip
def test_small_talk_is_answered_politely(text: str):
    assert smalltalk.reply_to(text)


@pytest.mark.parametrize(
    "text",
    ["Здравствуйте, сколько стоит плёнка?", "Привет, нужен баннер", "Спасибо, а доставка?", "Хорошо ли держит клей?",
     "Пока не решил", "Добрый день, где мой заказ", "hi-res печать есть?", "", "???", "...", "человек",
     "кто?", "робот для резки", "бот не отвечает, где заказ", "кто вы такие и что продаёте",
     "чат-бот на сайт", "🖨 сломался", "Спасибо " * 30],
)  # fmt: skip
def test_a_question_is_no_small_talk(text: str):
    assert smalltalk.reply_to(text) is None


@pytest.mark.parametrize("text", ["да", "Да!", "давайте", "ок", "+", "👍", "да, позовите специалиста", "ну да", "yes"])
def test_a_yes_is_understood(text: str):
    assert smalltalk.agrees(text)


@pytest.mark.parametrize(
    "text", ["нет", "не надо", "ну", "так", "да, сколько стоит доставка?", "хорошо, а доставка?", "?"]
)
def test_what_is_more_than_a_yes_is_none(text: str):
    assert not smalltalk.agrees(text)
