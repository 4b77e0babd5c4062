"""Visitors whom the preferences named as blocked stay blocked, and stand in the list of the blocked."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import alembic.command
import sqlalchemy as sa

from tests import schema

BEFORE, AFTER = "20261128_queue_notice", "20261128_blocked_addresses"


def _visitors(connection: sa.Connection) -> tuple[UUID, UUID]:
    ids = (uuid4(), uuid4())
    for one in ids:
        row = {"id": one.hex, "secret_hash": one.hex, "now": datetime.now(UTC).isoformat()}
        connection.execute(
            sa.text(
                "INSERT INTO visitor (id, secret_hash, last_position, name, email, phone, language, created_at,"
                " seen_at) VALUES (:id, :secret_hash, 0, '', '', '', 'ru', :now, :now)"
            ),
            row,
        )
    return ids


def test_whom_the_preferences_named_is_blocked_for_good_as_an_operator_blocks(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/old.db"
    config = schema.alembic_config(url)
    alembic.command.upgrade(config, BEFORE)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        named, other = _visitors(connection)
        content = json.dumps({"visitor_per_minute": 7, "blocked_visitors": [str(named), str(uuid4())]})
        row = {"content": content, "now": datetime.now(UTC).isoformat()}
        connection.execute(
            sa.text("INSERT INTO preference (key, content, version, updated_at) VALUES ('limits', :content, 3, :now)"),
            row,
        )

    alembic.command.upgrade(config, AFTER)

    with engine.begin() as connection:
        blocked = connection.execute(
            sa.text("SELECT id FROM visitor WHERE blocked_at IS NOT NULL AND blocked_until IS NULL")
        ).scalars()
        assert [UUID(one) for one in blocked] == [named], other
        kept = connection.execute(sa.text("SELECT content FROM preference")).scalar_one()
    engine.dispose()
    assert json.loads(kept) == {"visitor_per_minute": 7}
