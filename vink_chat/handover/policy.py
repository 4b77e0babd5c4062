"""Is a person needed, and why: pure rules."""

import re
from typing import Final

_PERSON: Final = (
    r"(?:[оа]п[еи]р[аое]т[оа]р\w*|мен[еи]дж[еи]р\w*|человек\w*|"
    r"специалист\w*|сотрудник\w*|консультант\w*|живо[гм]\w+|людь?[миеяё]\w*)"
)
_WISH: Final = (
    r"(?:поз[ао]в\w*|позва\w*|со[еи]д[еи]н\w*|переключ\w*|свяж\w*|связа\w*|дайте|дай|нуж\w*|хочу|хотел\w*|можно|подключ\w*|"
    r"перевед\w*|перевест\w*|вызов\w*|вызва\w*|пригласи\w*|переда\w*|требу\w*|жду|пообща\w*|поговор\w*|говорить)"
)
_ASKS: Final = (
    re.compile(rf"\b{_WISH}\b(?:\W+\w+){{0,4}}?\W+{_PERSON}\b"),
    re.compile(rf"\b{_PERSON}\b(?:\W+\w+){{0,2}}?\W+(?:нужен|нужна|нужно|позовите|пожалуйста|можно|есть)\b"),
    re.compile(rf"^\W*(?:(?:а|ну|эй|ау|где|есть|здравствуйте|привет|добрый день|пожалуйста|можно)\W+)*{_PERSON}\W*$"),
    re.compile(r"\bживо(?:й|го|му|м)\s+(?:человек|оператор|общени|менеджер|сотрудник|собеседник)"),
    re.compile(
        r"\b(?:перезвон\w+|позвоните)\s+(?:мне|пожалуйста)\b|\b(?:закажу|заказать|нужен)\s+(?:обратный\s+)?звонок\b"
    ),
    re.compile(r"\bне\s+(?:хочу\s+)?(?:\w+\s+)?(?:с\s+)?(?:бот\w*|робот\w*|ассистент\w*|машин\w+)\b"),
    re.compile(
        r"\bперезвон\w*|\bхватит\s+(?:\w+\s+)?(?:бот\w*|робот\w*)|\bкто(?:-\w+)?\s+живой|\bживой\s+кто|\bживые\s+есть"
    ),
    re.compile(
        r"\b(?:поговорить|связаться|пообщаться|соединит\w*)\b(?:\W+\w+){0,1}?\W+с\s+(?:кем|отделом|вашим|вами\s+по\s+телефон)"
    ),
    re.compile(r"\b(?:human|live|real)\s+(?:agent|person|operator|support|being)\b"),
    re.compile(
        r"\b(?:talk|speak|chat|connect|transfer|switch|call|need|want|get)\b(?:\W+\w+){0,4}?\W+(?:human|person|agent|operator|someone|manager|representative)\b"
    ),
    re.compile(r"^\W*(?:operator|human|agent|manager|representative)\W*(?:please)?\W*$"),
)
# «Оборудование для оператора станка», «нужен специалист по фрезеру?» ask about goods and services, not for a person.
_ABOUT: Final = re.compile(
    r"\b(?:сколько|какие|какой|какая|как|почему|зачем|что)\b.{0,40}\b(?:оператор\w*|специалист\w*|сотрудник\w*|человек\w*)\b"
    r"|\b(?:оператор\w*)\s+(?:станк|плоттер|принтер|печат)\w*"
)
_LAYOUT: Final = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")
_TRANSLIT: Final = (
    ("shch", "щ"),
    ("zh", "ж"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("yu", "ю"),
    ("ya", "я"),
    ("dj", "дж"),
    *zip("abvgdeziyklmnoprstufhcj", "абвгдезийклмнопрстуфхцж", strict=True),
)
_LONGEST: Final = 300
_SHORTEST_STEM: Final = 4


def has_calling_word(text: str, words: tuple[str, ...]) -> bool:
    """Tell whether a text has one of the words that call a person, in whatever ending."""
    plain = text.lower().replace("ё", "е")
    return any(re.search(rf"(?<!\w){re.escape(_stem(word))}", plain) for word in words)


def _stem(word: str) -> str:
    word = word.lower().replace("ё", "е")
    return word[:-1] if len(word) > _SHORTEST_STEM and word[-1] in "аяоеьыи" else word


def wants_person(text: str) -> bool:
    """Tell whether a visitor asks for a person in words, Russian or English.

    Args:
        text: The visitor's message; only its first 300 characters are looked at.
    """
    plain = text[:_LONGEST].lower().replace("ё", "е")
    if _ABOUT.search(plain):
        return False
    readings = (plain, plain.translate(_LAYOUT), _from_latin(plain)) if re.search(r"[a-z]", plain) else (plain,)
    return any(pattern.search(reading) for reading in readings for pattern in _ASKS)


def _from_latin(plain: str) -> str:
    for latin, cyrillic in _TRANSLIT:
        plain = plain.replace(latin, cyrillic)
    return plain
