"""A database with every table, as a fresh installation has it."""

from importlib import import_module
from pathlib import Path

import alembic.command
import alembic.config
from sqlmodel import SQLModel

from vink_chat.kit.db import Database

ROOT = Path(__file__).resolve().parent.parent


def import_models() -> None:
    """Import every ``model.py``, so that ``SQLModel.metadata`` knows all tables."""
    for path in sorted((ROOT / "vink_chat").rglob("model.py")):
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def alembic_config(url: str) -> alembic.config.Config:
    """Return the project's Alembic configuration, aimed at a database."""
    config = alembic.config.Config(ROOT / "alembic.ini")
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Bring a database to the newest migration. Blocks; call it through ``asyncio.to_thread`` from async code."""
    alembic.command.upgrade(alembic_config(url), "head")


def has_migrations() -> bool:
    """Tell whether the project has any migration yet."""
    return any((ROOT / "alembic" / "versions").glob("*.py"))


async def create(url: str) -> None:
    """Create every table straight from the models."""
    import_models()
    database = Database(url)
    async with database.transaction() as tx:
        connection = await tx.session.connection()
        await connection.run_sync(SQLModel.metadata.create_all)
    await database.close()
