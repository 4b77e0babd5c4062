"""One chat for a module, and another site beside it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page

from tests import browser as browsers
from tests.journeys.test_frames import as_people_have_it
from tests.program import Server, end
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
async def people_browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """A Chromium that keeps the storage of frames apart by site, and keeps it over reloads, as people's browsers do."""
    async with as_people_have_it(tmp_path / "profile") as browser:
        yield browser


LOGIN = {"login": "boss", "password": "boss-secret-1"}


@pytest.fixture(scope="package")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A started web process with an administrator."""
    settings = {"VINK_ADMIN_LOGIN": LOGIN["login"], "VINK_ADMIN_PASSWORD": LOGIN["password"]}
    server = Server(tmp_path_factory.mktemp("staffed"), settings)
    server.start_now()
    yield server
    end([server])


@pytest.fixture
def staffed_site(staffed: Server) -> Iterator[Site]:
    """A site with that chat."""
    with Site(staffed.url) as site:
        yield site


async def administrator(chat: Server, browser: Browser, path: str) -> Page:
    """Open a page as the administrator."""
    async with httpx.AsyncClient(base_url=chat.url, trust_env=False) as client:
        session = (await client.post("/auth/sign-in", data=LOGIN)).cookies["vink_session"]
    page = await browsers.new_page(browser)
    await page.context.add_cookies([{"name": "vink_session", "value": session, "url": chat.url}])
    await page.goto(chat.url + path)
    return page
