import asyncio
import logging
from uuid import uuid4

import pytest

from vink_chat import preferences
from vink_chat.events import PreferencesChanged
from vink_chat.kit.db import Database
from vink_chat.preferences import Assistant, Cache, EditedMeanwhile, Greeting, Hours, InvalidPreference, Limits, Look
from vink_chat.preferences.model import Preference


async def test_a_saved_section_is_read_back_whole_and_announced(any_database: Database):
    heard: list[object] = []
    any_database.listener = heard.extend
    admin = uuid4()
    wish = preferences.validated(Limits, visitor_per_minute=5, blocked_addresses=["10.0.0.0/8"])

    async with any_database.transaction() as tx:
        version = await preferences.save(tx, wish, admin)

    async with any_database.reading() as tx:
        saved = await preferences.saved(tx, Limits)
        untouched = await preferences.saved(tx, Greeting)
    assert (saved.section, saved.version, version, saved.updated_by) == (wish, 1, 1, admin)
    assert saved.updated_at is not None
    assert (untouched.section, untouched.version) == (Greeting(), 0)
    assert heard == [PreferencesChanged("limits")]


async def test_a_model_copied_past_its_checks_is_not_saved(database: Database):
    heard: list[object] = []
    database.listener = heard.extend
    broken = Look().model_copy(update={"colour": "красный"})

    with pytest.raises(InvalidPreference, match="Поле «Цвет»"):
        async with database.transaction() as tx:
            await preferences.save(tx, broken)

    async with database.reading() as tx:
        assert await preferences.read(tx, Look) == Look()
    assert heard == []


async def test_of_two_administrators_who_edit_one_section_the_second_is_told(any_database: Database):
    async def edit(name: str, version: int) -> int | str:
        try:
            async with any_database.transaction() as tx:
                return await preferences.save(tx, Assistant(name=name), expected_version=version)
        except EditedMeanwhile:
            return "refused"

    for version in (0, 1, 2):
        results = await asyncio.gather(*(edit(f"{version} {number}", version) for number in range(5)))
        assert sorted(map(str, results)) == [str(version + 1), *["refused"] * 4]


async def test_an_unreadable_row_counts_as_the_defaults_and_is_logged(
    database: Database, caplog: pytest.LogCaptureFixture
):
    async with database.transaction() as tx:
        await preferences.save(tx, preferences.validated(Hours, enabled=True))
    async with database.transaction() as tx:
        row = await tx.session.get_one(Preference, "hours")
        row.content = '{"zone": "Mars/Olympus", "enabled": true}'

    with caplog.at_level(logging.WARNING):
        async with database.reading() as tx:
            saved = await preferences.saved(tx, Hours)

    assert (saved.section, saved.version) == (Hours(), 1)
    assert "hours" in caplog.text
    assert "zone" in caplog.text

    async with database.transaction() as tx:
        assert await preferences.save(tx, Hours(), expected_version=saved.version) == 2


async def test_a_row_of_another_release_keeps_what_is_still_known(database: Database):
    async with database.transaction() as tx:
        await preferences.save(tx, Greeting(text="Наш чат"))
    async with database.transaction() as tx:
        row = await tx.session.get_one(Preference, "greeting")
        row.content = '{"text": "Наш чат", "forgotten": 1}'

    async with database.reading() as tx:
        assert (await preferences.read(tx, Greeting)).text == "Наш чат"


async def test_the_cache_follows_what_is_saved_without_a_restart(database: Database):
    cache = Cache()
    assert cache.current(Assistant).temperature == 0.3
    async with database.transaction() as tx:
        await preferences.save(tx, Assistant(temperature=0.5))

    async with database.reading() as tx:
        await cache.load(tx)
    assert cache.current(Assistant).temperature == 0.5
    assert cache.current(Look) == Look()

    async with database.transaction() as tx:
        await preferences.save(tx, Assistant(temperature=0.9))
        await preferences.save(tx, Look(colour="#00aa00"))
    assert cache.current(Assistant).temperature == 0.5
    async with database.reading() as tx:
        await cache.refresh(tx, "assistant")
        await cache.refresh(tx, "look")
        await cache.refresh(tx, "unheard of")
    assert cache.current(Assistant).temperature == 0.9
    assert cache.current(Look).colour == "#00aa00"


async def test_a_refresh_that_read_earlier_does_not_bring_the_old_back(database: Database):
    cache = Cache()
    async with database.reading() as early:
        await preferences.read(early, Greeting)
        async with database.transaction() as tx:
            await preferences.save(tx, Greeting(text="Новый"))
        async with database.reading() as late:
            await cache.refresh(late, "greeting")

        await cache.refresh(early, "greeting")

    assert cache.current(Greeting).text == "Новый"
