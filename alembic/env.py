"""How Alembic meets the project's models and its database.

The whole upgrade is one transaction, and processes that start together upgrade one after another. A caller may hand in
``config.attributes["connection"]`` (a synchronous Connection, inside ``run_sync``) or ``config.attributes["url"]``;
otherwise the settings decide.
"""

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import AutoString, SQLModel

from alembic import context
from vink_chat import config as settings
from vink_chat.kit.columns import Choice, Moment
from vink_chat.kit.db import SECONDS_TO_CONNECT, async_url

CODE = Path(settings.__file__).resolve().parent
# «vink», so that nothing else in a shared PostgreSQL waits for us.
LOCK = 0x76696E6B


def import_models() -> None:
    """Import every ``model.py``, so that the metadata knows all tables."""
    for path in sorted(CODE.rglob("model.py")):
        import_module(".".join(path.relative_to(CODE.parent).with_suffix("").parts))


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Leave out what the search index keeps for itself."""
    del parents
    return kind not in {"table", "index"} or name is None or not name.startswith(("article_terms", "search_terms"))


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write column types so that a migration still reads them when the code has moved on."""
    del autogen_context
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.{item!r}".replace("AutoString", "String")
    if kind == "type" and isinstance(item, Choice):
        return f"sa.{Choice.impl!r}"
    if kind == "type" and isinstance(item, Moment):
        return "vink_chat.kit.columns.Moment()"
    return False


def migrate(connection: sa.Connection) -> None:
    """Run the migrations on an open connection, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        include_name=include_name,
        render_item=render_item,
        compare_type=True,
        # Alembic believes that SQLite cannot roll DDL back. With a BEGIN of our own it can, and without this each
        # migration is committed by itself: a second process steps in between and runs the next one, too.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()


def engine_for(url: str) -> AsyncEngine:
    """Return an engine for schema changes.

    On SQLite foreign keys stay off here: a batch operation rebuilds a table by dropping it, and with them on the drop
    would delete the rows that refer to it.
    """
    if not url.startswith("sqlite"):
        return create_async_engine(async_url(url), poolclass=NullPool, connect_args={"timeout": SECONDS_TO_CONNECT})
    engine = create_async_engine(async_url(url), poolclass=NullPool)
    if engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        del record
        # The driver's own BEGIN leaves CREATE TABLE outside the transaction; ours comes below.
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=30000")

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


async def connect_and_migrate(url: str) -> None:
    """Open a connection of our own and run the migrations on it."""
    engine = engine_for(url)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


import_models()
given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    address = context.config.attributes.get("url") or settings.read().database_url
    asyncio.run(connect_and_migrate(address))
