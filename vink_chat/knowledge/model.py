"""The tables of the knowledge base, and its views for other rooms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer
from sqlmodel import Field, SQLModel, Text

from vink_chat.kit.clock import now
from vink_chat.kit.columns import Moment
from vink_chat.kit.errors import VinkError


class Article(SQLModel, table=True):
    """A question with the answer that an administrator wrote.

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

    def fields(self) -> dict[str, Any]:
        """The editable fields: every column but the id and the times."""
        return {name: getattr(self, name) for name in ("question", "answer", "aliases", "url", "tags", "enabled")}


class Edition(SQLModel, table=True):
    """The only row, with the version of the knowledge base.

    Attributes:
        id: Always 1.
        version: A new random string at every change, so that a rolled back change never looks like a later one.
        demo_loaded: Whether the demo knowledge base was ever loaded.
    """

    __tablename__ = "knowledge_edition"  # pyright: ignore[reportAssignmentType]

    id: int = Field(primary_key=True)
    version: str
    demo_loaded: bool = False


class Import(SQLModel, table=True):
    """One import of a file, kept so that it can be undone.

    Attributes:
        by: The name of the administrator who imported it.
        undone_at: When it was undone, or None.
    """

    __tablename__ = "knowledge_import"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    by: str = Field(default="", max_length=200)
    added: int = 0
    updated: int = 0
    created_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
    undone_at: datetime | None = Field(default=None, sa_type=Moment)


class ImportedArticle(SQLModel, table=True):
    """The change of one article by an import.

    Attributes:
        before: Its previous fields (see ``Article.fields``); None if the import added it.
        after: Its new fields, to detect later edits.
    """

    __tablename__ = "knowledge_imported_article"  # pyright: ignore[reportAssignmentType]

    import_id: UUID = Field(
        sa_column=Column(ForeignKey("knowledge_import.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    article_id: UUID = Field(primary_key=True)
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    after: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import in the list on the administrators' page."""

    id: UUID
    by: str
    added: int
    updated: int
    created_at: datetime
    undone: bool

    @classmethod
    def of(cls, row: Import) -> "ImportView":
        """Return the view of a row."""
        return cls(row.id, row.by, row.added, row.updated, row.created_at, row.undone_at is not None)


@dataclass(frozen=True, slots=True)
class UndoReport:
    """The result of undoing an import.

    Attributes:
        removed: Articles that the import had added.
        restored: Articles that got their previous fields back.
        kept: Articles that were changed or removed since and stay as they are.
    """

    removed: int = 0
    restored: int = 0
    kept: int = 0


class ArticleChange(SQLModel, table=True):
    """One change of an article; every process updates its index from these rows.

    Attributes:
        number: Increases with every change, in the order of commits.
        version: The version of the knowledge base after the change, see ``Edition``.
    """

    __tablename__ = "knowledge_change"  # pyright: ignore[reportAssignmentType]

    number: int = Field(sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True))
    article_id: UUID
    version: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A search result: an article that fits a question.

    Attributes:
        id: The article's id.
        title: The question of the article.
        text: Its answer (simple Markdown).
        url: Where a visitor can read more, or empty.
        score: The calibrated confidence that it answers the question, 0.0 to 1.0; from 0.7 it may be quoted.
    """

    id: UUID
    title: str
    text: str
    url: str
    score: float


@dataclass(frozen=True, slots=True)
class BadLine:
    """An invalid line of an import.

    Attributes:
        number: Its line number, from 1.
        refusal: What is wrong with it; ``refusal.say(language)`` is for the administrator.
    """

    number: int
    refusal: VinkError


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import.

    Attributes:
        unchanged: Lines whose article already had the same fields.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    bad_lines: tuple[BadLine, ...] = ()
