"""The sentences of the operators' page and of the overview."""

from typing import Final

from vink_chat.kit.words import say

_SENTENCES: Final = {
    "invite": "Пригласить",
    "invite_button": "Создать приглашение",
    "name": "Имя",
    "role": "Роль",
    "role_operator": "Оператор",
    "role_admin": "Администратор",
    "everybody": "Все сотрудники",
    "here": "на месте",
    "away": "отошёл",
    "off": "не на смене",
    "no_login": "ещё не входил",
    "in_telegram": "Telegram",
    "status_pending": "Ожидает",
    "status_active": "Работает",
    "status_disabled": "Отключён",
    "do_confirm": "Подтвердить",
    "do_invite": "Новое приглашение",
    "do_reset": "Сбросить пароль",
    "do_sessions": "Где вошёл",
    "do_telegram": "Привязать Telegram",
    "do_untie": "Отвязать Telegram",
    "do_enable": "Включить",
    "do_dismiss": "Убрать",
    "do_disable": "Отключить",
    "sure_disable": "Все сеансы завершатся сразу. Отключить?",
    "no_sessions": "Сейчас нигде.",
    "end_session": "Завершить сеанс",
    "link_hint": "Ссылка показывается один раз и сработает один раз. Передайте её сотруднику.",
    "telegram_hint": "Сотрудник отправляет эту строку боту в Telegram. Она действует 15 минут.",
    "period": "Период",
    "days_1": "Сегодня",
    "days_7": "7 дней",
    "days_30": "30 дней",
    "card_conversations": "Разговоры",
    "card_by_assistant": "Ответил ассистент",
    "card_called": "Передано специалисту",
    "card_first_answer": "Первый ответ специалиста: медиана / 90 %",
    "card_rating": "Оценка",
    "by_reason": "Почему передано",
    "nobody_called": "За это время никого не звали.",
    "nothing": "Пока нечего показать.",
    "plot_conversations": "Разговоры по дням",
    "plot_waits": "Первый ответ специалиста по дням, секунды",
    "by_day": "По дням",
    "day": "День",
    "median": "Медиана ожидания",
    "most": "90 % ожиданий",
    "reason_button": "Кнопка «Позвать оператора»",
    "reason_words": "Посетитель попросил человека",
    "reason_preference": "Слово из настроек",
    "reason_check_failed": "Ответ не прошёл проверку",
    "reason_low_confidence": "Ассистент не уверен",
    "reason_provider_down": "Модель недоступна",
    "reason_turn_limit": "Предел ответов ассистента",
    "reason_operator": "Вмешался оператор",
    "reason_contacts_left": "Оставлены контакты",
}


def people_words(language: str) -> dict[str, str]:
    """Return the sentences in a language."""
    return {name: say(sentence, language) for name, sentence in _SENTENCES.items()}
