"""presence: a desk that is open, and a messenger that works.

Revision ID: 20261128_presence
Revises: 20261128_quick_replies
Create Date: 2026-11-28 08:30:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261128_presence"
down_revision: str | Sequence[str] | None = "20261128_quick_replies"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "messenger",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("works_until", vink_chat.kit.columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lost_at", vink_chat.kit.columns.Moment(), nullable=True))
        batch_op.add_column(sa.Column("answers_in_telegram", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("operator_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("desk_seen_at", vink_chat.kit.columns.Moment(), nullable=True))
        batch_op.add_column(sa.Column("desk_until", vink_chat.kit.columns.Moment(), nullable=True))
    # Who has Telegram may have begun the shift there: nobody is taken off it by an update of the program.
    op.execute("UPDATE operator SET answers_in_telegram = true WHERE telegram_id IS NOT NULL")


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("operator_session", schema=None) as batch_op:
        batch_op.drop_column("desk_until")
        batch_op.drop_column("desk_seen_at")
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.drop_column("answers_in_telegram")
        batch_op.drop_column("lost_at")
    op.drop_table("messenger")
