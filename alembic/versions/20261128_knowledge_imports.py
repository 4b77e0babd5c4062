"""knowledge imports: what each import changed is kept, so that it can be undone.

Revision ID: 20261128_knowledge_imports
Revises: 20261128_search
Create Date: 2026-11-28 08:30:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261128_knowledge_imports"
down_revision: str | Sequence[str] | None = "20261128_search"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "knowledge_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("created_at", vink_chat.kit.columns.Moment(), nullable=False),
        sa.Column("undone_at", vink_chat.kit.columns.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("knowledge_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_knowledge_import_created_at"), ["created_at"], unique=False)
    op.create_table(
        "knowledge_imported_article",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["knowledge_import.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "article_id"),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("knowledge_imported_article")
    op.drop_table("knowledge_import")
