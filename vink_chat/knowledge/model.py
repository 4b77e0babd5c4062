"""The nouns of the knowledge room."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel, Text

from vink_chat.kit.clock import now
from vink_chat.kit.columns import Moment
from vink_chat.kit.errors import VinkError


class Article(SQLModel, table=True):
    """A question and the answer an administrator wrote to it.

    Attributes:
        aliases: The same question in other words, one a line.
        answer: Simple Markdown.
        url: Where a visitor can read more, or empty.
        tags: Free words for the administrators, separated by commas.
        enabled: Whether the search may find it.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    question: str = Field(sa_type=Text)
    aliases: str = Field(default="", sa_type=Text)
    answer: str = Field(sa_type=Text)
    url: str = Field(default="", sa_type=Text)
    tags: str = Field(default="", sa_type=Text)
    enabled: bool = True
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    updated_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)

    @property
    def questions(self) -> tuple[str, ...]:
        """The question and its aliases."""
        return self.question, *self.aliases.splitlines()


class Edition(SQLModel, table=True):
    """The one row that says which version the knowledge has.

    Attributes:
        id: Always 1.
        version: A new random word with every change, so that a change rolled back never looks like a later one.
        demo_loaded: Whether the demo knowledge base was ever put in.
    """

    __tablename__ = "knowledge_edition"  # pyright: ignore[reportAssignmentType]

    id: int = Field(primary_key=True)
    version: str
    demo_loaded: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of knowledge that fits a question.

    Attributes:
        id: The article's id.
        title: The question the article answers.
        text: The answer, as an administrator wrote it (simple Markdown).
        url: Where a visitor can read more, or empty.
        score: How surely it answers the question, 0.0 to 1.0 (calibrated: 0.7 and more may be quoted as it is).
    """

    id: UUID
    title: str
    text: str
    url: str
    score: float


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of an import that could not be read.

    Attributes:
        number: Its number in the file, from 1.
        refusal: What is wrong with it; ``refusal.say(language)`` is fit to show.
    """

    number: int
    refusal: VinkError


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        unchanged: Lines whose article was there already with the same answer.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    bad_lines: tuple[BadLine, ...] = ()
