"""pending_end: a conversation ends some seconds after its holder pressed, so that they may think better of it.

Revision ID: 20261128_pending_end
Revises: 20261128_knowledge_change
Create Date: 2026-11-28 09:05:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261128_pending_end"
down_revision: str | Sequence[str] | None = "20261128_knowledge_change"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_at", vink_chat.kit.columns.Moment(), nullable=True))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("ends_at")
