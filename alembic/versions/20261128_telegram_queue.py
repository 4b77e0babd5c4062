"""telegram_queue: the queue before the busy, texts that wait for their addressee, buttons that move.

Revision ID: 20261128_telegram_queue
Revises: 20261128_knowledge_imports
Create Date: 2026-11-28 08:20:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261128_telegram_queue"
down_revision: str | Sequence[str] | None = "20261128_knowledge_imports"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "telegram_kept_text",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("question", _NUMBER, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("kept_at", vink_chat.kit.columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_telegram_kept_text_chat_id", "telegram_kept_text", ["chat_id"])
    op.create_index("ix_telegram_kept_text_kept_at", "telegram_kept_text", ["kept_at"])
    op.create_table(
        "telegram_queue_notice",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("row", _NUMBER, nullable=True),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("alerted_at", vink_chat.kit.columns.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("chat_id"),
    )
    with op.batch_alter_table("telegram_outgoing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("telegram_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keyboard", _NUMBER, nullable=True))
        batch_op.add_column(sa.Column("touched_number", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("ended_at", vink_chat.kit.columns.Moment(), nullable=True))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("telegram_link", schema=None) as batch_op:
        for name in ("ended_at", "touched_number", "keyboard"):
            batch_op.drop_column(name)
    with op.batch_alter_table("telegram_outgoing", schema=None) as batch_op:
        for name in ("priority", "silent"):
            batch_op.drop_column(name)
    op.drop_table("telegram_queue_notice")
    op.drop_table("telegram_kept_text")
