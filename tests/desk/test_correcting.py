"""An operator corrects what they wrote, and what they were writing is not lost."""

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser import PHONE, assert_accessible
from tests.desk.shop import Desk, Shop, caller, desk
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


async def _talk(browser: Browser, shop: Shop, words: str) -> tuple[Desk, Visitor]:
    """Let Анна take a visitor who has just called."""
    one = await caller(browser, shop, words)
    anna = await desk(browser, shop, "anna")
    await anna.row(words).last.click()
    await anna.button("Взять").click()
    await expect(anna.button("Завершить")).to_be_visible()
    return anna, one


def _corrects(anna: Desk) -> Locator:
    return anna.page.locator("[data-about]")


async def test_the_arrow_up_corrects_the_last_answer_and_the_visitor_reads_the_new_words(
    browser: Browser, staffed: Shop
):
    anna, one = await _talk(browser, staffed, "Когда привезут?")
    await anna.reply("Привезём завтро")
    await anna.note("Торопится")
    await expect(one.log.get_by_text("Привезём завтро")).to_be_visible()

    await anna.box.press("ArrowUp")
    await expect(_corrects(anna)).to_contain_text("Правка")
    await expect(anna.page.get_by_role("textbox", name="Правка")).to_have_value("Привезём завтро")
    await anna.box.fill("Привезём завтра")
    await anna.box.press("Enter")

    await expect(one.log.get_by_text("Привезём завтра")).to_be_visible()
    await expect(one.log.get_by_text("Привезём завтро")).to_have_count(0)
    await expect(one.log.locator('[data-who="operator"]').get_by_text("изменено")).to_be_visible()
    await expect(anna.log.locator('[data-who="operator"]').get_by_text("изменено")).to_be_visible()
    await expect(_corrects(anna)).to_be_hidden()
    await expect(anna.box).to_have_value("")
    await expect(anna.box).to_be_focused()
    for each in (anna, one):
        each.watch.check()


async def test_a_correction_leaves_what_was_being_written_as_it_was(browser: Browser, staffed: Shop):
    anna, one = await _talk(browser, staffed, "Есть ли скидки?")
    await anna.reply("Скидок нед")
    await anna.write_as("Заметка")
    await anna.box.fill("Спросить у Веры")

    answer = anna.log.locator('[data-who="operator"]').filter(has_text="Скидок нед")
    await answer.get_by_role("button", name="Изменить").press("Enter")
    await expect(anna.box).to_have_value("Скидок нед")
    await anna.box.press("Escape")
    await expect(anna.box).to_have_value("Спросить у Веры")
    await expect(anna.kind("Заметка")).to_be_checked()

    await answer.get_by_role("button", name="Изменить").press("Enter")
    await anna.box.fill("Скидок нет")
    await anna.button("Сохранить").click()
    await expect(one.log.get_by_text("Скидок нет")).to_be_visible()

    await expect(anna.box).to_have_value("Спросить у Веры")
    await expect(anna.kind("Заметка")).to_be_checked()
    await expect(one.log.get_by_text("Спросить у Веры")).to_have_count(0)
    anna.watch.check()


async def test_a_correction_waits_in_its_conversation_while_another_one_is_open(browser: Browser, staffed: Shop):
    other = await caller(browser, staffed, "Другой разговор")
    anna, one = await _talk(browser, staffed, "Первый разговор")
    await anna.reply("Ответ первому")
    await anna.box.press("ArrowUp")
    await anna.box.fill("Исправленный ответ первому")

    await anna.box_of("Все")
    await anna.row("Другой разговор").last.click()
    await expect(anna.log.get_by_text("Другой разговор").first).to_be_visible()
    await expect(_corrects(anna)).to_be_hidden()
    await expect(anna.box).to_have_value("")
    await anna.row("Ответ первому").last.click()
    await expect(anna.log.get_by_text("Первый разговор").first).to_be_visible()
    await expect(_corrects(anna)).to_be_visible()
    await expect(anna.box).to_have_value("Исправленный ответ первому")
    await anna.box.press("Enter")

    await expect(one.log.get_by_text("Исправленный ответ первому")).to_be_visible()
    await expect(other.log.get_by_text("Исправленный")).to_have_count(0)


async def test_what_others_wrote_or_what_is_over_is_not_offered_to_be_corrected(browser: Browser, staffed: Shop):
    anna, one = await _talk(browser, staffed, "Чужое не меняют")
    await anna.reply("Моё")
    await expect(anna.log.get_by_role("button", name="Изменить")).to_have_count(1)
    vera = await desk(browser, staffed, "vera", f"/desk/?c={await anna.desk.get_attribute('data-open')}")
    await expect(vera.log.get_by_text("Моё")).to_be_visible()
    await expect(vera.log.get_by_role("button", name="Изменить")).to_have_count(0)

    await anna.box.press("ArrowUp")
    await anna.box.fill("Поздно")
    await vera.page.close()
    await anna.button("Завершить").click()
    await expect(one.log.get_by_text("Чат окончен.")).to_be_visible()
    await anna.box.press("Enter")

    await expect(anna.alert).to_contain_text("Разговор завершён: отправленное посетителю уже не изменить.")
    await expect(anna.box).to_have_value("Поздно")
    await expect(anna.log.get_by_role("button", name="Изменить")).to_have_count(0)
    await expect(one.log.get_by_text("Моё")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_correction_is_legible_on_a_phone(browser: Browser, staffed: Shop, scheme: str):
    one = await caller(browser, staffed, "Правка с телефона")
    anna = await desk(browser, staffed, "anna", viewport=PHONE, color_scheme=scheme, has_touch=True)
    await anna.row("Правка с телефона").last.click()
    await anna.button("Взять").click()
    await anna.reply("Ответ с ошипкой, который довольно длинный и не помещается в одну строку на телефоне")
    await anna.log.get_by_role("button", name="Изменить").click()

    await expect(_corrects(anna)).to_be_visible()
    await assert_accessible(anna.page)
    await expect(one.log.get_by_text("ошипкой")).to_be_visible()
