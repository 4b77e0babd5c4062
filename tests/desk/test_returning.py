"""A visitor who is back and offered first to who led them: each desk says so in words that are right for its reader."""

import pytest
from playwright.async_api import Browser, expect

from tests.desk.shop import Shop, caller, desk

pytestmark = pytest.mark.browser


async def test_the_operator_it_is_offered_to_reads_that_it_is_theirs(browser: Browser, staffed: Shop):
    anna, oleg = await desk(browser, staffed, "anna"), await desk(browser, staffed, "oleg")
    one = await caller(browser, staffed, "Когда привезут рулонный винил?")
    await anna.pick("рулонный винил")
    await anna.button("Взять").click()
    await anna.button("Завершить").click()
    await expect(one.log.get_by_text("Чат окончен.")).to_be_visible()

    await one.call.click()

    for reader, words in ((anna, "Вернулся · сначала предложен вам"), (oleg, "Вернулся · сначала предложен: Анна")):
        await reader.box_of("Ожидают")
        row = reader.row("рулонный винил")
        await expect(row.locator("[data-returned]")).to_have_text(words)
        await row.click()
        await expect(reader.page.get_by_text(words)).to_have_count(2)
