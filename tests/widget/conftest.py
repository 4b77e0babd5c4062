"""One chat for a module, and another site beside it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.journeys.test_frames import as_people_have_it
from tests.program import Server
from tests.widget.site import Site


@pytest.fixture
def chat(shared_server: Server) -> Server:
    """The chat of these sites."""
    return shared_server


@pytest.fixture
def site(chat: Server) -> Iterator[Site]:
    """Another site, without pages yet."""
    with Site(chat.url) as site:
        yield site


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """A Chromium that keeps the storage of frames apart by site, and keeps it over reloads, as people's browsers do."""
    async with as_people_have_it(tmp_path / "profile") as browser:
        yield browser
