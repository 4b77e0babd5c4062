"""consent: what visitors agreed to, when and from where.

Revision ID: 20261128_consent
Revises: 20261128_withdrawn_calls
Create Date: 2026-11-28 09:20:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261128_consent"
down_revision: str | Sequence[str] | None = "20261128_withdrawn_calls"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "visitor_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("policy_url", sa.String(length=500), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("created_at", vink_chat.kit.columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitor.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("visitor_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visitor_consent_visitor_id"), ["visitor_id"], unique=False)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("visitor_consent")
