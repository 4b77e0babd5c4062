"""search: the terms of visitors' cards are marked, so that cards are found past what is said in messages.

Revision ID: 20261128_search_cards
Revises: 20261128_telegram_receipts
Create Date: 2026-11-28 11:30:00+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261128_search_cards"
down_revision: str | Sequence[str] | None = "20261128_telegram_receipts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MARKED = {
    "sqlite": (
        "UPDATE search_entry SET terms = terms || ' \ue002' || replace(terms, ' ', ' \ue002') "
        "WHERE visitor_id IS NOT NULL AND terms <> ''"
    ),
    "postgresql": (
        "UPDATE search_entry SET terms = terms || array_to_tsvector(ARRAY("
        "SELECT '\ue002' || term FROM unnest(tsvector_to_array(terms)) AS term)) WHERE visitor_id IS NOT NULL"
    ),
}


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.execute(_MARKED[op.get_bind().dialect.name])


def downgrade() -> None:
    """Take the schema back to the revision before: the marked terms stay, and nobody looks for them."""
