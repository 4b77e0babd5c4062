"""The assistant with a scripted model."""

from collections.abc import AsyncIterator

import pytest

from tests import houses
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.bootstrap import Runtime


@pytest.fixture
def model() -> ScriptedProvider:
    return ScriptedProvider()


@pytest.fixture
async def house(sqlite_tables_url: str, model: ScriptedProvider) -> AsyncIterator[Runtime]:
    async with houses.running(sqlite_tables_url, model) as house:
        yield house
