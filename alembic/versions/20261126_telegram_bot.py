"""telegram_bot: whose updates and messages are known here.

Revision ID: 20261126_telegram_bot
Revises: 20261126_telegram_push
Create Date: 2026-11-26 15:45:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261126_telegram_bot"
down_revision: str | Sequence[str] | None = "20261126_telegram_push"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision; 0: the bot that comes next is the one there was."""
    with op.batch_alter_table("telegram_post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bot_id", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("telegram_post", schema=None) as batch_op:
        batch_op.drop_column("bot_id")
