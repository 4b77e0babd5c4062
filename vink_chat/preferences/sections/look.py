"""The chat's appearance, and the sites that may embed it."""

import re
from enum import StrEnum
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, Field, StringConstraints

from vink_chat.preferences.sections.base import MaybeLine, Section, invalid

# These go into a style sheet and a response header, so nothing that could end a value is allowed.
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_LOGO: Final = re.compile(r"(https://[a-z0-9.-]+(:\d{1,5})?)?/[\w./%+~=&?@-]*", re.IGNORECASE | re.ASCII)
_ORIGIN: Final = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", re.ASCII)
# White text on this luminance has a contrast of 4.5 : 1, the minimum of WCAG 2.2 (AA).
_BRIGHTEST_UNDER_WHITE: Final = 1.05 / 4.5 - 0.05


class Position(StrEnum):
    """The side of a page with the chat's button."""

    LEFT = "left"
    RIGHT = "right"


def _colour(value: str) -> str:
    if not _COLOUR.fullmatch(value):
        raise invalid("напишите цвет шестью знаками, например #ffd500")
    return value


def _logo(value: str) -> str:
    if value and (not _LOGO.fullmatch(value) or value.startswith("//")):
        raise invalid("напишите адрес картинки, который начинается с https:// или с /")
    return value


def _origin(value: str) -> str:
    value = value.removesuffix("/")
    if not _ORIGIN.fullmatch(value):
        raise invalid("напишите адрес сайта без страницы, например https://www.vink.ru")
    return value


Colour = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=20), AfterValidator(_colour)]
Logo = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_logo)]
Origin = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=260), AfterValidator(_origin)
]


class Look(Section):
    """Colour, logo, title, position, and the sites that may embed the chat."""

    key: ClassVar[str] = "look"

    colour: Colour = Field(default="#ffd500", title="Цвет")
    logo_url: Logo = Field(default="", title="Логотип")
    title: MaybeLine = Field(default="Чат с Винк", title="Название")
    position: Position = Field(default=Position.RIGHT, title="Положение кнопки")
    allowed_sites: Annotated[tuple[Origin, ...], Field(max_length=100)] = Field(
        default=(), title="Разрешённые сайты (пусто — любые)"
    )

    @property
    def ink(self) -> str:
        """The text colour on the brand colour: white if readable, else black; widget.js has the same rule."""
        red, green, blue = (_linear(int(self.colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
        luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        return "#000000" if luminance > _BRIGHTEST_UNDER_WHITE else "#ffffff"


def _linear(part: float) -> float:
    # WCAG 2.2, relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance, without its linear part for
    # the darkest values, as in widget.js, where every byte counts: the result is too light by 0.0008 at most.
    return ((part + 0.055) / 1.055) ** 2.4
