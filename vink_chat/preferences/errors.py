"""Errors of saving preferences: which field is invalid, and what to write instead."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, get_args

from pydantic import BaseModel, ValidationError
from typing_extensions import override

from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import DEFAULT_LANGUAGE, say

REASONS: Final[Mapping[str, str]] = {
    "missing": "заполните его",
    "string_type": "нужен текст",
    "string_too_short": "заполните его, знаков не меньше {min_length}",
    "string_too_long": "слишком длинно, знаков не больше {max_length}",
    "string_pattern_mismatch": "в нём недопустимые знаки",
    "string_unicode": "в нём недопустимые знаки",
    "greater_than_equal": "не меньше {ge}",
    "less_than": "нужно число меньше {lt}",
    "less_than_equal": "не больше {le}",
    "int_type": "нужно целое число",
    "int_parsing": "нужно целое число",
    "int_from_float": "нужно целое число",
    "int_parsing_size": "слишком большое число",
    "float_type": "нужно число",
    "float_parsing": "нужно число",
    "finite_number": "нужно число",
    "bool_type": "нужно «да» или «нет»",
    "bool_parsing": "нужно «да» или «нет»",
    "too_short": "строк не меньше {min_length}",
    "too_long": "строк не больше {max_length}",
    "tuple_type": "нужен список",
    "enum": "выберите одно из предложенных значений",
    "time_parsing": "напишите время, например 09:00",
    "date_from_datetime_parsing": "напишите дату, например 2027-01-07",
    "date_parsing": "напишите дату, например 2027-01-07",
    "uuid_parsing": "такого номера нет",
}
OTHER_REASON: Final = "значение не подходит"


class InvalidPreference(VinkError):
    """A value is invalid; nothing was saved.

    Attributes:
        path: The path of the value: names and list indexes from 0, such as ``("week", "monday", "opens")``.
    """

    sentence: ClassVar[str] = "Поле «{field}»: {reason}."
    status: ClassVar[int] = 422

    def __init__(self, path: tuple[int | str, ...], titles: Sequence[str], reason: str, **limits: object) -> None:
        self.path = path
        self._titles = tuple(titles)
        self._reason = reason
        self._limits = limits
        super().__init__()

    @override
    def say(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return the sentence in a language, with a translated field name and reason."""
        field = ", ".join(say(title, language) for title in self._titles)
        return say(self.sentence, language, field=field, reason=say(self._reason, language, **self._limits))

    @classmethod
    def of(cls, kind: type[BaseModel], error: ValidationError) -> "InvalidPreference":
        """Translate pydantic's first error into an administrator's words."""
        first = error.errors(include_url=False)[0]
        path = tuple(part for part in first["loc"] if part != "[key]")
        if first["type"] == "wrong":
            return cls(path, titles(kind, path), first["msg"])
        # A missing value is reported as missing, not as a malformed number.
        empty = not str(first["input"]).strip() and first["type"].endswith(("_parsing", "_mismatch"))
        reason = REASONS.get("missing" if empty else first["type"], OTHER_REASON)
        return cls(path, titles(kind, path), reason, **_readable(first.get("ctx", {})))


def _readable(limits: Mapping[str, Any]) -> dict[str, object]:
    return {name: f"{limit:g}" if isinstance(limit, float) else limit for name, limit in limits.items()}


class EditedMeanwhile(VinkError):
    """Somebody else saved the same section meanwhile."""

    sentence = "Пока вы правили, эти настройки сохранил кто-то другой. Откройте страницу заново и повторите правку."
    status = 409


def titles(kind: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """Return the Russian titles along a path into a section; list indexes are «№ 1»."""
    parts: list[str] = []
    model: type[BaseModel] | None = kind
    for part in path:
        if isinstance(part, int):
            parts.append(f"№ {part + 1}")
        elif model is not None and part in model.model_fields:
            field = model.model_fields[part]
            parts.append(field.title or part)
            model = _inner(field.annotation)
    return parts or [kind.__name__]


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _inner(part))), None)
