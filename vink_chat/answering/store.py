"""Every SQL statement of the answering room."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import SQLModel, col, select

from vink_chat.answering.model import Ending, Run
from vink_chat.conversations import Conversation, Reason
from vink_chat.kit.db import Transaction
from vink_chat.kit.prepared import Prepared

_INSERT_RUN: Final = Prepared(SQLModel.metadata.tables["run"].insert())


async def keep(tx: Transaction, **values: object) -> None:
    """Insert a run; ``values`` are the columns of ``Run``."""
    await tx.rows(_INSERT_RUN, **values)


async def runs(tx: Transaction, conversation_id: UUID, limit: int = 200) -> Sequence[Run]:
    """List a conversation's last runs, oldest first."""
    statement = select(Run).where(Run.conversation_id == conversation_id)
    newest = (await tx.session.exec(statement.order_by(col(Run.created_at).desc()).limit(limit))).all()
    return newest[::-1]


async def failures(tx: Transaction, limit: int = 50) -> Sequence[tuple[Run, Conversation]]:
    """List failed runs (no answer came, or it was rejected) with their conversations, newest first."""
    statement = (
        select(Run, Conversation)
        .join(Conversation, col(Conversation.id) == col(Run.conversation_id))
        .where(
            col(Run.ending).in_([Ending.HANDED_OVER, Ending.CLARIFIED]),
            col(Run.reason).in_([Reason.PROVIDER_DOWN, Reason.CHECK_FAILED]),
        )
        .order_by(col(Run.created_at).desc())
        .limit(limit)
    )
    return (await tx.session.exec(statement)).all()
