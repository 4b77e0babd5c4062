"""The sentences of the desk, by name."""

from typing import Final

from vink_chat.conversations import Reason, Status
from vink_chat.kit.words import say

_SENTENCES: Final = {
    "desk": "Рабочее место оператора",
    "queue": "Очередь",
    "waiting": "Ожидают",
    "mine": "Мои",
    "all": "Все",
    "closed": "Закрытые",
    "search": "Поиск",
    "more": "Показать ещё",
    "earlier_words": "Показать раньше",
    "down": "К последним сообщениям",
    "unfiltered": "Показать все",
    "empty": "Здесь пока пусто",
    "hits": "Найденное",
    "to_newest": "Показать последние сообщения",
    "not_found": "Ничего не найдено. Искали во всех разговорах: в сообщениях, именах и контактах.",
    "pick": "Выберите разговор слева",
    "log": "Переписка",
    "reply": "Ответ",
    "note": "Заметка",
    "kind": "Кому",
    "reply_hint": "Ответ посетителю",
    "note_name": "Заметка для коллег",
    "note_hint": "Заметка для коллег: посетитель её не увидит",
    "send": "Отправить",
    "add_note": "Добавить заметку",
    "take_and_reply": "Взять и ответить",
    "resume_and_reply": "Взять снова и ответить",
    "claim": "Взять",
    "resume": "Взять снова",
    "take_over": "Забрать",
    "transfer": "Передать",
    "release": "В очередь",
    "give_back": "Вернуть ассистенту",
    "finish": "Завершить",
    "ends": "разговор завершается",
    "keep_open": "Отменить завершение",
    "goes_on": "разговор не завершён, в нём написали",
    "open": "Открыть",
    "to_whom": "Кому передать",
    "choose": "Выберите коллегу",
    "no_colleagues": "Передать некому: других операторов пока нет. Разговор можно вернуть в очередь или ассистенту.",
    "transfer_note": "Пояснение для коллеги",
    "cancel": "Отмена",
    "visitor": "Посетитель",
    "name": "Имя",
    "email": "Почта",
    "phone": "Телефон",
    "saved": "Сохранено",
    # A day, an hour, a minute, as short as they are written behind a number.
    "units": "д ч м",
    "page": "Страница",
    "referrer": "Откуда пришёл",
    "campaign": "Реклама (UTM)",
    "device": "Устройство",
    "language": "Язык",
    "earlier": "Прошлые разговоры",
    "block": "Заблокировать…",
    "block_now": "Заблокировать",
    "unblock": "Разблокировать",
    "block_for": "На сколько",
    "block_reason": "Причина (видят сотрудники)",
    "block_hint": "Разговор завершится, писать и звать специалиста посетитель не сможет.",
    "hour": "На час",
    "day": "На сутки",
    "week": "На неделю",
    "always": "Без срока",
    "card": "Коротко о разговоре",
    "wish": "Чего хочет",
    "tried": "Что ответил ассистент",
    "found": "Что нашлось в базе знаний",
    "why_stopped": "Почему передан",
    "moved": "Кто передал",
    "why": "Почему так ответил",
    "withheld": "Не показано посетителю",
    "here": "На месте",
    "away": "Отошёл",
    "off": "Не на смене",
    "presence": "Статус",
    "off_shift": "Вы не на смене: новые разговоры вам не приходят.",
    "begin_shift": "Начать смену",
    "here_again": "Я на месте",
    "sign_out": "Выйти",
    "admin": "Настройки",
    "account": "Моя учётная запись",
    "help": "Клавиши",
    "by_turns": "По очереди вверх и вниз",
    "do_open": "Открыть разговор",
    "this_help": "Эта подсказка",
    "menu": "Меню",
    "only_holder": "Отвечает коллега; здесь можно оставить заметку",
    "only_note": "Разговор завершён, посетитель начал новый; здесь можно оставить заметку",
    "close": "Закрыть",
    "sound": "Проверить звук и уведомления",
    "looking": "Сейчас смотрят",
    "typing": "печатает…",
    "unread": "Непрочитанное",
    "news": "Новое в ваших разговорах",
    "mute": "Без звука 30 минут",
    "unmute": "Включить звук",
    "muted": "Звук выключен до",
    "read": "Прочитано посетителем",
    "back": "К очереди",
    "offline": "Нет связи. Подключаемся…",
    "alert": "Посетитель ждёт специалиста",
    "alert_own": "Новое в вашем разговоре",
    "canned": "Шаблоны",
    "rating": "Оценка",
}

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


def words(language: str) -> dict[str, str]:
    """Return the desk's sentences in a language."""
    return {name: say(sentence, language) for name, sentence in _SENTENCES.items()}


def reason_word(reason: Reason, language: str) -> str:
    """Return why a conversation is where it is, in two or three words."""
    return say(_REASONS[reason], language) if reason else ""


def status_word(status: Status, language: str) -> str:
    """Return who holds a conversation, in a word."""
    return say(_STATUSES[status], language)
