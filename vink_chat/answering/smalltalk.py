"""Small talk that the program answers when no model does: greetings, thanks, «да», «алло», «не понял»."""

import re
from dataclasses import dataclass
from typing import Final

_HELLO: Final = (
    r"(?:здравствуй\w*|привет\w*|добр\w+ (?:день|утро|вечер|ночи)|доброго (?:дня|времени суток)|хай|салют"
    r"|приветствую|hello|hi|hey|good (?:morning|day|evening|afternoon))"
)
_FILLER: Final = r"(?:\W*(?:вам|большое|огромное|вас|всем|всего|ребята|господа|you|very|much|so|a lot))*\W*$"
_WHO: Final = r"(?:(?:чат-?)?бот\w*|робот\w*|нейросет\w+|ии|человек\w*)"
_THANKS: Final = r"(?:спасибо\w*|благодар\w+|спс|thanks|thank you)"
_UNNEEDED: Final = (
    r"(?:не (?:надо|нужно|требуется|интересует)|(?:пока |больше )?ничего(?: не (?:надо|нужно))?|nothing|no need)"
)


def _whole(phrases: str, around: str = "") -> re.Pattern[str]:
    """Compile a pattern for a message that is one of the phrases, with only the given words around it."""
    free = rf"(?:{around})\W+" if around else r"(?!)"
    return re.compile(rf"^\W*(?:{free})*(?:{phrases})(?:\W+(?:{around or '(?!)'}))*\W*$")


_KINDS: Final = (
    (
        re.compile(rf"^\W*{_HELLO}" + _FILLER),
        "Здравствуйте! Задайте вопрос о материалах, оборудовании, заказе или доставке, и я постараюсь помочь.",
    ),
    (
        _whole(
            r"подскаж\w+|помогите|помоги|помощь|консультаци\w+|спросить|вопрос\w*|уточнить|узнать|help",
            rf"{_HELLO}|вы|а|мне|у|меня|можете|могли|можно|не|пожалуйста|пж|плиз|есть|хотел\w*|хочу|бы|нужн\w+|один"
            r"|кое-что|кое|что|please",
        ),
        "Конечно! Напишите, что вас интересует, и я постараюсь помочь.",
    ),
    (
        _whole(r"да|ага|угу|ну|yes|yep|yeah", "да|ну"),
        "Напишите, пожалуйста, подробнее, что вас интересует.",
    ),
    (
        _whole(
            r"как (?:(?:у )?(?:вас|тебя|ваши|твои) )?(?:дела|жизнь|настроение)(?: у (?:вас|тебя))?"
            r"|как (?:вы|ты|сам|сама|поживаете|поживаешь)|что нового|how are you(?: doing)?|how is it going",
            rf"{_HELLO}|а|ну|today",
        ),
        "Спасибо, всё хорошо! Чем могу помочь?",
    ),
    (
        _whole(
            r"(?:что|чем|а что) (?:ты |вы )?(?:умеешь|умеете|можешь|можете)(?: (?:мне )?(?:помочь|делать|сделать))?"
            r"|чем (?:ты |вы )?(?:мне )?(?:поможешь|поможете)|меню|начать|старт|start|what can you do",
            rf"{_HELLO}|а|ты|вы",
        ),
        "Отвечаю на вопросы по базе знаний компании, а если нужен человек, зову специалиста. Что вас интересует?",
    ),
)
# The end of a talk: no reply is needed.
_CLOSING_KINDS: Final = (
    (
        _whole(
            rf"{_UNNEEDED}|нет\W+{_THANKS}|no\W+{_THANKS}|{_THANKS}\W+(?:нет|{_UNNEEDED})|{_UNNEEDED}\W+{_THANKS}",
            "нет|мне|уже|вам|no|пока",
        ),
        "Хорошо! Если появятся вопросы, пишите.",
    ),
    (
        re.compile(
            r"^\W*(?:(?:ок\w*|хорошо|(?:все )?понятно|(?:все )?ясно|понял[аи]?|отлично|супер|всё|все)\W+)?"
            r"(?:спасибо\w*|благодар\w+|спс|thanks|thank)" + _FILLER
        ),
        "Пожалуйста! Если появятся ещё вопросы, пишите.",
    ),
    (
        re.compile(
            r"^(?:\W*(?:ок|окей|хорошо|(?:все )?понятно|(?:все )?ясно|отлично|супер|ok|okay|great)\W*"
            r"|[\W_]*[👍👌🙏👏🤝❤💛😊🙂😀😁🔥][\W_]*)$"
        ),
        "Рад был помочь!",
    ),
    (
        _whole(r"понял[аи]?|got it|i see", "я|все|теперь|да|ок|хорошо|мы"),
        "Хорошо! Если появятся ещё вопросы, пишите.",
    ),
    (
        _whole(r"нет|неа|не-а|no|nope", "нет|ну|да"),
        "Хорошо. Если появится вопрос, пишите.",
    ),
    (re.compile(r"^\W*(?:до свидания|пока|всего доброго|всего хорошего|до встречи|bye|goodbye)" + _FILLER),
     "До свидания! Хорошего дня."),
)  # fmt: skip
_OFFERING_KINDS: Final = (
    (
        re.compile(
            rf"^\W*(?:(?:а|скажите)\W+)?(?:(?:ты|вы|это)\W+(?:кто|{_WHO})(?:\W+или\W+\w+)?"
            rf"|(?:я\W+)?(?:тут\W+)?с\W+(?:кем|{_WHO})\W+(?:я\W+)?(?:говорю|общаюсь|переписываюсь)|кто (?:ты|вы)"
            r"|are you (?:an? )?(?:\w+ )?(?:bot|robot|human|ai|person))\W*$"
        ),
        "Я автоматический помощник: отвечаю по базе знаний компании. Если нужен человек, позовите специалиста.",
    ),
    (
        _whole(
            r"алло|ало|ау|эй|(?:вы|ты) (?:тут|здесь|на связи|живы|где)"
            r"|(?:есть )?(?:тут |здесь )?кто(?:[ -](?:нибудь|то|либо))?(?: есть| тут| здесь)"
            r"|есть (?:тут |здесь )?кто(?:[ -](?:нибудь|то|либо))?"
            r"|is (?:any|some)(?:one|body) (?:there|here)",
            rf"{_HELLO}|алло|ало|ау|эй|ну|тут|здесь|на связи",
        ),
        "Я на связи, это автоматический помощник. Напишите вопрос или позовите специалиста.",
    ),
)
_COMPLAINT: Final = _whole(
    r"не (?:понял[аи]?|понимаю|понимаете|понимаешь|понятно)|непонятно|не то|не о том|не об этом|не помогло|не помог"
    r"|не ответ\w*|не подходит|в смысле|(?:i )?(?:don't|do not|didn't) understand|not helpful",
    r"я|вы|ты|вас|меня|мне|мой|это|это все|вообще|ничего|опять|все|так|и|все равно|совсем|вопрос\w*|ответ\w*|на|мы|нет"
    r"|а|you|me|it",
)
_PARDON: Final = re.compile(r"^\W*(?:а\W+)?(?:что|чего|what)\W*$")
_SORRY: Final = "Извините, что не помог сразу. Напишите вопрос другими словами или позовите специалиста."
_MAX_TEXT_CHARS: Final = 80
REPLIES: Final = frozenset(reply for _, reply in (*_KINDS, *_CLOSING_KINDS, *_OFFERING_KINDS)) | {_SORRY}

