"""campaign: which advertisement a visitor came by.

Revision ID: 20261128_campaign
Revises: 20261128_one_title
Create Date: 2026-11-28 08:30:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_campaign"
down_revision: str | Sequence[str] | None = "20261128_one_title"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("campaign", sa.String(length=500), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("campaign")
