"""The tables of answering: one row for every run, so that staff can see later why it ended as it did."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column, ForeignKey
from sqlmodel import Field, SQLModel

from vink_chat.kit.clock import now
from vink_chat.kit.columns import Choice, Moment

LONGEST_WITHHELD: Final = 4000


class Ending(StrEnum):
    """How a run ended.

    CLARIFIED: it was not sure and asked the visitor. SILENT: it was not sure, and the visitor already waits.
    """

    ANSWERED = "answered"
    CLARIFIED = "clarified"
    SILENT = "silent"
    HANDED_OVER = "handed_over"
    SUPERSEDED = "superseded"


class Run(SQLModel, table=True):
    """One attempt of the assistant at an answer.

    Attributes:
        position: The position of the last message that the run answers.
        detail: Why the answer was rejected or did not come, for operators; never a visitor's text.
        withheld: What the model wrote but the visitor was not shown, for operators.
        passages: What the knowledge search found: ``[{"id": …, "title": …, "score": …, "cited": …}]``.
        milliseconds: From the start of the run to its commit, the model's time included.
        model_milliseconds: The provider's part of it.
    """

    __tablename__: str = "run"  # pyright: ignore[reportIncompatibleVariableOverride]

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    conversation_id: UUID = Field(
        sa_column=Column(ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    position: int
    ending: Ending = Field(sa_type=Choice(Ending))  # pyright: ignore[reportArgumentType]
    reason: str = Field(default="", max_length=32)
    detail: str = Field(default="", max_length=500)
    withheld: str = Field(default="", max_length=LONGEST_WITHHELD)
    provider: str = Field(default="", max_length=40)
    model: str = Field(default="", max_length=200)
    request_id: str = Field(default="", max_length=100)
    input_tokens: int = 0
    output_tokens: int = 0
    milliseconds: int = 0
    model_milliseconds: int = 0
    passages: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
