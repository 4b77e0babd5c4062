"""desk_order: the queue by wait, and what each operator holds, each read by an index.

Revision ID: 20261122_desk_order
Revises: 20261122_telegram
Create Date: 2026-11-22 12:37:00+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_desk_order"
down_revision: str | Sequence[str] | None = "20261122_telegram"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index("conversation_by_wait", ["status", "waiting_since"], unique=False)
        batch_op.create_index("conversation_held", ["status", "operator_id"], unique=False)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index("conversation_held")
        batch_op.drop_index("conversation_by_wait")
