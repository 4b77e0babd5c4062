"""message_quote

Revision ID: 20261122_quote
Revises: 20261122_first
Create Date: 2026-11-22 11:17:53.816877+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261122_quote"
down_revision: str | Sequence[str] | None = "20261122_first"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quote_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("quote", sa.String(length=200), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("quote")
        batch_op.drop_column("quote_id")
