"""Refusals: what a person did that cannot be done, in one sentence fit to show."""

from typing import ClassVar

from vink_chat.kit.words import DEFAULT_LANGUAGE, say


class VinkError(Exception):
    """The root of all refusals. Doors catch this one and show its sentence.

    Attributes:
        sentence: The Russian sentence shown, with ``{names}`` for values.
        status: The HTTP status of the refusal.
        field: The name of the one field it is about, or empty.
        line: Which line of that field, from 1; 0 for the whole field.
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
    """What was asked for is not there, or is not the asker's."""

    sentence = "Не найдено."
    status = 404


class Forbidden(VinkError):
    """The asker may not do this."""

    sentence = "Недостаточно прав."
    status = 403
