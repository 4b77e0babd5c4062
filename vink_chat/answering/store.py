"""Every SQL statement of the answering room."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from vink_chat.answering.model import Run
from vink_chat.kit.db import Transaction


async def runs(tx: Transaction, conversation_id: UUID, limit: int = 200) -> Sequence[Run]:
    """List a conversation's runs, oldest first."""
    statement = select(Run).where(Run.conversation_id == conversation_id).order_by(col(Run.created_at)).limit(limit)
    return (await tx.session.exec(statement)).all()
