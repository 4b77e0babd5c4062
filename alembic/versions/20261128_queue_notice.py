"""queue notice: which message told a waiting visitor a place in the queue.

Revision ID: 20261128_queue_notice
Revises: 20261128_withheld
Create Date: 2026-11-28 10:05:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_queue_notice"
down_revision: str | Sequence[str] | None = "20261128_withheld"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("queue_notice_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("queue_notice_id")
