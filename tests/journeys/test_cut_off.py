"""A page that was loaded while the line was cut becomes usable by itself."""

import pytest
from playwright.async_api import Browser, Route, expect

from tests.browser import Watch, new_page
from tests.program import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("part", ["entry.client", "_index-", "manifest", "state-"])
async def test_a_page_whose_script_did_not_come_tries_again_by_itself(
    browser: Browser, shared_server: Server, part: str
):
    page = await new_page(browser)
    watch = Watch(page)
    watch.allowed += ["Failed to load resource", "dynamically imported module", "Importing a module script failed"]
    lost: list[str] = []

    async def lose(route: Route) -> None:
        if lost:
            await route.continue_()
        else:
            lost.append(route.request.url)
            await route.abort("connectionreset")

    await page.route(f"**/assets/*{part}*.js", lose)
    await page.goto(shared_server.url)

    await expect(page.locator("[data-chat=true]")).to_be_attached(timeout=10_000)
    assert lost
    await page.get_by_role("textbox", name="Сообщение").fill("Можно оплатить заказ картой?")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-message][data-who=visitor]")).to_have_count(1)
    watch.check()
