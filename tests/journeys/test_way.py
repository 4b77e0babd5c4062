"""The way through the page: where the focus goes, and what the buttons say to who sees them."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.browser import PHONE
from tests.journeys.visitor import visitor
from tests.program import Server

pytestmark = pytest.mark.browser


async def test_whose_button_goes_away_goes_on_from_the_thread(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)

    await one.page.get_by_role("button", name="Как оформить заказ?").press("Enter")
    await expect(one.ours).to_have_count(1)
    await expect(one.page.get_by_role("navigation", name="Популярные вопросы")).to_have_count(0)
    await expect(one.log).to_be_focused()

    await one.call.press("Enter")
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "waiting")
    await expect(one.log).to_be_focused()


async def test_who_writes_elsewhere_keeps_the_focus(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)
    await one.page.get_by_role("button", name="Как оформить заказ?").click()

    await one.box.focus()
    await expect(one.ours).to_have_count(1)

    await expect(one.box).to_be_focused()


@pytest.mark.parametrize("width", [320, 390])
async def test_on_a_phone_the_way_to_a_person_is_written_out(browser: Browser, shared_server: Server, width: int):
    one = await visitor(browser, shared_server.url, viewport={**PHONE, "width": width})

    await expect(one.call.get_by_text("Позвать оператора")).to_be_visible()
    hint, title = (
        one.page.get_by_text("Ассистент отвечает сразу · людей сейчас нет"),
        one.page.get_by_role("heading", level=1),
    )
    for line in (hint, title):
        cut = await line.evaluate(
            "(line) => line.scrollWidth > line.clientWidth || line.scrollHeight > line.clientHeight + 1"
        )
        assert not cut
    await expect(one.page.get_by_role("button", name=re.compile("Отправить"))).to_have_attribute("title", "Отправить")
