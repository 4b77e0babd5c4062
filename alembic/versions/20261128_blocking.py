"""blocking: visitors whom an operator blocked, until when, by whom and why.

Revision ID: 20261128_blocking
Revises: 20261128_consent
Create Date: 2026-11-28 09:40:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_blocking"
down_revision: str | Sequence[str] | None = "20261128_consent"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("blocked_by", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("blocked_reason", sa.String(length=200), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        for name in ("blocked_reason", "blocked_by", "blocked_until", "blocked_at"):
            batch_op.drop_column(name)
