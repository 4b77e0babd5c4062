"""quick replies: a message may offer the visitor buttons to answer it with.

Revision ID: 20261128_quick_replies
Revises: 20261128_read_marks
Create Date: 2026-11-28 08:00:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_quick_replies"
down_revision: str | Sequence[str] | None = "20261128_read_marks"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quick_replies", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("quick_replies")
