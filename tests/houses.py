"""A whole Runtime in this process: real database, reactions and tasks; its provider says what a test wrote down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from vink_chat import preferences
from vink_chat.answering import Provider
from vink_chat.answering.providers import KnowledgeProvider, ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.config import Settings
from vink_chat.kit import db, rate_limit, signals


def settings(database_url: str, redis_url: str = "") -> Settings:
    """Return settings that no environment and no ``.env`` of a developer can change."""
    return Settings(_env_file=None, database_url=database_url, redis_url=redis_url, secret="s" * 32)


@asynccontextmanager
async def running(
    database_url: str, provider: Provider | None = None, redis_url: str = "", *, card_writer: Provider | None = None
) -> AsyncIterator[Runtime]:
    """Run a Runtime, but for its clock: a test calls the rounds itself."""
    preferences.cache.clear()
    house = Runtime(
        settings(database_url, redis_url),
        provider or ScriptedProvider(otherwise="Записал [1]."),
        card_writer=card_writer or KnowledgeProvider(),
    )
    await house.start()
    await house.scheduler.stop()
    try:
        yield house
    finally:
        await house.stop()
        preferences.cache.clear()
        signals.use(signals.Signals())
        rate_limit.use(rate_limit.RateLimiter())


async def prefer(section: preferences.Section, **changes: object) -> None:
    """Save some preferences, and have them count at once."""
    changed = preferences.change(preferences.current(type(section)), **changes)
    async with db.transaction() as tx:
        await preferences.save(tx, changed)
    async with db.reading() as tx:
        await preferences.cache.refresh(tx, section.key)
