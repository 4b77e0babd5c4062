"""A chat that had two titles keeps the one its visitors read."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import alembic.command
import pytest
import sqlalchemy as sa

from tests import schema

BEFORE = "20261126_ratings"


def _migrated(path: Path, saved: dict[str, str]) -> dict[str, dict[str, object]]:
    url = f"sqlite:///{path}"
    config = schema.alembic_config(url)
    alembic.command.upgrade(config, BEFORE)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for key, content in saved.items():
            row = {"key": key, "content": content, "now": datetime.now(UTC).isoformat()}
            connection.execute(
                sa.text("INSERT INTO preference (key, content, version, updated_at) VALUES (:key, :content, 3, :now)"),
                row,
            )
    alembic.command.upgrade(config, "20261128_one_title")
    with engine.begin() as connection:
        rows = connection.execute(sa.text("SELECT key, content FROM preference")).all()
    engine.dispose()
    return {row.key: json.loads(row.content) for row in rows if row.key == "look"}


@pytest.mark.parametrize(
    ("greeting", "look", "title"),
    [
        ({"title": "Чат Ромашки"}, {"title": "Ромашка", "colour": "#112233"}, "Чат Ромашки"),
        ({"title": "Чат с Винк"}, {"title": "Ромашка", "colour": "#112233"}, "Ромашка"),
        ({"title": "Чат с Винк"}, {"title": "Винк", "colour": "#112233"}, "Чат с Винк"),
        ({"title": "Чат Ромашки"}, None, "Чат Ромашки"),
        (None, {"title": "", "colour": "#112233"}, "Чат с Винк"),
        (None, None, None),
    ],
)
async def test_the_title_visitors_read_is_kept(
    tmp_path: Path, greeting: dict[str, str] | None, look: dict[str, str] | None, title: str | None
):
    saved = {key: json.dumps(value) for key, value in (("greeting", greeting), ("look", look)) if value}

    found = await asyncio.to_thread(_migrated, tmp_path / "old.db", saved)

    assert found.get("look", {}).get("title") == title
    if look:
        assert found["look"]["colour"] == "#112233"


async def test_a_row_that_cannot_be_read_does_not_stop_the_update(tmp_path: Path):
    found = await asyncio.to_thread(_migrated, tmp_path / "old.db", {"greeting": "not JSON"})

    assert found == {}
