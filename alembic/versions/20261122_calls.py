"""calls

Revision ID: 20261122_calls
Revises: 20261122_quote
Create Date: 2026-11-22 11:35:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261122_calls"
down_revision: str | Sequence[str] | None = "20261122_quote"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "conversation_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("created_at", vink_chat.kit.columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("conversation_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_call_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conversation_call_created_at"), ["created_at"], unique=False)
    op.create_index("ix_conversation_created_at", "conversation", ["created_at"], unique=False)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("ix_conversation_created_at", "conversation")
    op.drop_table("conversation_call")
