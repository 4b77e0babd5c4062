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
    await expect(anna.button("Важность: Срочный")).to_be_visible()
    await expect(oleg.button("Важность: Срочный")).to_be_visible()
    await expect(rows.first).to_contain_text("Горит: второй")
    await expect(rows.first.locator("[data-priority=urgent]")).to_have_text("Срочный")
    assert await rows.count() == before

    await oleg.button("Важность: Срочный").click()
    dialog = oleg.page.get_by_role("dialog", name="Важность")
    await dialog.get_by_role("link", name="Показать срочные и важные").click()
    await expect(oleg.page.locator("[data-filtered]")).to_contain_text("Срочные и важные")
    await expect(oleg.row("Горит: второй")).to_be_visible()
    await expect(oleg.row("Подождёт: первый")).to_have_count(0)
    await expect(dialog).to_be_hidden()
    for each in (anna, oleg):
        each.watch.check()


async def test_a_choice_that_was_escaped_changes_nothing(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Никакой спешки")
    vera = await desk(browser, staffed, "vera")
    await vera.pick("Никакой спешки")

    await vera.button("Важность: Обычный").click()
    await vera.page.keyboard.press("Escape")

    await expect(vera.page.get_by_role("dialog", name="Важность")).to_be_hidden()
    await expect(vera.button("Важность: Обычный")).to_be_visible()
    await expect(vera.row("Никакой спешки").locator("[data-priority]")).to_have_count(0)


async def test_the_browsers_back_closes_the_choice_for_another_conversation(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Открыт сначала")
    await caller(browser, staffed, "Открыт потом")
    vera = await desk(browser, staffed, "vera")
    await vera.pick("Открыт сначала")
    await vera.pick("Открыт потом")
    await expect(vera.log).to_contain_text("Открыт потом")
    await vera.desk.dispatch_event("keydown", {"key": "p"})
    dialog = vera.page.get_by_role("dialog", name="Важность")
    await expect(dialog).to_be_visible()

    await vera.page.go_back()

    await expect(vera.log).to_contain_text("Открыт сначала")
    await expect(dialog).to_be_hidden()


async def test_enter_keeps_what_was_chosen_and_the_arrows_choose_another(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Выбор с клавиш")
    vera = await desk(browser, staffed, "vera")
    await vera.pick("Выбор с клавиш")
    dialog = vera.page.get_by_role("dialog", name="Важность")

    await vera.desk.dispatch_event("keydown", {"key": "p"})
    await expect(dialog.get_by_role("button", name="Обычный", exact=True)).to_be_focused()
    await vera.page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()

    await vera.desk.dispatch_event("keydown", {"key": "p"})
    await vera.page.keyboard.press("ArrowUp")
    await expect(dialog.get_by_role("button", name="Важный", exact=True)).to_be_focused()
    await vera.page.keyboard.press("ArrowUp")
    await vera.page.keyboard.press("ArrowUp")
    await vera.page.keyboard.press("ArrowDown")
    await vera.page.keyboard.press("Enter")
    await expect(vera.button("Важность: Важный")).to_be_visible()
    await expect(vera.row("Выбор с клавиш").locator("[data-priority=high]")).to_have_text("Важный")
    vera.watch.check()


@pytest.mark.parametrize("width", [390, 1280])
async def test_the_button_takes_no_row_of_its_own(browser: Browser, staffed: Shop, width: int):
    words = f"Тесно при {width}"
    await caller(browser, staffed, words)
    vera = await desk(browser, staffed, "vera", viewport={"width": width, "height": 844})
    await vera.pick(words)
    await vera.button("Взять").click()
    await expect(vera.button("Завершить")).to_be_visible()

    flag = await vera.button("Важность: Обычный").bounding_box()
    name = await vera.page.locator("header > div > h2").bounding_box()
    assert flag
    assert name
    assert flag["y"] < name["y"] + name["height"]
