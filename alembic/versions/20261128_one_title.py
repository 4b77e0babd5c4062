"""one_title: the chat has one title, the name at the look; visitors go on reading the one they read before.

Revision ID: 20261128_one_title
Revises: 20261128_telegram_trouble
Create Date: 2026-11-28 08:20:00+00:00
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

import vink_chat.kit.columns
from alembic import op

revision: str = "20261128_one_title"
down_revision: str | Sequence[str] | None = "20261128_telegram_trouble"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PREFERENCE = sa.table(
    "preference",
    sa.column("key", sa.String),
    sa.column("content", sa.Text),
    sa.column("version", sa.Integer),
    sa.column("updated_at", vink_chat.kit.columns.Moment()),
)
_DEFAULT = "Чат с Винк"
_UNUSED_DEFAULT = "Винк"


def upgrade() -> None:
    """Bring the schema to this revision."""
    connection = op.get_bind()
    query = sa.select(_PREFERENCE.c.key, _PREFERENCE.c.content).where(_PREFERENCE.c.key.in_(("greeting", "look")))
    rows = {row.key: _content(row.content) for row in connection.execute(query)}
    read, named = (rows.get(key, {}).get("title") for key in ("greeting", "look"))
    # What the look was named had no effect; what visitors read wins.
    title = next((name for name in (read, named) if name not in {None, "", _DEFAULT, _UNUSED_DEFAULT}), _DEFAULT)
    content = json.dumps({**rows.get("look", {}), "title": title}, ensure_ascii=False)
    if "look" in rows:
        connection.execute(sa.update(_PREFERENCE).where(_PREFERENCE.c.key == "look").values(content=content))
    elif title != _DEFAULT:
        row = {"key": "look", "content": content, "version": 1, "updated_at": datetime.now(UTC)}
        connection.execute(sa.insert(_PREFERENCE).values(row))


def _content(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def downgrade() -> None:
    """Leave the values: the release before passes over what it does not know."""
