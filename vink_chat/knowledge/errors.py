"""Errors of articles and of imported files."""

from vink_chat.kit.errors import NotFound, VinkError


class NoSuchArticle(NotFound):
    """The article is not there, or not any more."""

    sentence = "Такой статьи в базе знаний нет: возможно, её уже удалили."


class NoSuchImport(NotFound):
    """The import is not among those that can be undone."""

    sentence = "Этой загрузки уже нет в списке: отменить можно одну из последних десяти."


class EmptyQuestion(VinkError):
    """An article without a question."""

    sentence = "Напишите вопрос, на который отвечает статья."
    field = "question"


class EmptyAnswer(VinkError):
    """An article without an answer."""

    sentence = "Напишите ответ."
    field = "answer"


class TooLong(VinkError):
    """A field is over its limit.

    The value ``limit`` is in letters.
    """

    sentence = "Слишком длинный текст: в этом поле помещается не больше {limit} знаков."

    def __init__(self, *, limit: object, field: str = "") -> None:
        super().__init__(limit=limit)
        self.field = field


class TooManyAliases(VinkError):
    """More wordings than an article may have."""

    sentence = "Слишком много формулировок: не больше {limit} строк."
    field = "aliases"


class NotAnAddress(VinkError):
    """The link is not an address a browser could open."""

    sentence = "Ссылка должна быть адресом страницы, например https://www.vink.ru/delivery/."
    field = "url"


class TooMuchAtOnce(VinkError):
    """A file over the limit of one import."""

    sentence = "Файл слишком велик: за один раз загружается не больше {lines} строк и {megabytes} МБ."
    status = 413


class NotJson(VinkError):
    """A line that is no JSON."""

    sentence = "Строка не читается как JSON."


class NoRequest(VinkError):
    """A line without the list of turns."""

    sentence = "В строке нет списка «request» с репликами."


class NoQuestion(VinkError):
    """A line whose last user turn is missing or empty."""

    sentence = "Нет вопроса: последняя реплика с ролью «user» пуста или отсутствует."


class NoAnswer(VinkError):
    """A line without an answer."""

    sentence = "Нет ответа: поле «response» пусто или отсутствует."


class BadFields(VinkError):
    """A line whose ``article`` is not what this program writes."""

    sentence = "Поле «article» должно содержать aliases (список строк), url, tags (строки), enabled (true или false)."
