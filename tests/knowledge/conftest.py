"""A knowledge base to ask, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import text

from vink_chat import knowledge
from vink_chat.kit.db import Database


async def _with_terms(database: Database) -> None:
    async with database.transaction() as tx:
        connection = await tx.session.connection()
        for statement in knowledge.search_ddl(tx.dialect):
            await connection.execute(text(statement))


@pytest.fixture
async def shelf(any_database: Database) -> Database:
    """An empty knowledge base; the test runs on SQLite and on PostgreSQL."""
    await _with_terms(any_database)
    return any_database


@pytest.fixture
async def quick_shelf(database: Database) -> Database:
    """An empty knowledge base on SQLite."""
    await _with_terms(database)
    return database


@pytest.fixture
async def demo(quick_shelf: Database) -> Database:
    """The demo knowledge base on SQLite."""
    async with quick_shelf.transaction() as tx:
        await knowledge.load_demo(tx)
    return quick_shelf
