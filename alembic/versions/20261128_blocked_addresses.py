"""blocked addresses: where visitors wrote from last, and which addresses may not write.

The visitors whom ``Limits.blocked_visitors`` named are blocked as operators block them; the field goes.

Revision ID: 20261128_blocked_addresses
Revises: 20261128_callback
Create Date: 2026-11-28 11:10:00+00:00
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261128_blocked_addresses"
down_revision: str | Sequence[str] | None = "20261128_callback"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_preference = sa.table("preference", sa.column("key", sa.String), sa.column("content", sa.Text))
_visitor = sa.table("visitor", sa.column("id", sa.Uuid), sa.column("blocked_at", vink_chat.kit.columns.Moment))


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("shared_address", sa.Boolean(), nullable=False, server_default=sa.false()))
    with_address, blocked = sa.text("address != ''"), sa.text("blocked_at IS NOT NULL")
    op.create_index(
        "visitor_with_address", "visitor", ["seen_at"], sqlite_where=with_address, postgresql_where=with_address
    )
    op.create_index("visitor_blocked", "visitor", ["blocked_at"], sqlite_where=blocked, postgresql_where=blocked)
    op.create_table(
        "blocked_address",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=True),
        sa.Column("blocked_at", vink_chat.kit.columns.Moment(), nullable=False),
        sa.Column("blocked_until", vink_chat.kit.columns.Moment(), nullable=True),
        sa.Column("blocked_by", sa.String(length=200), nullable=False),
        sa.Column("blocked_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitor.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_index("ix_blocked_address_visitor_id", "blocked_address", ["visitor_id"])
    _fold_in_the_list()


def _fold_in_the_list() -> None:
    database = op.get_bind()
    content = database.execute(sa.select(_preference.c.content).where(_preference.c.key == "limits")).scalar()
    saved = _content(content or "")
    listed = saved.pop("blocked_visitors", None)
    if listed is None:
        return
    for one in listed:
        not_yet = sa.update(_visitor).where(_visitor.c.id == UUID(one), _visitor.c.blocked_at.is_(None))
        database.execute(not_yet.values(blocked_at=datetime.now(UTC)))
    rest = json.dumps(saved, ensure_ascii=False)
    database.execute(sa.update(_preference).where(_preference.c.key == "limits").values(content=rest))


def _content(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("blocked_address")
    op.drop_index("visitor_blocked", "visitor")
    op.drop_index("visitor_with_address", "visitor")
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        for name in ("shared_address", "address"):
            batch_op.drop_column(name)
