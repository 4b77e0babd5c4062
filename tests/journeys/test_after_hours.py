"""Outside the working hours the page says so before anybody is called."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from tests.browser import PHONE, assert_accessible, new_page
from tests.journeys.visitor import visitor
from tests.program import Server, end
from vink_chat import preferences
from vink_chat.kit.db import Database
from vink_chat.preferences import Day, Hours, Week

pytestmark = pytest.mark.browser


def _closed_today() -> Hours:
    """Return hours that begin again in two days, whatever day it is."""
    today = datetime.now(ZoneInfo("Europe/Moscow")).date()
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    week = Week(**dict.fromkeys(days, Day()))
    return Hours(enabled=True, week=week, holidays=(today, today + timedelta(days=1)))


async def _save(url: str) -> None:
    database = Database(url)
    async with database.transaction() as tx:
        await preferences.save(tx, _closed_today())
    await database.close()


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shop whose people have gone home."""
    made = Server(tmp_path_factory.mktemp("closed"), {})
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _save(made.settings["VINK_DATABASE_URL"])).result()
    made.start_now()
    yield made
    end([made])


@pytest.mark.parametrize("path", ["/", "/embed"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_the_header_and_the_button_say_that_people_come_later(
    browser: Browser, closed: Server, path: str, width: int
):
    viewport: ViewportSize = {"width": width, "height": PHONE["height"]}
    one = await visitor(browser, closed.url + path, viewport=viewport)

    hint = one.page.locator("[data-status]").get_by_text("Ассистент отвечает сразу · люди с ")
    await expect(hint).to_be_visible()
    cut = "(line) => line.scrollWidth > line.clientWidth || line.scrollHeight > line.clientHeight + 1"
    assert not await hint.evaluate(cut)
    await expect(one.call).to_have_count(0)
    await assert_accessible(one.page)

    await one.page.get_by_role("button", name="Оставить сообщение").click()
    await expect(one.ours.first).to_contain_text("мы откроемся")
    await expect(one.page.locator("[data-status]")).to_contain_text("Ответим с ")
    await expect(one.page.locator("[data-status]")).not_to_contain_text("Ждём специалиста")
    await expect(one.page.locator("[data-contacts]")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/embed"])
async def test_what_is_drawn_before_the_page_is_alive_promises_nobody(browser: Browser, closed: Server, path: str):
    page = await new_page(browser, java_script_enabled=False)

    await page.goto(closed.url + path)

    await expect(page.get_by_role("heading")).to_be_visible()
    await expect(page.locator("[data-status]")).to_have_text("")
    await expect(page.get_by_role("button", name="Позвать оператора")).to_have_count(0)
