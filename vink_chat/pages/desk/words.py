"""The sentences of the desk, by name."""

from collections.abc import Mapping
from typing import Final

from vink_chat.conversations import Reason, Status
from vink_chat.kit.words import say

# Those that several parts of the page show; a part's own stand in its file.
_SENTENCES: Final = {
    "reply": "Ответ",
    "note": "Заметка",
    "kind": "Кому",
    "note_name": "Заметка для коллег",
    "correction": "Правка",
    "quoting": "В ответ на",
    "transfer": "Передать",
    "cancel": "Отмена",
    "visitor": "Посетитель",
    # The abbreviations of day, hour and minute.
    "units": "д ч м",
    "help": "Клавиши",
    "close": "Закрыть",
    "canned": "Шаблоны",
}
_spoken: Final = dict(_SENTENCES)

_REASONS: Final = {
    Reason.NONE: "",
    Reason.BUTTON: "нажал кнопку",
    Reason.WORDS: "просит человека",
    Reason.PREFERENCE: "слово из настроек",
    Reason.CHECK_FAILED: "ответ не прошёл проверку",
    Reason.LOW_CONFIDENCE: "ассистент не уверен",
    Reason.PROVIDER_DOWN: "модель недоступна",
    Reason.TURN_LIMIT: "предел ответов",
    Reason.OPERATOR: "подключился специалист",
    Reason.CONTACTS_LEFT: "оставил контакты",
    Reason.FINISHED: "завершён",
    Reason.IDLE: "закрыт по молчанию",
    Reason.GONE: "не дождался",
    Reason.RETURNED: "возвращён ассистенту",
    Reason.WITHDRAWN: "посетитель не стал ждать",
    Reason.VISITOR_WROTE: "написал снова",
    Reason.BLOCKED: "посетитель заблокирован",
}

_STATUSES: Final = {
    Status.ASSISTED: "у ассистента",
    Status.WAITING: "ждёт",
    Status.ATTENDED: "у специалиста",
    Status.CLOSED: "завершён",
}


def speak(sentences: Mapping[str, str]) -> None:
    """Add the sentences of a part of the page, by name, to those that a desk is sent."""
    _spoken.update(sentences)


def words(language: str) -> dict[str, str]:
    """Return the desk's sentences in a language."""
    return {name: say(sentence, language) for name, sentence in _spoken.items()}


def reason_word(reason: Reason, language: str) -> str:
    """Return the reason of a conversation's last move in two or three words."""
    return say(_REASONS[reason], language) if reason else ""


def status_word(status: Status, language: str) -> str:
    """Return who holds a conversation, in a word."""
    return say(_STATUSES[status], language)
