"""knowledge: on SQLite a row of the full-text table has a number that its article's id gives.

Revision ID: 20261128_article_rows
Revises: 20261128_blocked_addresses
Create Date: 2026-11-28 11:40:00+00:00
"""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from alembic import op

revision: str = "20261128_article_rows"
down_revision: str | Sequence[str] | None = "20261128_blocked_addresses"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_AT_ONCE = 1000
_PUT = sa.text("INSERT INTO article_terms (rowid, article_id, q, a) VALUES (:number, :article_id, :q, :a)")


def upgrade() -> None:
    """Bring the schema to this revision."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("ALTER TABLE article_terms RENAME TO article_terms_before")
    op.execute(
        "CREATE VIRTUAL TABLE article_terms "
        "USING fts5(article_id UNINDEXED, q, a, tokenize = 'unicode61 remove_diacritics 0')"
    )
    read = op.get_bind().execute(sa.text("SELECT article_id, q, a FROM article_terms_before"))
    for rows in read.mappings().partitions(_AT_ONCE):
        op.get_bind().execute(_PUT, [{**row, "number": UUID(row["article_id"]).int >> 65} for row in rows])
    op.execute("DROP TABLE article_terms_before")


def downgrade() -> None:
    """Take the schema back to the revision before: any number will do for it."""
