"""telegram_desk

Revision ID: 20261122_telegram
Revises: 20261122_calls
Create Date: 2026-11-22 11:42:18.708957+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261122_telegram"
down_revision: str | Sequence[str] | None = "20261122_calls"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "telegram_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("until", vink_chat.kit.columns.Moment(), nullable=False),
        sa.Column("bot_name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "telegram_stranger",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("answered_at", vink_chat.kit.columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "telegram_update",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("broken", sa.Boolean(), nullable=False),
        sa.Column("handled_at", vink_chat.kit.columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("telegram_update", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_telegram_update_handled_at"), ["handled_at"], unique=False)

    op.create_table(
        "telegram_heard",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "telegram_id"),
    )
    with op.batch_alter_table("telegram_heard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_telegram_heard_message_id"), ["message_id"], unique=False)

    op.create_table(
        "telegram_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.Boolean(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("stand", sa.String(length=32), nullable=False),
        sa.Column("relayed", sa.Integer(), nullable=False),
        sa.Column("head", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("card_due", sa.Boolean(), nullable=False),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("touched_at", vink_chat.kit.columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation_id", "chat_id"),
    )
    with op.batch_alter_table("telegram_link", schema=None) as batch_op:
        batch_op.create_index("telegram_link_by_stand", ["stand", "chat_id"], unique=False)
        batch_op.create_index("telegram_link_by_thread", ["chat_id", "thread_id"], unique=False)

    op.create_table(
        "telegram_outgoing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("markup", sa.JSON(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.BigInteger(), nullable=True),
        sa.Column("edits", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("fate", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=300), nullable=False),
        sa.Column("not_before", vink_chat.kit.columns.Moment(), nullable=True),
        sa.Column("telegram_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", vink_chat.kit.columns.Moment(), nullable=False),
        sa.Column("sent_at", vink_chat.kit.columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["link_id"], ["telegram_link.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("telegram_outgoing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_telegram_outgoing_link_id"), ["link_id"], unique=False)
        batch_op.create_index("telegram_outgoing_by_number", ["chat_id", "telegram_id"], unique=False)
        batch_op.create_index(
            "telegram_outgoing_pending",
            ["chat_id", "id"],
            unique=False,
            sqlite_where=sa.text("fate = 'pending'"),
            postgresql_where=sa.text("fate = 'pending'"),
        )
        batch_op.create_index("telegram_outgoing_sent", ["sent_at"], unique=False)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("telegram_outgoing", schema=None) as batch_op:
        batch_op.drop_index("telegram_outgoing_sent")
        batch_op.drop_index(
            "telegram_outgoing_pending",
            sqlite_where=sa.text("fate = 'pending'"),
            postgresql_where=sa.text("fate = 'pending'"),
        )
        batch_op.drop_index("telegram_outgoing_by_number")
        batch_op.drop_index(batch_op.f("ix_telegram_outgoing_link_id"))

    op.drop_table("telegram_outgoing")
    with op.batch_alter_table("telegram_link", schema=None) as batch_op:
        batch_op.drop_index("telegram_link_by_thread")
        batch_op.drop_index("telegram_link_by_stand")

    op.drop_table("telegram_link")
    with op.batch_alter_table("telegram_heard", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_telegram_heard_message_id"))

    op.drop_table("telegram_heard")
    with op.batch_alter_table("telegram_update", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_telegram_update_handled_at"))

    op.drop_table("telegram_update")
    op.drop_table("telegram_stranger")
    op.drop_table("telegram_post")
