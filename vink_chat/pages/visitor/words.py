"""The sentences of the visitor's panel, by name, so that one compiled page speaks every language."""

from typing import Final

from vink_chat.kit.words import say

_SENTENCES: Final = {
    "log": "Переписка",
    "message": "Сообщение",
    "placeholder": "Напишите вопрос…",
    "send": "Отправить",
    "operator": "Позвать оператора",
    "leave_message": "Оставить сообщение",
    "waiting": "Ждём специалиста",
    "stop_waiting": "Не ждать",
    "place": "вы в очереди под номером",
    "attended": "С вами специалист",
    "thinking": "печатает…",
    "slow": "Проверяю, ещё несколько секунд…",
    "popular": "Популярные вопросы",
    "choices": "Варианты ответа",
    "sources": "Источники",
    "unread": "Новые сообщения",
    "down": "К последним сообщениям",
    "sending": "отправляется",
    "sent": "отправлено",
    "read": "прочитано",
    "edited": "изменено",
    "failed": "не отправлено",
    "retry": "повторить",
    "edit": "изменить",
    "waits": "ждёт сети",
    "files": "Чат принимает только текст: файл или картинку опишите, пожалуйста, словами.",
    "too_long": "Слишком длинное сообщение: {length} знаков, а можно не больше {limit}. Разделите его на части.",
    "earlier": "Показать предыдущие сообщения",
    "offline": "Нет связи. Сообщения отправятся, когда она появится.",
    "closed": "Разговор завершён. Напишите, чтобы продолжить.",
    "chat": "Чат поддержки",
    "noscript": "Чтобы написать нам, включите JavaScript в браузере.",
    "typing": "Специалист печатает…",
    "contacts": "Как с вами связаться",
    "name": "Имя",
    "phone": "Телефон",
    "email": "Почта",
    "either": "Достаточно телефона или почты.",
    "leave": "Оставить контакты",
    "not_now": "Не сейчас",
    "save": "Сохранить",
    "cancel": "Отмена",
    "answer_to": "Ответим сюда:",
    "change": "Изменить",
    "policy": "Политика обработки данных",
    "rate": "Оцените разговор",
    "thanks": "Спасибо за оценку!",
    "comment": "Что понравилось или что исправить?",
    "leave_comment": "Отправить отзыв",
    "your_comment": "Ваш отзыв:",
}


def words(language: str) -> dict[str, str]:
    """Return the panel's sentences in a language."""
    return {name: say(_SENTENCES[name], language) for name in _SENTENCES}
