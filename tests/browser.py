"""What the browser journeys share: a Chromium, pages that notice trouble, and the accessibility check."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright, expect

from tests import chromium

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


# A slow machine is no defect.
expect.set_options(timeout=15_000)


class Watch:
    """What went wrong in a page: uncaught errors, console errors, requests to strangers.

    Attributes:
        allowed: Parts of texts that this test provokes.
        since_setup: Those of the running test.
    """

    since_setup: ClassVar[list["Watch"]] = []

    def __init__(self, page: Page) -> None:
        self.since_setup.append(self)
        self.page = page
        self.troubles: list[str] = []
        self.foreign: list[str] = []
        self.allowed: list[str] = []
        self._home = ""
        page.on("pageerror", lambda error: self.troubles.append(f"uncaught: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        self._home = self._home or host
        if host and host != self._home:
            self.foreign.append(request.url)

    def check(self) -> None:
        """Fail on anything that was not allowed."""
        seen = self.troubles + [f"a request to a third party: {url}" for url in self.foreign]
        left = [trouble for trouble in seen if not any(part in trouble for part in self.allowed)]
        assert not left, "\n".join(left)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Run a headless Chromium."""
    executable = await asyncio.to_thread(chromium.find)
    assert executable, "no Chromium: run `python -m tests.chromium`"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(chromium.FLAGS))
        yield browser
        await browser.close()


async def new_page(browser: Browser, **options: Any) -> Page:
    """Open a page in a context of its own: another visitor, in Russian, on a desktop unless told otherwise."""
    context = await browser.new_context(**{"viewport": DESKTOP, "locale": "ru-RU", **options})
    return await context.new_page()


async def assert_accessible(page: Page, context: Any = None) -> None:
    """Fail when axe finds anything in the page, or in the part a selector names."""
    results = await Axe().run(page, context=context)
    assert results.violations_count == 0, results.generate_report()
