"""Refusals of the conversations."""

from datetime import datetime

from typing_extensions import override

from vink_chat.kit.clock import deadline
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import DEFAULT_LANGUAGE, say


class EmptyMessage(VinkError):
    """The message has no visible characters."""

    sentence = "Напишите сообщение: пустое отправить нельзя."


class LongMessage(VinkError):
    """The text is longer than a message may be."""

    sentence = "Слишком длинное сообщение: {length} знаков, а можно не больше {limit}. Разделите его на части."


class BadMessage(VinkError):
    """The request holds no text."""

    sentence = "Сообщение не удалось прочитать. Отправьте обычный текст."


class BadEmail(VinkError):
    """The text is not an e-mail address."""

    sentence = "Это не похоже на адрес почты: нужен вид name@example.ru."
    field = "email"


class BadPhone(VinkError):
    """The text is not a phone number."""

    sentence = "Это не похоже на телефон: нужно не меньше 6 цифр."
    field = "phone"


class ForbiddenMove(VinkError):
    """The conversation cannot go there from where it is."""

    sentence = "Так нельзя: разговор сейчас в другом состоянии. Обновите страницу."
    status = 409


class UnknownVisitor(VinkError):
    """The secret is missing or malformed."""

    sentence = "Не удалось узнать вас. Обновите страницу."
    status = 401


class Blocked(VinkError):
    """The chat is closed for this visitor or address.

    Attributes:
        until: When that ends; None for never.
    """

    sentence = "Отправка сообщений для вас закрыта. Свяжитесь с нами по телефону или почте."
    status = 403

    def __init__(self, until: datetime | None = None) -> None:
        self.until = until
        super().__init__()

    @override
    def say(self, language: str = DEFAULT_LANGUAGE, *, zone: str = "UTC", named: bool = False) -> str:
        """Return the sentence in a language; the end in the reader's time zone, or with the zone ``named``."""
        if self.until is None:
            return super().say(language)
        ends = "Отправка сообщений для вас закрыта до {until}. Свяжитесь с нами по телефону или почте."
        return say(ends, language, until=deadline(self.until, language, zone, named=named))


class SignedOut(VinkError):
    """The site renewed its secret: signatures made with the previous one are no longer valid."""

    sentence = "Вход на сайте устарел. Обновите страницу и отправьте ещё раз."
    status = 403


class ShownAlready(VinkError):
    """The visitor has already seen the message, so it cannot become a note."""

    sentence = "Посетитель уже видит это сообщение, заметкой оно не станет. Исправьте текст без // в начале."
    status = 409


class ConversationOver(VinkError):
    """The conversation has ended: what the visitor was told can no longer be changed."""

    sentence = "Разговор завершён: отправленное посетителю уже не изменить."
    status = 409


class NoOpenConversation(VinkError):
    """The conversation is closed, or there is none."""

    sentence = "Этот разговор уже завершён."
    status = 409


class NotYours(VinkError):
    """The operator does not hold the conversation, or did not write the message."""

    sentence = "Этот разговор сейчас ведёте не вы."
    status = 403
