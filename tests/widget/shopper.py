"""Somebody who looks at a site with the chat on it."""

import json
import re
from typing import Any

from playwright.async_api import Browser, Frame, FrameLocator, Locator, Page, expect

from tests.browser import Watch, new_page

EVENTS = ("ready", "open", "close", "message", "handover", "closed", "rating", "unread")


class Shopper:
    """A page of a site, its launcher and the chat in its frame."""

    def __init__(self, page: Page, watch: Watch) -> None:
        self.page = page
        self.watch = watch

    @classmethod
    async def at(cls, browser: Browser, url: str, *, chat_url: str, **options: Any) -> "Shopper":
        """Open a page of a site in a context of its own; the chat is the only stranger it may speak to."""
        page = await new_page(browser, **options)
        watch = Watch(page)
        watch.allowed.append(f"a request to a third party: {chat_url}/")
        shopper = cls(page, watch)
        await page.goto(url)
        return shopper

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("^(Открыть|Закрыть) чат"))

    @property
    def iframe(self) -> Locator:
        return self.page.locator("vink-chat iframe")

    @property
    def chat(self) -> FrameLocator:
        return self.page.frame_locator("vink-chat iframe")

    @property
    def box(self) -> Locator:
        return self.chat.get_by_role("textbox", name="Сообщение")

    @property
    def ours(self) -> Locator:
        return self.chat.locator("[data-message]:not([data-who=visitor])")

    @property
    def own(self) -> Locator:
        return self.chat.locator("[data-message][data-who=visitor]")

    @property
    def preview(self) -> Locator:
        return self.page.locator("vink-chat .news")

    async def loaded(self) -> None:
        """Wait until the loader has drawn its button."""
        await expect(self.launcher).to_be_visible()

    async def open(self) -> None:
        """Press the button and wait until the chat is live."""
        await self.launcher.click()
        await self.live()

    async def live(self) -> None:
        """Wait until the chat in the frame is live and the server has heard who is here."""
        await expect(self.chat.locator("[data-chat=true][data-introduced=true]")).to_be_attached(timeout=15_000)

    async def frame(self) -> Frame:
        """Return the frame itself, for what is neither seen nor pressed in it."""
        element = await self.iframe.element_handle()
        frame = await element.content_frame()
        assert frame
        return frame

    async def ask(self, text: str) -> Locator:
        """Ask in the chat's own composer and return the answer's row."""
        before = await self.ours.count()
        await self.box.fill(text)
        await self.box.press("Enter")
        await expect(self.ours).to_have_count(before + 1, timeout=15_000)
        return self.ours.last

    async def listen(self) -> None:
        """Write down every event from now on."""
        await self.page.evaluate(
            "names => { window.heard = []; for (const name of names) "
            "VinkChat.on(name, detail => window.heard.push([name, detail ?? null])); }",
            list(EVENTS),
        )

    async def heard(self, name: str) -> list[Any]:
        """Return what came with the events of a name so far."""
        return [detail for event, detail in await self.page.evaluate("window.heard") if event == name]

    async def until_heard(self, name: str, detail: Any = None) -> None:
        """Wait until an event came, with these details if they are given."""
        wanted = (
            ""
            if detail is None
            else f" && JSON.stringify(one[1]) === {json.dumps(json.dumps(detail, separators=(',', ':')))}"
        )
        await self.page.wait_for_function(f"window.heard.some(one => one[0] === '{name}'{wanted})")
