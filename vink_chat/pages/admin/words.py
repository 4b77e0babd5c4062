"""The sentences of the administrators' pages, by name; the names of settings are those their refusals say."""

from collections.abc import Iterator
from typing import Final

from vink_chat.kit.words import say
from vink_chat.pages.admin import plans
from vink_chat.pages.admin.words_people import people_words
from vink_chat.preferences.errors import titles

_SENTENCES: Final = {
    "administration": "Управление чатом",
    "skip": "К содержимому",
    "menu": "Меню",
    "sections": "Разделы",
    "desk": "Рабочее место",
    "leave": "Выйти",
    "page_overview": "Обзор",
    "page_operators": "Операторы",
    "page_assistant": "Ассистент",
    "page_knowledge": "База знаний",
    "page_handover": "Передача специалисту",
    "page_questions": "Популярные вопросы",
    "page_look": "Внешний вид",
    "page_canned": "Готовые ответы",
    "page_telegram": "Telegram",
    "page_work": "Задачи",
    "page_blocked": "Заблокированные",
    "save": "Сохранить",
    "cancel": "Отмена",
    "yes": "Да",
    "copy": "Скопировать",
    "up": "Выше",
    "down": "Ниже",
    "remove_row": "Убрать",
    "unsaved": "Изменения не сохранены и пропадут. Уйти со страницы?",
    "one_a_line": "По одному в строке",
    "greeting": "Приветствие",
    "contacts_hint": "Например, 8 800 000-00-00, shop@example.ru. Посетитель читает это, когда чат не может принять его сообщение.",
    "manner": "Как отвечает ассистент",
    "add_example": "Добавить пример",
    "models": "Языковая модель",
    "models_hint": "Первой спрашивают верхнюю; если она не отвечает — следующую, а без них ответ цитирует базу знаний. Ключи и адреса задаются в настройках сервера.",
    "model_missing": "Модель не подключена: ассистент только цитирует базу знаний.",
    "model_missing_hint": "Задайте на сервере VINK_YANDEX_API_KEY и VINK_YANDEX_FOLDER_ID (YandexGPT) или VINK_OPENAI_BASE_URL и VINK_OPENAI_MODEL (совместимый сервер) и перезапустите чат.",
    "model_missing_effect": "Роль, правила, примеры, температура и длина ответа подействуют тогда же; сохранить их можно заранее.",
    "model_hint": "Пусто — модель из настроек сервера",
    "temperature_hint": "От 0 (строго) до 1 (свободно)",
    "trial": "Проверить, не сохраняя",
    "trial_hint": "Ассистент ответит дважды: с настройками, как они сейчас в форме, и с сохранёнными.",
    "trial_question": "Вопрос посетителя",
    "try": "Проверить",
    "trial_busy": "Ассистент отвечает…",
    "notices_hint": "Можно вставить {place} — место в очереди, {wait} — «, ждать около 5 минут» (пусто, пока неизвестно), {minutes} — минуты ожидания, {hours} — обещанные часы, {opens} — когда откроемся.",
    "low_confidence_hint": "Неуверенный ответ не опирается ни на одну статью базы знаний или не прошёл проверку. Вместо него ассистент просит уточнить вопрос и предлагает специалиста, а столько раз подряд — зовёт его. 1 — зовёт сразу.",
    "working_hours": "Рабочее время",
    "zone_hint": "Например, Europe/Moscow или Asia/Yekaterinburg",
    "holidays_hint": "По одной дате в строке, например 2027-01-07",
    "limits": "Защита от потока сообщений",
    "questions_hint": "Посетитель видит группы и вопросы в этом порядке. Вопросы — по одному в строке.",
    "add_group": "Добавить группу",
    "canned_hint": "Оператор вызывает ответ, набрав «/» и сокращение.",
    "add_reply": "Добавить ответ",
    "appearance": "Оформление",
    "consent": "Согласие на обработку данных",
    "consent_hint": "Строка со ссылкой стоит под полем сообщения и под формой контактов. Согласие хранится с текстом, "
    "временем и адресом посетителя.",
    "logo_hint": "Адрес картинки, с https:// или с /",
    "right": "Справа",
    "left": "Слева",
    "sites_hint": "По одному адресу в строке, например https://www.vink.ru. Пусто — чат можно поставить на любой сайт.",
    "sites_open": "Сейчас чат может показать любой сайт. Перечислите свои, прежде чем ставить его насовсем.",
    "preview": "Как это выглядит",
    "preview_question": "Сколько стоит доставка?",
    "embedding": "Чат на вашем сайте",
    "embedding_hint": "Вставьте эту строку в код страницы перед закрывающим </body>.",
    "bot": "Бот",
    "bot_missing": "Токен бота не задан, поэтому Telegram сейчас не работает.",
    "bot_missing_hint": "Создайте бота у @BotFather, впишите его токен в VINK_TELEGRAM_TOKEN и перезапустите чат. Настройки ниже можно сохранить заранее.",
    "push_refused": "Telegram отказался присылать обновления, пока их запрашивает сам чат. Причина:",
    "bot_silent": "Токен задан, но бот ещё не назвал своего имени: Telegram не отвечает или не знает этого токена (подробности — в журнале).",
    "bot_works": "Операторы пишут боту, и он отвечает под именем",
    "telegram_work": "Группа и доставка",
    "group_hint": "Отрицательное число, например -1001234567890. Пусто — бот пишет только в личные чаты операторов.",
    "topics_hint": "Бот должен быть администратором группы с правом управлять темами, а режим приватности у @BotFather — выключен.",
    "pushed_hint": "Без вебхука бот сам спрашивает Telegram о новом; обычно этого достаточно.",
    "not_https": "У чата нет https-адреса (VINK_PUBLIC_URL), поэтому вебхук не включится: бот будет спрашивать сам.",
    "identity": "Посетители, которых знает ваш сайт",
    "identity_hint": "Сайт подписывает номер своего пользователя секретом, и тот видит свой разговор на любом устройстве.",
    "identity_keep": "Секрет должен знать только сервер вашего сайта: не вставляйте его в страницы.",
    "identity_show": "Показать секрет",
    "identity_timeless": "Принимать подписи без времени",
    "identity_timeless_hint": "Такая подпись действует, пока не сменится секрет. Снимите, когда сайт станет подписывать со временем.",
    "identity_renew": "Сменить секрет",
    "identity_sure": "Подписи, сделанные прежним секретом, перестанут действовать. Сменить?",
    "new_article": "Новая статья",
    "edit_article": "Статья",
    "question": "Вопрос",
    "answer": "Ответ",
    "answer_hint": "Можно списки, **жирный** и ссылки",
    "aliases": "Другие формулировки вопроса",
    "url": "Ссылка «подробнее»",
    "tags": "Метки",
    "tags_hint": "Через запятую, для своих",
    "remove_article": "Удалить статью",
    "sure_article": "Статья исчезнет навсегда. Удалить?",
    "articles": "Статьи",
    "search": "Поиск по статьям",
    "find": "Найти",
    "earlier": "← Предыдущие",
    "later": "Следующие →",
    "paging": "Страницы списка",
    "no_articles": "Статей не нашлось: измените запрос или добавьте новую.",
    "enabled": "Ассистент использует статью",
    "files": "Загрузка и выгрузка",
    "files_hint": "Файл JSONL: в каждой строке статья целиком, вопрос и ответ — как для дообучения YandexGPT.",
    "export": "Скачать базу знаний (JSONL)",
    "file": "Файл JSONL",
    "upload": "Загрузить файл",
    "paste": "Или вставьте строки JSONL сюда",
    "import": "Добавить в базу",
    "passed_over": "Пропущенные строки",
    "imports": "Последние загрузки",
    "undo_import": "Отменить загрузку",
    "sure_import": "Добавленные статьи будут удалены, изменённые вернутся к прежнему виду. Что правили после загрузки, останется.",
    "import_undone": "Отменена",
    "work_none": "Сейчас таких нет.",
    "work_running": "Отвечает сейчас",
    "work_running_hint": "Ассистент готовит ответ.",
    "work_queued": "Ждут ответа дольше положенного",
    "work_queued_hint": "Прошлая попытка оборвалась; ассистента зовут снова каждые несколько секунд.",
    "work_failed": "Не получилось ответить",
    "work_failed_hint": "Разговор передан специалисту. Повторить можно, пока его никто не взял.",
    "work_broken": "Нарушенные обещания",
    "work_broken_hint": "Посетителю обещали ответить к этому времени, а он ещё ждёт.",
    "retry": "Повторить",
}


def words(language: str) -> dict[str, str]:
    """Return the sentences in a language."""
    found = {name: say(sentence, language) for name, sentence in _SENTENCES.items()}
    return found | people_words(language) | dict(_labels(language))


def _labels(language: str) -> Iterator[tuple[str, str]]:
    for plan in plans.every():
        inner = (
            [plan.rows, *(f"{plan.rows}.{name}" for name in (*plan.row_texts, *plan.row_lines))] if plan.rows else []
        )
        paths = [*plan.texts, *plan.ticks, *plan.lines, *inner]
        outer = {path.rpartition(".")[0] for path in paths if "." in path}
        for path in {*paths, *outer, *(path.partition(".")[0] for path in paths)}:
            yield f"{plan.kind.key}.{path}", say(titles(plan.kind, path.split("."))[-1], language)
