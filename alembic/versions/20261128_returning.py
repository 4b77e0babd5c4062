"""returning: who led a conversation, and to whom a returning visitor's call is offered first.

Revision ID: 20261128_returning
Revises: 20261128_article_rows
Create Date: 2026-11-28 11:50:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261128_returning"
down_revision: str | Sequence[str] | None = "20261128_article_rows"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENTS = ("led_until", "offered_until")
_PEOPLE = ("led_by", "offered_to")


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        for name in _PEOPLE:
            batch_op.add_column(sa.Column(name, sa.Uuid(), nullable=True))
        for name in _MOMENTS:
            batch_op.add_column(sa.Column(name, vink_chat.kit.columns.Moment(), nullable=True))
        batch_op.add_column(sa.Column("offered_name", sa.String(length=200), server_default="", nullable=False))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("offered_name")
        for name in (*_MOMENTS, *_PEOPLE):
            batch_op.drop_column(name)
