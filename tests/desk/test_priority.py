"""How urgent a conversation is, set at the desk and seen at every desk at once."""

import pytest
from playwright.async_api import Browser, expect

from tests.desk.shop import Shop, caller, desk

pytestmark = pytest.mark.browser


async def test_a_key_opens_the_choice_and_every_desk_sees_what_was_chosen(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Подождёт: первый")
    await caller(browser, staffed, "Горит: второй")
    anna, oleg = await desk(browser, staffed, "anna"), await desk(browser, staffed, "oleg")
    rows = oleg.queue.get_by_role("button")
    await anna.pick("Горит: второй")
    await oleg.pick("Горит: второй")
    before = await rows.count()

    # «p» on a Russian keyboard.
    await anna.desk.dispatch_event("keydown", {"key": "з"})
    dialog = anna.page.get_by_role("dialog", name="Важность")
    await expect(dialog.get_by_role("button", name="Обычный")).to_have_attribute("aria-pressed", "true")
    await dialog.get_by_role("button", name="Срочный", exact=True).press("Enter")

    await expect(dialog).to_be_hidden()
    await expect(anna.button("Срочный")).to_be_visible()
    await expect(oleg.button("Срочный")).to_be_visible()
    await expect(rows.first).to_contain_text("Горит: второй")
    await expect(rows.first.locator("[data-priority=urgent]")).to_have_text("Срочный")
    assert await rows.count() == before

    await oleg.button("Срочный").click()
    dialog = oleg.page.get_by_role("dialog", name="Важность")
    await dialog.get_by_role("link", name="Показать срочные и важные").click()
    await expect(oleg.page.locator("[data-filtered]")).to_contain_text("Срочные и важные")
    await expect(oleg.row("Горит: второй")).to_be_visible()
    await expect(oleg.row("Подождёт: первый")).to_have_count(0)
    for each in (anna, oleg):
        each.watch.check()


async def test_a_choice_that_was_escaped_changes_nothing(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Никакой спешки")
    vera = await desk(browser, staffed, "vera")
    await vera.pick("Никакой спешки")

    await vera.button("Важность").click()
    await vera.page.keyboard.press("Escape")

    await expect(vera.page.get_by_role("dialog", name="Важность")).to_be_hidden()
    await expect(vera.button("Важность")).to_be_visible()
    await expect(vera.row("Никакой спешки").locator("[data-priority]")).to_have_count(0)
