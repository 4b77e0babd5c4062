"""The sentences of the sign-in pages and of the account page, by name."""

from typing import Final

from vink_chat.kit.words import say

_SENTENCES: Final = {
    "title": "Вход для сотрудников",
    "login": "Логин",
    "password": "Пароль",
    "new_password": "Новый пароль",
    "enter": "Войти",
    "name": "Имя",
    "welcome": "Добро пожаловать",
    "choose": "Придумайте логин и пароль: под ними вы будете входить.",
    "create": "Создать учётную запись",
    "reset": "Сохранить пароль",
    "spent": "Ссылка больше не действует. Попросите администратора прислать новую.",
    "to_sign_in": "Перейти ко входу",
}

_ACCOUNT: Final = {
    "desk": "Рабочее место оператора",
    "account": "Моя учётная запись",
    "name": "Имя",
    "name_hint": "Его видят посетители над вашими ответами",
    "save": "Сохранить",
    "password": "Пароль",
    "old": "Нынешний пароль",
    "new": "Новый пароль",
    "new_hint": "На остальных устройствах придётся войти заново",
    "change": "Сменить пароль",
    "sounds": "Звуки рабочего места",
    "queue_sound": "Сигнал очереди",
    "repeated": "Каждый вызов, с повтором",
    "once": "Только новый вызов",
    "off": "Без звука",
    "own_sound": "Звук новых сообщений в моих разговорах и переданных мне разговоров",
    "save_sounds": "Сохранить звуки",
    "sessions": "Где выполнен вход",
    "here": "этот браузер",
    "end": "Завершить",
    "end_others": "Выйти на остальных устройствах",
}


def words(language: str) -> dict[str, str]:
    """Return the sentences in a language."""
    return {name: say(sentence, language) for name, sentence in _SENTENCES.items()}


def account_words(language: str) -> dict[str, str]:
    """Return the sentences of the account page in a language."""
    return {name: say(_ACCOUNT[name], language) for name in _ACCOUNT}
