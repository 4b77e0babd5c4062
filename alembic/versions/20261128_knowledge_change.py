"""knowledge change: what was changed is known by number, so that an index in memory follows without being made anew.

Revision ID: 20261128_knowledge_change
Revises: 20261128_presence
Create Date: 2026-11-28 09:20:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_knowledge_change"
down_revision: str | Sequence[str] | None = "20261128_presence"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NONE = {"sqlite": f"'{'0' * 32}'", "postgresql": f"CAST('{'0' * 32}' AS uuid)"}


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "knowledge_change",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    # What is there now is where an index begins.
    nothing = _NONE[op.get_bind().dialect.name]
    op.execute(f"INSERT INTO knowledge_change (article_id, version) SELECT {nothing}, version FROM knowledge_edition")  # noqa: S608


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("knowledge_change")
