"""The table of preferences, and a section with its version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from vink_chat.kit.columns import Moment
from vink_chat.preferences.sections.base import Section

S = TypeVar("S", bound=Section)


class Preference(SQLModel, table=True):
    """One saved section as JSON."""

    __tablename__ = "preference"  # pyright: ignore[reportAssignmentType]  SQLModel declares it otherwise

    key: str = Field(primary_key=True, max_length=64)
    content: str = Field(sa_type=Text)
    version: int
    updated_at: datetime = Field(sa_type=Moment)
    updated_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Versioned(Generic[S]):
    """A section with its version.

    Attributes:
        version: 0 if it was never saved; pass it to ``save`` as ``expected_version``.
        updated_by: The administrator's id; None for defaults.
    """

    section: S
    version: int = 0
    updated_at: datetime | None = None
    updated_by: UUID | None = None
