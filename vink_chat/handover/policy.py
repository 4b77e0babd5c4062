"""Whether a visitor asks for a person: pure rules.

Misspelled requests match too: unstressed vowels that people mix up count as one letter, and text typed in the
wrong keyboard layout or transliterated is converted first.
"""

import re
from typing import Final

from vink_chat.kit import letters

_MIXED_UP: Final = str.maketrans("оеэы", "аиии")


def _forgiving(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that tolerates misspelled vowels."""
    return re.compile(pattern.translate(_MIXED_UP))


_ROLE: Final = (
    r"(?:опер[аи]т[ао]р|опер[аи]тер|мен[ае]дж[аи]р|специалист|сотрудник|консультант|человек|начальник|директор"
    r"|руководител)"
)
_PERSON: Final = rf"(?:{_ROLE}\w{{0,3}}|людьми|людей|люди|кого[\s-]?(?:нибудь|то|либо)|кем[\s-]?(?:нибудь|то|либо))"
_WITH_PERSON: Final = (
    rf"(?:с|со)\W+(?:\w+\W+)?(?:{_ROLE}(?:ом|ами|ем)|людьми|кем\b|живым\b|отделом\b|техподдержкой\b|службой\b"
    r"|бухгалтерией\b|руководством\b)"
)
_CALL: Final = (
    r"(?:поз[ао]в\w*|позват?ь?|соед[еи]н\w*|переключ\w*|свяж\w*|связат?ь|подключит\w*|перевед\w*|перевест\w*|вызов\w*"
    r"|вызват?ь?|приглас\w*|позови)"
)
_TALK: Final = (
    r"(?:\w*говорить|\w*общаться|\w*беседовать|связаться|соединиться|переписываться|посоветоваться|консультироваться)"
)
_NEED: Final = (
    r"(?:нуж(?:ен|на|но|ны)|хочу|хотел\w*|хочется|можно|жду|требую|необходим\w?|прошу|(?:дава|да)йт?е?|передайт?е?"
    r"|передат?ь)"
)
# Words that may stand between the request and the person without changing the request.
_FILLER: Final = (
    r"(?:мне|нам|бы|уже|срочно|пожалуйста|плиз|сюда|тут|здесь|ваш\w*|жив\w{1,3}|настоящ\w*|реальн\w*|какой|какого|с"
    r"|вопрос|разговор|диалог|чат|меня|это|помощь|помощи|консультаци\w+|звонок|ответ|вызвать|от|к|а|ну|у|вас|там|обычн\w*|нормальн\w*|кто)"
)
_POLITE: Final = (
    r"(?:а|ну|эй|ау|где|есть|здравствуйте|привет|добрый|день|вечер|пожалуйста|плиз|можно|мне|бы|срочно|живой|живого"
    r"|уже|нужен|ответьте)"
)
_ANSWER: Final = r"(?:ответит|подключится|появится|напишет|свяжется|придет)"

_SURE: Final = (
    _forgiving(rf"\b{_CALL}\b(?:\W+\w+){{0,3}}?\W+{_PERSON}\b"),
    _forgiving(rf"\b{_CALL}\b(?:\W+\w+){{0,3}}?\W+(?:с|на)\W+отдел"),
    _forgiving(rf"\b(?:{_CALL}|связь)\b(?:\W+\w+){{0,2}}?\W+{_WITH_PERSON}"),
    _forgiving(rf"\b{_TALK}\b(?:\W+\w+){{0,2}}?\W+{_WITH_PERSON}"),
    _forgiving(rf"\b{_WITH_PERSON}\W+(?:\w+\W+)?{_TALK}\b"),
    _forgiving(rf"\b(?:пусть|когда)\W+(?:\w+\W+){{0,2}}?{_ANSWER}\W+(?:\w+\W+){{0,2}}?{_ROLE}"),
    _forgiving(rf"\b(?:пусть|когда)\W+(?:\w+\W+){{0,2}}?{_ROLE}\w{{0,2}}\W+(?:\w+\W+){{0,2}}?{_ANSWER}"),
    _forgiving(rf"(?:^|(?<!\d)[.!?])\W*(?:{_POLITE}\W+)*{_ROLE}\w{{0,2}}(?:\W+{_POLITE})*\W*$"),
)
_LIKELY: Final = (
    _forgiving(rf"\b{_NEED}(?:\W+{_FILLER})*\W+{_PERSON}\b"),
    _forgiving(
        rf"\b{_ROLE}\w{{0,2}}\W+(?:срочно\W+)?(?:нужен|нужна|нужно|есть|позовите|можно)\W*(?:срочно|пожалуйста)?\W*$"
    ),
)
_EXACT: Final = (
    re.compile(r"\bжив(?:ой|ого|ому|ым|ые|ых|ыми)\s+(?:человек|оператор|общени|менеджер|сотрудник|собеседник|люд)"),
    re.compile(
        r"\bперезвон\w*|\bпозвоните\s+(?:мне|пожалуйста)\b|\b(?:закажу|заказать|нужен)\s+(?:обратный\s+)?звонок\b"
    ),
    re.compile(
        r"\bне\s+(?:хочу\s+)?(?:\w+\s+)?(?:с\s+)?(?:бот(?:а|у|ом|ы|ами)?|робот(?:а|у|ом|ы|ами)?|ассистент\w*|машиной)\b"
    ),
    re.compile(
        r"\bсвяжитесь\s+со\s+мной\b|\bнаберите\s+м(?:еня|не)\b|\bзакажите\s+(?:мне\s+)?(?:обратный\s+)?звонок\b"
    ),
    re.compile(rf"\b{_CALL}\s+(?:\w+\s+)?жив(?:ого|ых)\b|\b(?:нуж(?:ен|ны)|хочу|дайте)\s+жив(?:ой|ого|ые|ых)\W*$"),
    re.compile(
        r"\bхватит\s+(?:\w+\s+)?(?:бот|робот)\w*|\bкто(?:-\w+)?\s+живой|\bживой\s+кто|\bживые\s+(?:тут\s+|здесь\s+)?есть"
    ),
)
_FILLER_ENGLISH: Final = (
    r"(?:\W+(?:to|with|me|us|a|an|the|your|some|real|live|actual|human|please|customer|support|service|speak|talk))*"
)
_ENGLISH: Final = (
    re.compile(r"\b(?:human|live|real)\s+(?:agent|person|operator|support|being|human)\b"),
    re.compile(
        rf"\b(?:talk|speak|chat|connect|transfer|switch|call|need|want|get|give){_FILLER_ENGLISH}"
        r"\W+(?:human|person|agent|operator|someone|somebody|manager|representative)\b(?!\s+manual)"
    ),
    re.compile(rf"\b(?:connect|transfer|switch){_FILLER_ENGLISH}\W+(?:support|sales)\b"),
    re.compile(r"\b(?:not|n't|no|don't|dont)\b(?:\W+\w+){0,6}?\W+(?:ro)?bots?\b"),
    re.compile(
        r"^\W*(?:(?:hi|hello|please|customer|service|support)\W+)*(?:operator|human|agent|manager|representative)\W*(?:please)?\W*$"
    ),
)
# «Оборудование для оператора станка», «нужен специалист по фрезеру?» ask about goods and services, not for a person.
_ABOUT_GOODS: Final = re.compile(
    r"\b(?:сколько|какие|какой|какая|как|почему|зачем|что|кто такой)\b.{0,40}"
    r"\b(?:оператор\w*|специалист\w*|сотрудник\w*|человек\w*|менеджер\w*)\b|\bможно(?:\s+ли)?\s+человек(?:у|ам)\b|\bоператор\w*\s+(?:станк|плоттер|принтер|печат)\w*"
)
# Filler words: a sentence of only these and the words above just asks for a person, greets or agrees.
_SMALL: Final = (
    r"(?:да|нет|не|ни|ок|окей|хорошо|ладно|спасибо|благодарю|алл?о|ага|угу|я|мы|вы|ты|со|на|по|за|и|или|же|ли|то|так"
    r"|что|как|ждать|скорее|быстрее|сейчас|может|можете|могу|будет|пусть|когда|хватит|нибудь|либо|бот\w*|робот\w*"
    r"|ассистент\w*|машиной|живы\w+|связь|связи|перезвон\w*|позвоните|позвони|наберите|мной|обратный|техподдержк\w*"
    r"|поддержк\w*|здрасьте|доброе|доброго|утро|дня|времени|суток|всем)"
)
_CALL_WORD: Final = _forgiving(
    f"{_PERSON}|{_ROLE}\\w{{0,3}}|{_CALL}|{_TALK}|{_NEED}|{_FILLER}|{_POLITE}|{_ANSWER}|{_SMALL}"
)
_CALL_WORD_ENGLISH: Final = re.compile(
    r"(?:i|we|want|need|would|like|to|talk|speak|chat|connect|transfer|switch|call|get|give|me|us|an?|the|your|some|real"
    r"|live|actual|human|person|people|agent|operator|(?:some|any)(?:one|body)|manager|representative|please|customer"
    r"|support|service|with|is|there|here|hi|hello|hey|good|morning|day|yes|no|ok(?:ay)?|thanks?|you|can|could|not|don|t"
    r"|(?:ro)?bots?)"
)
_MAX_TEXT_CHARS: Final = 300
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
    plain = text[:_MAX_TEXT_CHARS].lower().replace("ё", "е")
    if not re.search(r"[a-z]", plain):
        return _in_russian(plain)
    readings = (plain, letters.in_russian_layout(plain), letters.transliterated(plain))
    return any(pattern.search(plain) for pattern in _ENGLISH) or any(map(_in_russian, readings))


def only_calls(sentence: str) -> bool:
    """Tell whether a sentence only calls a person, greets or agrees, and asks no question."""
    plain = sentence.lower().replace("ё", "е")
    readings = [plain]
    if re.search(r"[a-z]", plain):
        if all(_CALL_WORD_ENGLISH.fullmatch(word) for word in re.findall(r"\w+", plain)):
            return True
        readings = [letters.in_russian_layout(plain), letters.transliterated(plain)]
    return any(
        all(_CALL_WORD.fullmatch(word) for word in re.findall(r"\w+", reading.translate(_MIXED_UP)))
        for reading in readings
    )


def _in_russian(plain: str) -> bool:
    forgiven = plain.translate(_MIXED_UP)
    if any(pattern.search(forgiven) for pattern in _SURE) or any(pattern.search(plain) for pattern in _EXACT):
        return True
    return not _ABOUT_GOODS.search(plain) and any(pattern.search(forgiven) for pattern in _LIKELY)
