"""search: SQLite tells which terms begin with something, so that a beginning is looked up as the whole terms there are.

Revision ID: 20261128_search_vocabulary
Revises: 20261128_telegram_ending
Create Date: 2026-11-28 14:35:00+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261128_search_vocabulary"
down_revision: str | Sequence[str] | None = "20261128_telegram_ending"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    if op.get_bind().dialect.name == "sqlite":
        # It holds nothing of its own: it reads the index of ``search_terms``.
        op.execute("CREATE VIRTUAL TABLE search_terms_vocabulary USING fts5vocab(search_terms, row)")


def downgrade() -> None:
    """Take the schema back to the revision before."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_terms_vocabulary")
