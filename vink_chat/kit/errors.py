"""Refusals: why a request cannot be fulfilled, in one sentence for the person who made it."""

from typing import ClassVar

from vink_chat.kit.words import DEFAULT_LANGUAGE, say


class VinkError(Exception):
    """The base of all refusals; pages and REST catch it and show its sentence.

    Attributes:
        sentence: The Russian sentence shown, with ``{names}`` for values.
        status: The HTTP status of the refusal.
        field: The name of the invalid field, or empty.
        line: The invalid line of that field, from 1; 0 for the whole field.
    """

    sentence: ClassVar[str] = "Не получилось. Попробуйте ещё раз."
    status: ClassVar[int] = 400
    field: str = ""
    line: int = 0

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.say())

    def say(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return the sentence in a language."""
        return say(self.sentence, language, **self.values)


class NotFound(VinkError):
    """The requested thing does not exist, or belongs to somebody else."""

    sentence = "Не найдено."
    status = 404


class Forbidden(VinkError):
    """The asker may not do this."""

    sentence = "Недостаточно прав."
    status = 403
