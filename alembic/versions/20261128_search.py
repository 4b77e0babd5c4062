"""search: messages and visitors' cards are found by an index; what is there already is indexed in the background.

Revision ID: 20261128_search
Revises: 20261128_handoffs
Create Date: 2026-11-28 08:20:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR

import vink_chat.kit.columns
from alembic import op

revision: str = "20261128_search"
down_revision: str | Sequence[str] | None = "20261128_handoffs"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INDEX = {
    "sqlite": (
        # The terms are whole already: what is not ASCII belongs to a word. Neither places nor sizes are asked for.
        "CREATE VIRTUAL TABLE search_terms USING fts5(terms, content='search_entry', content_rowid='number', "
        "tokenize='ascii', detail=none, columnsize=0, prefix='3')",
        "CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN "
        "INSERT INTO search_terms (rowid, terms) VALUES (new.number, new.terms); END",
        "CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN "
        "INSERT INTO search_terms (search_terms, rowid, terms) VALUES ('delete', old.number, old.terms); END",
        "CREATE TRIGGER search_entry_changed AFTER UPDATE OF terms ON search_entry BEGIN "
        "INSERT INTO search_terms (search_terms, rowid, terms) VALUES ('delete', old.number, old.terms); "
        "INSERT INTO search_terms (rowid, terms) VALUES (new.number, new.terms); END",
    ),
    "postgresql": ("CREATE INDEX search_terms ON search_entry USING gin (terms)",),
}


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "search_entry",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("visitor_id", sa.Uuid(), nullable=True),
        sa.Column("terms", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitor.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("message_id"),
        sa.UniqueConstraint("visitor_id"),
    )
    op.create_table(
        "search_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("lowest", sa.Integer(), nullable=False),
        sa.Column("conversation_begun", vink_chat.kit.columns.Moment(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for statement in _INDEX[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute(
        "INSERT INTO search_progress (id, total, done, lowest, position, finished) "
        "SELECT 1, COUNT(*), 0, 0, 0, COUNT(*) = 0 FROM message"
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_terms")
    op.drop_table("search_progress")
    op.drop_table("search_entry")
