"""What the REST contract refuses before a message reaches its room."""

from vink_chat.kit.errors import VinkError


class NoToken(VinkError):
    """The header ``chat-token`` is absent or empty."""

    sentence = "Токен не был передан в заголовках"


class BadToken(VinkError):
    """The token could be guessed, or is no token."""

    sentence = "Токен не подходит: нужно от 8 до 100 латинских букв, цифр, дефисов и подчёркиваний, например UUID."


class UnreadableBody(VinkError):
    """The body is not what its type says."""

    sentence = "Тело запроса не удалось прочитать: нужен объект JSON с полем message в кодировке UTF-8."


class LargeBody(VinkError):
    """The body is larger than any message can be."""

    sentence = "Слишком большой запрос: можно не больше {limit} КБ."
    status = 413


class UnknownBody(VinkError):
    """The body is of a type the contract does not read."""

    sentence = 'Неподдерживаемый тип данных "{kind}" в запросе.'
    status = 415
