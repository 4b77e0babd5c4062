"""telegram_receipts: how far an operator's message got.

Revision ID: 20261128_telegram_receipts
Revises: 20261128_queue_notice
Create Date: 2026-11-28 11:15:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_telegram_receipts"
down_revision: str | Sequence[str] | None = "20261128_queue_notice"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("telegram_heard", schema=None) as batch_op:
        batch_op.add_column(sa.Column("receipt", sa.String(length=8), nullable=False, server_default=""))
        batch_op.create_index("telegram_heard_by_receipt", ["conversation_id", "receipt"])


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("telegram_heard", schema=None) as batch_op:
        batch_op.drop_index("telegram_heard_by_receipt")
        batch_op.drop_column("receipt")
