"""rating comment: what a visitor wrote beside the stars, and whether Telegram was told.

Revision ID: 20261128_rating_comment
Revises: 20261128_search_vocabulary
Create Date: 2026-11-28 14:40:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_rating_comment"
down_revision: str | Sequence[str] | None = "20261128_search_vocabulary"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    for table, column in (("conversation", "rating_comment"), ("conversation_rating", "comment")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.String(length=1000), server_default="", nullable=False))
    with op.batch_alter_table("telegram_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("commented", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("telegram_link", schema=None) as batch_op:
        batch_op.drop_column("commented")
    for table, column in (("conversation_rating", "comment"), ("conversation", "rating_comment")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
