"""Greetings, thanks and farewells, answered by code when there is no model to do it."""

import re
from typing import Final

_FILLER: Final = r"(?:\W*(?:вам|большое|огромное|вас|всем|всего|ребята|господа|you|very|much|so|a lot))*\W*$"
_WHO: Final = r"(?:(?:чат-?)?бот\w*|робот\w*|нейросет\w+|ии|человек\w*)"
_KINDS: Final = (
    (
        re.compile(
            r"^\W*(?:здравствуй\w*|привет\w*|добр\w+ (?:день|утро|вечер|ночи)|доброго (?:дня|времени суток)|хай|салют"
            r"|приветствую|hello|hi|hey|good (?:morning|day|evening|afternoon))" + _FILLER
        ),
        "Здравствуйте! Задайте вопрос о материалах, оборудовании, заказе или доставке, и я постараюсь помочь.",
    ),
    (
        re.compile(
            r"^\W*(?:(?:ок\w*|хорошо|понятно|ясно|отлично|супер|всё|все)\W+)?(?:спасибо\w*|благодар\w+|спс|thanks|thank)"
            + _FILLER
        ),
        "Пожалуйста! Если появятся ещё вопросы, пишите.",
    ),
    (
        re.compile(
            r"^(?:\W*(?:ок|окей|хорошо|понятно|ясно|отлично|супер|ok|okay|great)\W*|[\W_]*[👍👌🙏👏🤝❤💛😊🙂😀😁🔥][\W_]*)$"
        ),
        "Рад был помочь!",
    ),
    (
        re.compile(
            rf"^\W*(?:(?:а|скажите)\W+)?(?:(?:ты|вы|это)\W+(?:кто|{_WHO})(?:\W+или\W+\w+)?"
            rf"|(?:я\W+)?(?:тут\W+)?с\W+(?:кем|{_WHO})\W+(?:я\W+)?(?:говорю|общаюсь|переписываюсь)|кто (?:ты|вы)"
            r"|are you (?:an? )?(?:\w+ )?(?:bot|robot|human|ai|person))\W*$"
        ),
        "Я автоматический помощник: отвечаю по базе знаний компании. Нужен человек — нажмите «Позвать оператора».",
    ),
    (
        re.compile(r"^\W*(?:до свидания|пока|всего доброго|всего хорошего|до встречи|bye|goodbye)" + _FILLER),
        "До свидания! Хорошего дня.",
    ),
)
_LONGEST: Final = 80
REPLIES: Final = frozenset(reply for _, reply in _KINDS)


def reply_to(text: str) -> str:
    """Return a polite sentence when the whole message is small talk, else nothing."""
    plain = text.strip().lower().replace("ё", "е")
    if len(plain) > _LONGEST:
        return ""
    return next((reply for pattern, reply in _KINDS if pattern.search(plain)), "")
