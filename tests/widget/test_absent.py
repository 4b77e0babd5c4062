"""A chat whose server is away says so on the site, and comes by itself."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests import browser as browsers
from tests.browser import PHONE, assert_accessible
from tests.program import Server
from tests.widget.shopper import Shopper
from tests.widget.site import Site

pytestmark = pytest.mark.browser

AWAY = (
    "ERR_CONNECTION_REFUSED",
    "chrome-error",
    "frame-ancestors",
    "frame-src",
    "Content Security Policy",
    "ERR_BLOCKED",
)


async def _shopper(browser: Browser, url: str, chat: Server, **options: object) -> Shopper:
    one = await Shopper.at(browser, url, chat_url=chat.url, **options)
    one.watch.allowed += AWAY
    await one.loaded()
    return one


@pytest.mark.parametrize("screen", [browsers.DESKTOP, PHONE])
async def test_a_chat_opened_while_its_server_is_down_says_so_and_comes_by_itself(
    browser: Browser, make_server, screen: dict[str, int]
):
    chat = make_server()
    await chat.start()
    with Site(chat.url) as site:
        one = await _shopper(browser, site.page(), chat, viewport=screen)
        chat.stop()

        await one.launcher.click()
        await expect(one.preview).to_contain_text("Чат недоступен")
        await expect(one.iframe).to_be_hidden()
        apart = one.page.get_by_role("link", name="В новой вкладке")
        await expect(apart).to_have_attribute("target", "_blank")
        await assert_accessible(one.page)
        # The buttons look like buttons, and all of it stands together.
        again = one.page.get_by_role("button", name="Повторить")
        edge = "(e) => [getComputedStyle(e).borderTopStyle, e.getBoundingClientRect().height >= 44]"
        assert await again.evaluate(edge) == ["solid", True]
        said, closes = await one.preview.bounding_box(), await one.launcher.bounding_box()
        assert said
        assert closes
        assert 0 <= closes["y"] - said["y"] - said["height"] <= 40
        # Closed and opened again it is still said.
        await one.launcher.click()
        await expect(one.preview).to_be_hidden()
        await one.launcher.click()
        await expect(one.preview).to_contain_text("Чат недоступен")

        await chat.start()

        await expect(one.preview).to_be_hidden(timeout=40_000)
        await one.live()
        await expect(one.iframe).to_be_visible()
        answer = await one.ask("Можно оплатить заказ картой?")
        await expect(answer).to_contain_text("банковской картой")


async def test_whoever_does_not_want_to_wait_tries_again_by_a_press(browser: Browser, make_server):
    chat = make_server()
    await chat.start()
    with Site(chat.url) as site:
        one = await _shopper(browser, site.page(), chat)
        chat.stop()
        await one.launcher.click()
        again = one.page.get_by_role("button", name="Повторить")
        await expect(again).to_be_visible()
        await chat.start()

        await again.click()

        await one.live()
        await expect(one.preview).to_be_hidden()


async def test_a_frame_that_a_policy_keeps_away_is_told_of(browser: Browser, chat: Server, site: Site):
    address = site.page("/strict", headers={"Content-Security-Policy": f"frame-src 'none'; script-src {chat.url}"})
    one = await _shopper(browser, address, chat)

    await one.launcher.click()

    await expect(one.preview).to_contain_text("Чат недоступен")


async def test_a_sandboxed_page_that_is_never_answered_keeps_its_chat(browser: Browser, chat: Server, site: Site):
    site.page("/inner")
    address = site.page("/outer", body=f'<iframe sandbox="allow-scripts" src="{site.url}/inner" width=800 height=700>')
    page: Page = await browsers.new_page(browser)
    await page.goto(address)
    inner = page.frame_locator("iframe").first
    await inner.get_by_role("button", name=re.compile("Открыть чат")).click()
    frame = inner.frame_locator("vink-chat iframe")
    await expect(frame.locator("[data-chat=true]")).to_be_visible()

    # Longer than an answer may take.
    await page.clock.install()
    await page.clock.fast_forward(20_000)

    await expect(inner.locator("vink-chat .news")).to_be_hidden()
