"""withheld: what the model wrote and the visitor was not shown.

Revision ID: 20261128_withheld
Revises: 20261128_blocking
Create Date: 2026-11-28 10:05:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_withheld"
down_revision: str | Sequence[str] | None = "20261128_blocking"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withheld", sa.String(length=4000), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_column("withheld")
