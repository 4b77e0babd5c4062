"""Whoever comes back to a tab of the program finds it as they left it."""

import pytest
from playwright.async_api import Browser

from tests.browser import Watch, new_page
from tests.program import Server
from tests.widget.conftest import administrator

pytestmark = pytest.mark.browser
_RETURN = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.mark.parametrize("path", ["/sign-in/", "/demo/", "/"])
async def test_returning_to_a_public_page_breaks_nothing(browser: Browser, chat: Server, path: str):
    page = await new_page(browser)
    watch = Watch(page)
    await page.goto(f"{chat.url}{path}")
    await page.get_by_role("heading").first.wait_for()

    await page.evaluate(_RETURN)

    watch.check()


@pytest.mark.parametrize("path", ["/admin/", "/account/", "/desk/"])
async def test_returning_to_a_page_of_the_staff_breaks_nothing(browser: Browser, staffed: Server, path: str):
    page = await administrator(staffed, browser, path)
    watch = Watch(page)
    await page.get_by_role("heading").first.wait_for()

    await page.evaluate(_RETURN)

    watch.check()