_WORD: Final = re.compile(r"\w+")
_ASSENT: Final = frozenset(
    _WORD.findall(
        "да ага угу конечно ок окей хорошо ладно давай давайте можно хочу надо нужно нужен зови зовите позови позовите"
        " вызови вызывайте вызовите соедини соедините переключи переключите yes yep yeah sure ok okay специалиста"
        " оператора человека"
    )
)
_BESIDE_ASSENT: Final = frozenset(_WORD.findall("ну так бы его пожалуйста плиз срочно скорее мне please будьте добры"))
_NODS: Final = frozenset({"+", "👍", "👌"})
_MAX_ASSENT_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Reply:
    """The program's reply to small talk.

    Attributes:
        text: A Russian sentence of the catalogue.
        offers: Whether it offers to call an operator.
        closes: Whether the message needs no reply: thanks, «понятно», a farewell.
    """

    text: str
    offers: bool = False
    closes: bool = False


def reply_to(text: str) -> Reply | None:
    """Return a polite reply if the whole message is small talk, else None."""
    plain = _plain(text)
    if len(plain) > _MAX_TEXT_CHARS:
        return None
    for kinds in (_KINDS, _CLOSING_KINDS, _OFFERING_KINDS):
        for pattern, reply in kinds:
            if pattern.search(plain):
                return Reply(reply, offers=kinds is _OFFERING_KINDS, closes=kinds is _CLOSING_KINDS)
    return Reply(_SORRY, offers=True) if complains(text) else None


def is_small_talk(text: str) -> bool:
    """Tell whether the whole message is small talk, which is answered without the knowledge base."""
    return reply_to(text) is not None


def complains(text: str) -> bool:
    """Tell whether the whole message complains that the previous answer did not help: «не понял», «это не то»."""
    plain = _plain(text)
    return len(plain) <= _MAX_TEXT_CHARS and any(pattern.search(plain) for pattern in (_COMPLAINT, _PARDON))


def agrees(text: str) -> bool:
    """Tell whether the whole message agrees: «да», «давайте», «ок, позовите»."""
    plain = _plain(text)
    said = _WORD.findall(plain)
    if not said:
        return plain.strip(" .!") in _NODS
    return len(said) <= _MAX_ASSENT_WORDS and not _ASSENT.isdisjoint(said) and set(said) <= _ASSENT | _BESIDE_ASSENT


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("ё", "е").replace("/", " ").split())
