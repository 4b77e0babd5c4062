"""A database with every table, empty, or as a fresh installation leaves it after its first start."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import alembic.command
import alembic.config

from vink_chat import knowledge, preferences
from vink_chat.kit.db import Database

ROOT = Path(__file__).resolve().parent.parent
# The visitors of all tests of one server come from 127.0.0.1.
_ROOMY = preferences.Limits(conversations_per_hour=100_000, calls_per_hour=100_000)


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


async def _furnish(url: str) -> None:
    database = Database(url)
    async with database.transaction() as tx:
        await knowledge.load_demo(tx)
        await preferences.save(tx, _ROOMY)
    await database.close()


def prepare(url: str, *, furnished: bool) -> None:
    """Put every table into an empty database and, furnished, the first start's demo articles and roomy limits."""
    # In a thread: an event loop may run already.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(upgrade, url).result()
        if furnished:
            thread.submit(asyncio.run, _furnish(url)).result()


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="vink-tables-")


@cache
def sqlite_file(*, furnished: bool) -> Path:
    """Return a SQLite file to copy; it is made once in this process, for that takes longer than most tests."""
    path = Path(_folder().name) / ("furnished.db" if furnished else "empty.db")
    prepare(f"sqlite:///{path}", furnished=furnished)
    return path
