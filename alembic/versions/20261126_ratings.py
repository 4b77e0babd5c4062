"""ratings: what a visitor thought of each end of a conversation stays when it goes on.

Revision ID: 20261126_ratings
Revises: 20261126_telegram_bot
Create Date: 2026-11-26 15:00:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261126_ratings"
down_revision: str | Sequence[str] | None = "20261126_telegram_bot"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "conversation_rating",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", vink_chat.kit.columns.Moment(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", "ended_at"),
    )
    with op.batch_alter_table("conversation_rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_rating_ended_at"), ["ended_at"], unique=False)
    op.execute(
        "INSERT INTO conversation_rating (conversation_id, ended_at, stars) "
        "SELECT id, closed_at, rating FROM conversation WHERE rating IS NOT NULL AND closed_at IS NOT NULL"
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("conversation_rating")
