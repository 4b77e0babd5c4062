"""handoffs: the visitor's question, who moved a conversation last, and why a notice of the end was written.

Revision ID: 20261128_handoffs
Revises: 20261126_ratings
Create Date: 2026-11-28 08:10:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_handoffs"
down_revision: str | Sequence[str] | None = "20261126_ratings"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A conversation that was passed on lost its reason; the call still has it.
_FIRST_REASON = """
UPDATE conversation SET reason = (
    SELECT called.reason FROM conversation_call AS called WHERE called.conversation_id = conversation.id
    ORDER BY called.created_at DESC LIMIT 1
)
WHERE reason = 'operator' AND status IN ('waiting', 'attended')
AND EXISTS (SELECT 1 FROM conversation_call AS called WHERE called.conversation_id = conversation.id)
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("question", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("handoff", sa.JSON(), nullable=True))
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(length=32), nullable=False, server_default=""))
    op.execute("UPDATE conversation SET question = last_text WHERE status IN ('waiting', 'attended')")
    op.execute(_FIRST_REASON)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("reason")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("handoff")
        batch_op.drop_column("question")
