"""read_marks: what each operator has read, and which sounds they want.

Revision ID: 20261128_read_marks
Revises: 20261128_campaign
Create Date: 2026-11-28 08:30:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_read_marks"
down_revision: str | Sequence[str] | None = "20261128_campaign"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_HOLDERS = """
INSERT INTO operator_read_mark (conversation_id, operator_id, position)
SELECT id, operator_id, operator_read FROM conversation WHERE status = 'attended' AND operator_id IS NOT NULL
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "operator_read_mark",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", "operator_id"),
    )
    op.execute(_HOLDERS)
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("queue_sound", sa.String(length=32), nullable=False, server_default="repeated"))
        batch_op.add_column(sa.Column("own_sound", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("muted_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.drop_column("muted_until")
        batch_op.drop_column("own_sound")
        batch_op.drop_column("queue_sound")
    op.drop_table("operator_read_mark")
