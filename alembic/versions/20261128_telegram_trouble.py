"""telegram_trouble: a lost group, what is wrong with the bot, texts cut by Telegram, who asks to be let in.

Revision ID: 20261128_telegram_trouble
Revises: 20261128_telegram_queue
Create Date: 2026-11-28 08:45:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261128_telegram_trouble"
down_revision: str | Sequence[str] | None = "20261128_telegram_queue"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "telegram_cut_text",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Boolean(), nullable=False),
        sa.Column("question", _NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("chat_id", "person"),
    )
    with op.batch_alter_table("telegram_outgoing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unsure", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("telegram_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("telegram_post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lost_group", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("heard_at", vink_chat.kit.columns.Moment(), nullable=True))
        batch_op.add_column(sa.Column("fault", sa.String(length=32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("fault_at", vink_chat.kit.columns.Moment(), nullable=True))
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("telegram_username", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.drop_column("telegram_username")
    with op.batch_alter_table("telegram_post", schema=None) as batch_op:
        for name in ("fault_at", "fault", "heard_at", "lost_group"):
            batch_op.drop_column(name)
    with op.batch_alter_table("telegram_link", schema=None) as batch_op:
        batch_op.drop_column("closed")
    with op.batch_alter_table("telegram_outgoing", schema=None) as batch_op:
        batch_op.drop_column("unsure")
    op.drop_table("telegram_cut_text")
