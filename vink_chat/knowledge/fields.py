"""What may stand in an article's fields, and the refusals of what may not."""

import re
from typing import Final
from urllib.parse import urlsplit

from vink_chat.kit.errors import NotFound, VinkError

MAX_QUESTION: Final = 500
MAX_ALIASES: Final = 50
MAX_ANSWER: Final = 8_000
MAX_URL: Final = 500
MAX_TAGS: Final = 200

# PostgreSQL stores no NUL, and nobody types the others on purpose.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


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


def question(text: str) -> str:
    """Return a question fit to store."""
    tidy = " ".join(_tidy(text).split())
    if not tidy:
        raise EmptyQuestion
    return _within(tidy, MAX_QUESTION, "question")


def answer(text: str) -> str:
    """Return an answer fit to store."""
    tidy = _tidy(text).strip()
    if not tidy:
        raise EmptyAnswer
    return _within(tidy, MAX_ANSWER, "answer")


def aliases(text: str) -> str:
    """Return other wordings fit to store, one a line, each once."""
    lines = dict.fromkeys(" ".join(line.split()) for line in _tidy(text).splitlines())
    kept = [_within(line, MAX_QUESTION, "aliases") for line in lines if line]
    if len(kept) > MAX_ALIASES:
        raise TooManyAliases(limit=MAX_ALIASES)
    return "\n".join(kept)


def url(text: str) -> str:
    """Return an address fit to store; empty for none."""
    tidy = _within(_tidy(text).strip(), MAX_URL, "url")
    if not tidy:
        return ""
    try:
        parts = urlsplit(tidy)
    except ValueError:
        raise NotAnAddress from None
    # Browsers read a backslash as a slash and pass over a line break: the address would lead elsewhere than it says.
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s\\]", tidy):
        raise NotAnAddress
    return tidy


def tags(text: str) -> str:
    """Return tags fit to store, separated by commas."""
    words = dict.fromkeys(" ".join(word.split()) for word in _tidy(text).split(","))
    return _within(", ".join(word for word in words if word), MAX_TAGS, "tags")


def _within(text: str, limit: int, field: str) -> str:
    if len(text) > limit:
        raise TooLong(limit=limit, field=field)
    return text


def _tidy(text: str) -> str:
    # A surrogate that stands alone cannot be sent to a database.
    whole = text.replace("\r\n", "\n").encode("utf-8", "ignore").decode()
    return _CONTROL.sub("", whole)
