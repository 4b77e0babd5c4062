"""Whoever looks elsewhere is told: of a visitor who waits, of what a colleague handed over, of news in an own talk."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.desk.shop import Desk, Shop, caller, desk

pytestmark = pytest.mark.browser

WAITING, OWN = "Посетитель ждёт специалиста", "Новое в вашем разговоре"
ELSEWHERE = """
Object.defineProperty(document, "hidden", { get: () => window.elsewhere ?? true });
window.told = [];
window.sounds = 0;
window.Notification = class {
  static permission = "granted";
  static requestPermission() { return Promise.resolve("granted"); }
  constructor(text, { tag, renotify }) {
    if (window.forbidden) throw new TypeError("Failed to construct 'Notification': Illegal constructor.");
    window.told.push([text, tag, renotify]);
  }
};
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.sounds += 1; return start.apply(this, when); };
"""


async def away(browser: Browser, shop: Shop, login: str, **options: Any) -> Desk:
    """Open a desk that its operator does not look at."""
    one = await desk(browser, shop, login, **options)
    await one.page.context.add_init_script(ELSEWHERE)
    await one.page.reload()
    await expect(one.desk).to_have_attribute("data-mine", re.compile(r"\d"), timeout=20_000)
    return one


async def told(one: Desk, text: str) -> None:
    await one.page.wait_for_function("text => window.told.some((one) => one[0] === text)", arg=text)


async def test_a_visitor_who_waits_is_told_of_with_sound(browser: Browser, staffed: Shop):
    oleg = await away(browser, staffed, "oleg")

    await caller(browser, staffed, "Как оплатить заказ картой?")

    await told(oleg, WAITING)
    assert await oleg.page.evaluate("window.told[0]") == [WAITING, "vink-waiting", True]
    assert await oleg.page.evaluate("window.sounds") > 0
    oleg.watch.check()


async def test_where_a_page_may_show_no_notification_there_is_the_sound(browser: Browser, staffed: Shop):
    oleg = await away(browser, staffed, "oleg")
    await oleg.page.evaluate("window.forbidden = true")

    await caller(browser, staffed, "Как оплатить заказ картой?")

    await oleg.page.wait_for_function("window.sounds > 0")
    oleg.watch.check()


async def test_what_a_colleague_hands_over_and_what_its_visitor_writes_is_told(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Как оплатить заказ картой?")
    anna, vera = await desk(browser, staffed, "anna"), await away(browser, staffed, "vera")
    await anna.queue.get_by_role("button").last.click()
    await anna.button("Взять").click()
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "attended")

    await anna.give("Вера", "Нужен счёт")

    await told(vera, OWN)
    await vera.page.evaluate("window.told = []")
    await one.write("А чек будет?")
    await told(vera, OWN)
    vera.watch.check()


async def test_ones_own_press_is_no_news(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Как оплатить заказ картой?")
    vera = await away(browser, staffed, "vera")
    await told(vera, WAITING)
    held, news = [await vera.desk.get_attribute(name) or "" for name in ("data-mine", "data-news")]
    await vera.page.evaluate("window.elsewhere = false")
    await vera.queue.get_by_role("button").last.click()

    await vera.button("Взять").click()
    await expect(vera.desk).to_have_attribute("data-mine", str(int(held) + 1))
    await expect(vera.desk).to_have_attribute("data-news", news)
    await vera.page.evaluate("window.elsewhere = true")
    # Two rounds of the page's own second hand.
    await vera.page.evaluate("new Promise((done) => setTimeout(done, 2100))")

    assert OWN not in [text for text, *_ in await vera.page.evaluate("window.told")]
    await vera.button("Завершить").click()
    vera.watch.check()
