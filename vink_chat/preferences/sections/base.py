"""The base of all sections: frozen and typed, each field with the Russian title that administrators see."""

import unicodedata
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

_LINE_BREAKS: Final = "\n\t"


def invalid(reason: str) -> PydanticCustomError:
    """Return a validation error to raise; the reason is a Russian sentence without its subject."""
    return PydanticCustomError("wrong", reason)  # pyright: ignore[reportArgumentType]  pydantic wants a literal


def _printable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(sign) == "Cc" and sign not in _LINE_BREAKS for sign in text):
        raise invalid("уберите невидимые управляющие символы")
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise invalid("напишите в одну строку")
    return text


def sized(longest: int, shortest: int = 0) -> StringConstraints:
    """Return length limits of a text in characters, without surrounding spaces."""
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


PRINTABLE: Final = AfterValidator(_printable)
ONE_LINE: Final = AfterValidator(_one_line)

Line = Annotated[str, sized(200, 1), PRINTABLE, ONE_LINE]
MaybeLine = Annotated[str, sized(200), PRINTABLE, ONE_LINE]
Text = Annotated[str, sized(2000, 1), PRINTABLE]
LongText = Annotated[str, sized(8000, 1), PRINTABLE]


class Piece(BaseModel):
    """A part of a section."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, validate_default=True)


class Section(Piece):
    """One page of the preferences: read, validated and saved as a whole.

    Attributes:
        key: Its name in the database and in signals.
    """

    key: ClassVar[str]
