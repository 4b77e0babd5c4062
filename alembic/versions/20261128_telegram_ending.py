"""telegram_ending: the row that says that a conversation is about to end, with the button that calls that off.

Revision ID: 20261128_telegram_ending
Revises: 20261128_returning
Create Date: 2026-11-28 11:25:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_telegram_ending"
down_revision: str | Sequence[str] | None = "20261128_returning"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("telegram_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ending", _NUMBER, nullable=True))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("telegram_link", schema=None) as batch_op:
        batch_op.drop_column("ending")
