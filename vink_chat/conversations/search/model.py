"""The tables of the search: the index, and how far old messages are in it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from vink_chat.kit.columns import Moment

ONLY: Final = 1


class SearchEntry(SQLModel, table=True):
    """The terms of one message, or of one visitor's card; deleted together with it.

    SQLite's full-text table ``search_terms``, and PostgreSQL's index of the same name, are made by the migration
    ``20261128_search``; triggers keep the former up to date.

    Attributes:
        number: Grows with time; messages older than the index are numbered backwards from zero.
        terms: See ``terms.terms``: separated by spaces, on PostgreSQL a tsvector without positions.
    """

    __tablename__: str = "search_entry"  # pyright: ignore[reportIncompatibleVariableOverride]

    number: int = Field(sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True))
    message_id: UUID | None = Field(
        default=None, sa_column=Column(ForeignKey("message.id", ondelete="CASCADE"), unique=True, nullable=True)
    )
    visitor_id: UUID | None = Field(
        default=None, sa_column=Column(ForeignKey("visitor.id", ondelete="CASCADE"), unique=True, nullable=True)
    )
    terms: str = Field(sa_column=Column(Text().with_variant(TSVECTOR, "postgresql"), nullable=False))


class SearchProgress(SQLModel, table=True):
    """The single row that records how far old conversations are indexed, newest first.

    Attributes:
        id: Always 1.
        total: How many messages there were when the index was made.
        done: Of these, how many are indexed.
        lowest: The last ``SearchEntry.number`` given to one of them.
        conversation_begun: When the conversation last read began; None before the first one.
        conversation_id: Its id.
        position: The position of its last indexed message; 0 if all of it is indexed.
        finished: Whether everything is indexed.
    """

    __tablename__: str = "search_progress"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: int = Field(primary_key=True)
    total: int
    done: int = 0
    lowest: int = 0
    conversation_begun: datetime | None = Field(default=None, sa_type=Moment)
    conversation_id: UUID | None = None
    position: int = 0
    finished: bool = False
