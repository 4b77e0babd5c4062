"""Errors of articles and of imported files."""

from vink_chat.kit.errors import NotFound, VinkError


class NoSuchArticle(NotFound):
    """There is no such article, or it was removed."""

    sentence = "Такой статьи в базе знаний нет: возможно, её уже удалили."


class NoSuchImport(NotFound):
    """The import cannot be undone any more."""

    sentence = "Этой загрузки уже нет в списке: отменить можно одну из последних десяти."


class EmptyQuestion(VinkError):
    """An article without a question."""

    sentence = "Напишите вопрос, на который отвечает статья."
    field = "question"


class QuestionTaken(VinkError):
    """Another article has the same question.

    The value ``question`` is as that article has it.
    """

    sentence = "На этот вопрос уже отвечает статья «{question}». Измените её."
    status = 409
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
    """More aliases than an article may have."""

    sentence = "Слишком много формулировок: не больше {limit} строк."
    field = "aliases"


class NotAnAddress(VinkError):
    """The link is not a web address."""

    sentence = "Ссылка должна быть адресом страницы, например https://www.vink.ru/delivery/."
    field = "url"


class TooMuchAtOnce(VinkError):
    """A file exceeds the limit of one import."""

    sentence = "Файл слишком велик: за один раз загружается не больше {lines} строк и {megabytes} МБ."
    status = 413


class NotJson(VinkError):
    """A line is not valid JSON."""

    sentence = "Строка не читается как JSON."


class NoRequest(VinkError):
    """A line has no list of turns."""

    sentence = "В строке нет списка «request» с репликами."


class NoQuestion(VinkError):
    """The last user turn of a line is missing or empty."""

    sentence = "Нет вопроса: последняя реплика с ролью «user» пуста или отсутствует."


class NoAnswer(VinkError):
    """A line has no answer."""

    sentence = "Нет ответа: поле «response» пусто или отсутствует."


class BadFields(VinkError):
    """The ``article`` of a line has an unknown format."""

    sentence = "Поле «article» должно содержать aliases (список строк), url, tags (строки), enabled (true или false)."
