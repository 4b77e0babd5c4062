"""An answer says which message it answers."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser import assert_accessible
from tests.desk.shop import Shop, caller, desk

pytestmark = pytest.mark.browser


async def test_the_visitor_sees_which_of_their_questions_is_answered(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Сколько стоит баннер?")
    anna = await desk(browser, staffed, "anna")
    await anna.row("Сколько стоит баннер?").last.click()
    await anna.button("Взять").click()
    await one.write("А доставка?")

    question = anna.log.locator('[data-who="visitor"]').filter(has_text="Сколько стоит баннер?").first
    await question.get_by_role("button", name="Ответить").press("Enter")
    about = anna.page.locator("[data-about]")
    await expect(about).to_have_text("В ответ на: Сколько стоит баннер?", use_inner_text=True)
    await expect(anna.box).to_be_focused()
    await anna.reply("440 рублей")

    for log in (anna.log, one.log):
        answer = log.locator('[data-who="operator"]').filter(has_text="440 рублей")
        await expect(answer.locator("blockquote")).to_have_text("Сколько стоит баннер?")
    await expect(about).to_be_hidden()
    await anna.reply("Доставка бесплатно")
    await expect(one.log.locator("blockquote")).to_have_count(1)
    for each in (anna, one):
        await assert_accessible(each.page)
        each.watch.check()


async def test_a_quotation_stays_with_its_draft_and_goes_by_escape(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Цитата: первый")
    await caller(browser, staffed, "Цитата: второй")
    anna = await desk(browser, staffed, "anna")
    about = anna.page.locator("[data-about]")
    await anna.row("Цитата: первый").last.click()
    await anna.button("Взять").click()
    await anna.reply("Слушаю")
    await anna.log.locator('[data-who="visitor"]').first.get_by_role("button", name="Ответить").click()
    await anna.box.fill("Пишу ответ")

    await anna.box_of("Все")
    await anna.row("Цитата: второй").last.click()
    await expect(anna.log.get_by_text("Цитата: второй").first).to_be_visible()
    await expect(about).to_be_hidden()
    await anna.row("Слушаю").last.click()
    await expect(about).to_have_text("В ответ на: Цитата: первый", use_inner_text=True)
    await expect(anna.box).to_have_value("Пишу ответ")

    await anna.box.press("Escape")
    await expect(about).to_be_hidden()
    await expect(anna.box).to_be_focused()
    await anna.box.press("Enter")
    await expect(one.log.get_by_text("Пишу ответ")).to_be_visible()
    await expect(one.log.locator("blockquote")).to_have_count(0)


async def test_a_note_and_a_notice_of_the_chat_are_not_quoted(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Что цитируют?")
    anna = await desk(browser, staffed, "anna")
    await anna.row("Что цитируют?").last.click()
    await anna.button("Взять").click()
    await anna.note("Между нами")

    hidden = anna.log.locator('[data-note="true"], [data-who="system"]')
    await expect(hidden.first).to_be_visible()
    await expect(hidden.get_by_role("button", name="Ответить")).to_have_count(0)
