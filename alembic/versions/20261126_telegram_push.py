"""telegram_push: why Telegram does not push updates, for the administrators.

Revision ID: 20261126_telegram_push
Revises: 20261122_desk_order
Create Date: 2026-11-26 15:30:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261126_telegram_push"
down_revision: str | Sequence[str] | None = "20261122_desk_order"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("telegram_post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("push_fault", sa.String(length=300), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("telegram_post", schema=None) as batch_op:
        batch_op.drop_column("push_fault")
