"""Errors of the REST contract before a message reaches ``conversations``."""

from vink_chat.kit.errors import VinkError


class NoToken(VinkError):
    """The header ``chat-token`` is missing or empty."""

    sentence = "Токен не был передан в заголовках"


class BadToken(VinkError):
    """The token is malformed or could be guessed."""

    sentence = "Токен не подходит: нужно от 8 до 100 латинских букв, цифр, дефисов и подчёркиваний, например UUID."


class UnreadableBody(VinkError):
    """The body does not match its content type."""

    sentence = "Тело запроса не удалось прочитать: нужен объект JSON с полем message в кодировке UTF-8."


class LargeBody(VinkError):
    """The body is larger than any message can be."""

    sentence = "Слишком большой запрос: можно не больше {limit} КБ."
    status = 413


class UnknownBody(VinkError):
    """The body has a content type that the contract does not support."""

    sentence = 'Неподдерживаемый тип данных "{kind}" в запросе.'
    status = 415
