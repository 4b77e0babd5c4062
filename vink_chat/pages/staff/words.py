"""The sentences of the sign-in pages, by name."""

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


def words(language: str) -> dict[str, str]:
    """Return the sentences in a language."""
    return {name: say(sentence, language) for name, sentence in _SENTENCES.items()}
