"""An empty database that went through the migrations is what the models say."""

import asyncio
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, inspect
from sqlmodel import SQLModel

from tests import schema
from vink_chat.kit.db import Database

_UPGRADE = (sys.executable, "-c", "import sys; from tests import schema; schema.upgrade(sys.argv[1])")


def _differences(connection: Connection) -> list[object]:
    def of_models(name: str | None, kind: str, parents: object) -> bool:
        return kind not in {"table", "index"} or not (name or "").startswith(("article_terms", "search_terms"))

    context = MigrationContext.configure(connection, opts={"include_name": of_models, "compare_type": True})
    return compare_metadata(context, SQLModel.metadata)


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def _ask(url: str, question):
    database = Database(url)
    async with database.transaction() as tx:
        answer = await (await tx.session.connection()).run_sync(question)
    await database.close()
    return answer


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'empty.db'}"


async def test_migrations_build_what_the_models_say(empty_url: str):
    schema.import_models()
    assert SQLModel.metadata.tables

    await asyncio.to_thread(schema.upgrade, empty_url)

    assert await _ask(empty_url, _differences) == []
    assert set(SQLModel.metadata.tables) <= await _ask(empty_url, _tables)


@pytest.mark.long
async def test_processes_that_start_together_migrate_one_after_another(empty_url: str):
    processes = await asyncio.gather(
        *[asyncio.create_subprocess_exec(*_UPGRADE, empty_url, cwd=schema.ROOT) for _ in range(2)]
    )

    assert [await process.wait() for process in processes] == [0, 0]


async def test_an_upgrade_is_one_transaction(empty_url: str):
    commits: list[object] = []

    def count(connection: Connection) -> None:
        commits.append(connection)

    event.listen(Engine, "commit", count)
    await asyncio.to_thread(schema.upgrade, empty_url)
    event.remove(Engine, "commit", count)

    assert len(commits) == 1


def test_migrations_are_one_line_of_descent():
    heads = ScriptDirectory.from_config(schema.alembic_config("sqlite://")).get_heads()

    assert len(heads) == 1, f"make one of them follow the other: {heads}"
