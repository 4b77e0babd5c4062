"""withdrawn calls: a visitor may take the call of a person back.

Revision ID: 20261128_withdrawn_calls
Revises: 20261128_pending_end
Create Date: 2026-11-28 09:25:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261128_withdrawn_calls"
down_revision: str | Sequence[str] | None = "20261128_pending_end"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("conversation_call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", vink_chat.kit.columns.Moment(), nullable=True))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("conversation_call", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_at")
