"""The emulated Telegram and a Runtime at work on it."""

from collections.abc import AsyncIterator

import pytest

from tests.channels import desk
from tests.emulators import telegram
from tests.emulators.telegram import Telegram
from vink_chat.bootstrap import Runtime


@pytest.fixture
async def bot() -> AsyncIterator[Telegram]:
    async with telegram.running() as running:
        yield running


@pytest.fixture
async def house(sqlite_tables_url: str, bot: Telegram) -> AsyncIterator[Runtime]:
    async with desk.working(sqlite_tables_url, bot) as house:
        yield house
