"""A visitor at the page, driven by the names that docs/interface.md promises."""

import re
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import Watch, new_page

OURS = '[data-who="assistant"], [data-who="system"], [data-who="operator"]'
# Reconnecting to a server that is down is what the page should do.
DISCONNECTED = ("WebSocket connection to", "ERR_CONNECTION_REFUSED", "ERR_INTERNET_DISCONNECTED")


class Visitor:
    """One tab of one visitor."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.watch = Watch(page)
        self.log = page.get_by_role("log", name=re.compile("Переписка|Conversation"))
        self.box = page.get_by_role("textbox", name=re.compile("Сообщение|Message"))
        self.button = page.get_by_role("button", name=re.compile("^(Отправить|Send)$"))
        self.call = page.get_by_role("button", name=re.compile("^(Позвать оператора|Call a person)$"))
        self.own = self.log.locator('[data-who="visitor"]')
        self.ours = self.log.locator(OURS)
        self.pending = self.log.locator("[data-pending]")

    async def open(self, url: str) -> "Visitor":
        """Open an address and wait until the thread is there."""
        await self.page.goto(url)
        return await self.ready()

    async def ready(self) -> "Visitor":
        """Wait until the thread is there."""
        await expect(self.page.locator('[data-chat="true"]')).to_be_visible(timeout=15_000)
        return self

    async def write(self, text: str) -> None:
        """Type a message and send it with Enter."""
        await self.box.fill(text)
        await self.box.press("Enter")

    async def ask(self, text: str) -> Locator:
        """Send a message and return the row of its answer."""
        before = await self.ours.count()
        await self.write(text)
        await expect(self.ours).to_have_count(before + 1, timeout=10_000)
        return self.ours.nth(before)

    async def words(self) -> list[str]:
        """Return what stands in the thread, row by row, without the times."""
        return await self.log.locator("[data-message] .words").all_inner_texts()


async def visitor(browser: Browser, url: str, **options: Any) -> Visitor:
    """Open the page as a new visitor."""
    return await Visitor(await new_page(browser, **options)).open(url)


async def second_tab(one: Visitor, url: str) -> Visitor:
    """Open another tab of the same visitor."""
    return await Visitor(await one.page.context.new_page()).open(url)
