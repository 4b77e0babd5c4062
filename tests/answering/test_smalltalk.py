"""Greetings and thanks are answered politely; a question that begins with one is a question."""

import pytest

from vink_chat.answering import smalltalk


@pytest.mark.parametrize(
    "text",
    ["Здравствуйте!", "привет", "Добрый день", "Доброе утро!", "Спасибо", "спасибо большое!", "Ок, спасибо", "Понятно",
     "До свидания", "Всего доброго!", "Hello", "thanks", "Thank you very much!", "Хорошо, спасибо вам огромное",
     "👍", "👍👍 !", "🙏", "❤️",
     "ты бот?", "Вы робот?", "это бот или человек?", "ты человек?", "я с роботом говорю?", "с кем я говорю?", "Ты кто?",
     "а вы бот?", "are you a bot?", "Are you a real person?"],
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
    assert smalltalk.reply_to(text) == ""
