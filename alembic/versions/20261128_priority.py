"""priority: how urgent operators consider a conversation, and the queue's order by it.

Revision ID: 20261128_priority
Revises: 20261128_rating_comment
Create Date: 2026-11-28 18:50:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_priority"
down_revision: str | Sequence[str] | None = "20261128_rating_comment"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.SmallInteger(), server_default="3", nullable=False))
        batch_op.drop_index("conversation_by_wait")
        batch_op.create_index("conversation_by_wait", ["status", "priority", "waiting_since"], unique=False)
        batch_op.create_index("conversation_by_priority", ["status", "priority", "last_at"], unique=False)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index("conversation_by_priority")
        batch_op.drop_index("conversation_by_wait")
        batch_op.create_index("conversation_by_wait", ["status", "waiting_since"], unique=False)
        batch_op.drop_column("priority")
