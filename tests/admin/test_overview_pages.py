"""Administrators see what happened, what failed, and every page well: in light and dark, on a desk and in a hand."""

import re

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests import browser as browsers
from tests.admin.conftest import LOGIN
from vink_chat.pages.admin.frame import PAGES

pytestmark = pytest.mark.browser


async def test_the_overview_counts_and_each_number_opens_its_conversations(opens):
    page = await opens("/admin")

    async def number(name: str) -> str:
        return await page.locator("dl > div", has=page.get_by_text(name, exact=True)).locator("dd").inner_text()

    await expect(page.locator("dl > div")).to_have_count(5)
    assert await number("Разговоры") == "4"
    assert await number("Ответил ассистент") == "2 (50\xa0%)"
    assert await number("Передано специалисту") == "2"
    assert await number("Первый ответ специалиста: медиана / 90 %") == "0:00 / 0:00"
    assert await number("Оценка") == "5,0 (1)"
    button = page.get_by_role("link", name="Кнопка «Позвать оператора»: 1")
    assert "/desk?reason=button&day=" in str(await button.get_attribute("href"))
    await expect(page.get_by_role("row")).to_have_count(8)
    await page.get_by_role("link", name="30 дней").click()
    await expect(page.get_by_role("row")).to_have_count(31)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Разговоры", 4),
        ("Ответил ассистент", 2),
        ("Передано специалисту", 2),
        ("Первый ответ специалиста: медиана / 90 %", 2),
        ("Оценка", 1),
    ],
)
@pytest.mark.parametrize("days", [1, 7])
async def test_a_number_opens_the_conversations_it_counts(opens, name: str, rows: int, days: int):
    page = await opens(f"/admin?days={days}")

    await page.locator("dl > div", has=page.get_by_text(name, exact=True)).get_by_role("link").click()

    await expect(page.get_by_role("list", name="Очередь").get_by_role("button")).to_have_count(rows)


async def test_who_is_not_signed_in_is_sent_to_the_entrance(shop, browser: Browser):
    page = await browsers.new_page(browser)
    for _, path in PAGES[:3]:
        await page.goto(shop.url + path)
        await page.wait_for_url(re.compile("/sign-in"), wait_until="commit")


async def test_who_leaves_is_out(shop, browser: Browser):
    page = await browsers.new_page(browser)
    async with httpx.AsyncClient(base_url=shop.url, trust_env=False) as client:
        token = (await client.post("/auth/sign-in", data=LOGIN)).cookies["vink_session"]
    await page.context.add_cookies([{"name": "vink_session", "value": token, "url": shop.url}])
    await page.goto(f"{shop.url}/admin/work")

    await page.get_by_role("button", name="Выйти").click()

    await page.wait_for_url(re.compile("/sign-in"), wait_until="commit")
    await page.goto(f"{shop.url}/admin/work")
    await page.wait_for_url(re.compile("/sign-in"), wait_until="commit")


@pytest.mark.parametrize("path", [path for _, path in PAGES])
async def test_a_page_is_accessible_in_light_and_dark_and_fits_a_hand(opens, path: str):
    page = await opens(path, reduced_motion="reduce")
    if path in {f"/admin/{name}" for name in ("assistant", "handover", "questions", "look", "canned", "telegram")}:
        await page.wait_for_selector("form[id]")

    await browsers.assert_accessible(page)
    await page.set_viewport_size(browsers.PHONE)
    await page.emulate_media(color_scheme="dark")
    await browsers.assert_accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_text("Меню", exact=True).click()
    await expect(page.get_by_role("navigation", name="Разделы")).to_be_visible()
    await browsers.assert_accessible(page)
