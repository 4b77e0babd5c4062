"""«Завершить» may be taken back for some seconds."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.desk.shop import Shop, caller, desk

pytestmark = pytest.mark.browser
OVER = "Чат окончен."


async def test_who_finishes_by_mistake_takes_it_back_in_time(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Завершат по ошибке")
    vera = await desk(browser, staffed, "vera")
    await vera.queue.get_by_role("button").last.click()
    await vera.button("Взять").click()
    bar = vera.page.locator("[data-ending]:visible")

    await vera.button("Завершить").click()
    await expect(bar).to_contain_text(re.compile(r"Посетитель .* завершается · [1-5]"))
    await bar.get_by_role("button", name="Отменить").click()

    await expect(bar).to_have_count(0)
    await vera.reply("Мы продолжаем")
    await expect(one.log.get_by_text("Мы продолжаем")).to_be_visible()
    await expect(one.log.get_by_text(OVER)).to_have_count(0)

    # The visitor writes on before the end: there is none, and whoever pressed is told.
    await vera.button("Завершить").click()
    await expect(bar).to_be_visible()
    await vera.button("К очереди").click()
    await one.write("Подождите!")
    await expect(bar).to_contain_text("разговор не завершён, он продолжается")
    await bar.get_by_role("button", name="Открыть").click()
    await expect(vera.log.get_by_text("Подождите!")).to_be_visible()
    await expect(bar).to_have_count(0)

    # A tab that is closed after the press changes nothing.
    await vera.button("Завершить").click()
    await expect(bar).to_be_visible()
    vera.watch.check()
    await vera.page.close()
    await expect(one.log.get_by_text(OVER)).to_be_visible()
    one.watch.check()


async def test_who_finishes_reads_that_a_colleague_goes_on_with_it(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Завершат и заберут")
    vera, anna = await desk(browser, staffed, "vera"), await desk(browser, staffed, "anna")
    await vera.row("Завершат и заберут").click()
    await vera.button("Взять").click()
    await anna.box_of("Все")
    await anna.row("Завершат и заберут").click()
    await expect(anna.button("Забрать")).to_be_visible()

    await vera.button("Завершить").click()
    await expect(vera.page.locator("[data-ending]:visible")).to_contain_text("завершается")
    await expect(vera.button("Завершить")).to_be_disabled()
    await anna.button("Забрать").click()

    await expect(vera.page.locator("[data-ending]:visible")).to_contain_text("он продолжается")
    await anna.button("Завершить").click()
    vera.watch.check()
    anna.watch.check()


async def test_the_key_of_the_end_means_the_open_conversation_alone(browser: Browser, staffed: Shop):
    words = ("Клавиша: первый", "Клавиша: второй")
    for text in words:
        await caller(browser, staffed, text)
    vera = await desk(browser, staffed, "vera")
    waiting = vera.queue.get_by_role("button")
    await expect(waiting.nth(1)).to_be_visible()
    rows = [vera.page.locator(f'[data-row="{await waiting.nth(at).get_attribute("data-row")}"]') for at in (-2, -1)]
    await vera.box_of("Все")
    for row, text in zip(rows, words, strict=True):
        await row.click()
        await expect(vera.log.get_by_text(text)).to_be_visible()
        await vera.button("Взять").click()
        await expect(vera.button("Завершить")).to_be_visible()
    await vera.box_of("Мои")
    await rows[0].focus()

    await vera.page.keyboard.press("e")
    await expect(vera.page.locator("[data-ending]:visible")).to_have_count(0)
    await expect(vera.button("Завершить")).to_be_visible()

    await rows[1].focus()
    await vera.page.keyboard.press("e")
    await expect(vera.page.locator("[data-ending]:visible")).to_be_visible()
    # On with the next of them, by keys.
    await expect(rows[0]).to_be_focused()
    await vera.page.keyboard.press("Enter")
    await expect(vera.log.get_by_text(words[0])).to_be_visible()
    await vera.button("Завершить").click()
    vera.watch.check()
