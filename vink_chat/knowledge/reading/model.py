"""The nouns of reading: what was found in a file or on a site, and what was passed over."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, cast

from pydantic import PlainValidator

from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import DEFAULT_LANGUAGE, say
from vink_chat.knowledge import errors as article_errors
from vink_chat.knowledge.reading import errors as reading_errors


class Kind(StrEnum):
    """What a file is, told by its content."""

    CSV = "csv"
    XLSX = "xlsx"
    MARKDOWN = "markdown"
    JSONL = "jsonl"
    PDF = "pdf"
    DOCX = "docx"

    @property
    def is_table(self) -> bool:
        """Whether columns have to be chosen before it can be read."""
        return self in {Kind.CSV, Kind.XLSX}


@dataclass(frozen=True, slots=True)
class Origin:
    """The place a draft comes from; what does not apply is empty or 0.

    Attributes:
        line: The row of a sheet or the line of a text, from 1.
        page: The page of a PDF, from 1.
    """

    sheet: str = ""
    line: int = 0
    page: int = 0
    heading: str = ""
    url: str = ""

    def say(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return the place as people read it."""
        parts = [
            say("лист «{sheet}»", language, sheet=self.sheet) if self.sheet else "",
            self.url,
            say("страница {page}", language, page=self.page) if self.page else "",
            say("строка {line}", language, line=self.line) if self.line else "",
            say("раздел «{heading}»", language, heading=self.heading) if self.heading else "",
        ]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """An article as it would be added; every field is valid.

    Attributes:
        aliases: The same question in other words, one a line.
        tags: Separated by commas.
    """

    origin: Origin
    question: str
    answer: str
    aliases: str = ""
    url: str = ""
    tags: str = ""
    enabled: bool = True


def refusal_from(value: object) -> VinkError:
    """Make a refusal of what ``refusal_as_json`` gave.

    Raises:
        ValueError: It is none of this room's refusals.
    """
    if isinstance(value, VinkError):
        return value
    told = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    name = str(told.get("name"))
    kind = getattr(reading_errors, name, None) or getattr(article_errors, name, None)
    if isinstance(kind, type) and issubclass(kind, VinkError):
        return kind(**told.get("values", {}))
    msg = "no refusal of this room"
    raise ValueError(msg)


def refusal_as_json(refusal: object) -> dict[str, Any]:
    """Return a refusal as plain values.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(refusal, VinkError):
        raise TypeError
    return {"name": type(refusal).__name__, "values": refusal.values}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part of a source that did not become a draft.

    Attributes:
        refusal: Why; ``refusal.say(language)`` is fit to show.
    """

    origin: Origin
    refusal: Annotated[VinkError, PlainValidator(refusal_from)]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source gave, in its own order."""

    drafts: tuple[ArticleDraft, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def __add__(self, other: "Reading") -> "Reading":
        """Return both, one after the other."""
        return Reading(self.drafts + other.drafts, self.skipped + other.skipped)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which column is what, counted from 0; None where there is none.

    Attributes:
        header: Whether the first row names the columns.
    """

    question: int
    answer: int
    aliases: tuple[int, ...] = ()
    url: int | None = None
    tags: int | None = None
    enabled: int | None = None
    header: bool = True

    @property
    def columns(self) -> tuple[int, ...]:
        """Every chosen column."""
        single = (self.question, self.answer, self.url, self.tags, self.enabled)
        return (*(column for column in single if column is not None), *self.aliases)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The head of a table, to choose columns by.

    Attributes:
        name: Of the sheet; empty for a CSV file.
        columns: Their names; the letters of a spreadsheet where nothing names them.
        rows: The first rows under the names, each cell cut short.
        row_count: All rows that hold something, without the names.
        guess: Which column seems to be what; None if no two columns hold text.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_count: int
    guess: ColumnMapping | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The sheets of a file; a CSV file has one."""

    kind: Kind
    sheets: tuple[Sheet, ...]
