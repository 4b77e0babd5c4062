"""Administrators change how the chat behaves: validated, whole, and never over somebody else's change."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests import browser as browsers
from tests.admin.conftest import LOGIN
from tests.program import Server

pytestmark = pytest.mark.browser


async def _saves(page: Page, section: str) -> None:
    await page.locator(f"#form-{section}").get_by_role("button", name="Сохранить").click()


async def test_who_signs_in_by_the_form_changes_the_persona_and_it_stays(shop, browser: Browser, opens):
    page = await browsers.new_page(browser)
    await page.goto(f"{shop.url}/sign-in")
    await page.fill("[name=login]", LOGIN["login"])
    await page.fill("[name=password]", LOGIN["password"])
    await page.get_by_role("button", name="Войти").click()
    await page.wait_for_url(re.compile("/desk"), wait_until="commit")
    await page.goto(f"{shop.url}/admin/assistant")

    await page.locator("[name='assistant.persona']").fill("Ты — Вика, знаток плёнок.")
    await page.locator("[name='assistant.temperature']").fill("0,5")
    await _saves(page, "assistant")

    await expect(page.get_by_role("status").filter(has_text="Сохранено")).to_be_visible()
    other = await opens("/admin/assistant")
    await expect(other.locator("[name='assistant.persona']")).to_have_value("Ты — Вика, знаток плёнок.")
    await expect(other.locator("[name='assistant.temperature']")).to_have_value("0.5")


async def test_a_wrong_value_is_refused_with_a_sentence_and_nothing_is_half_saved(opens):
    page = await opens("/admin/assistant")
    before = await page.locator("[name='assistant.temperature']").input_value()

    await page.locator("[name='assistant.name']").fill("Половина")
    await page.locator("[name='assistant.temperature']").fill("2")
    await _saves(page, "assistant")

    await expect(page.locator("[data-wrong]").filter(has_text="Поле «Температура»: не больше 1.")).to_be_visible()
    await expect(page.locator("[name='assistant.name']")).to_have_value("Половина")
    await page.reload()
    await expect(page.locator("[name='assistant.temperature']")).to_have_value(before)
    assert await page.locator("[name='assistant.name']").input_value() != "Половина"


async def test_of_two_administrators_the_second_is_told_that_the_first_saved_meanwhile(opens):
    first, second = await opens("/admin/handover"), await opens("/admin/handover")

    await first.locator("[name='handover.notices.free']").fill("Зову специалиста.")
    await _saves(first, "handover")
    await expect(first.get_by_text("Сохранено")).to_be_visible()
    await second.locator("[name='handover.notices.busy']").fill("Все заняты, вы {place}-й.")
    await _saves(second, "handover")

    await expect(second.get_by_role("alert").filter(has_text="сохранил кто-то другой")).to_be_visible()
    await second.reload()
    await expect(second.locator("[name='handover.notices.free']")).to_have_value("Зову специалиста.")


async def test_hours_take_a_time_zone_and_holidays_and_refuse_a_zone_that_is_none(opens):
    page = await opens("/admin/handover")
    form = page.locator("#form-hours")

    await form.get_by_label("Учитывать рабочее время").check()
    await form.get_by_label("Воскресенье", exact=True).check()
    await form.get_by_label("Воскресенье: открытие").fill("10:30")
    await form.locator("[name='hours.holidays']").fill("2027-01-07\n2027-01-01")
    await form.locator("[name='hours.zone']").fill("Mars/Olympus")
    await _saves(page, "hours")
    await expect(page.locator("[data-wrong]").filter(has_text="такого часового пояса нет")).to_be_visible()
    await form.locator("[name='hours.zone']").fill("Asia/Yekaterinburg")
    await _saves(page, "hours")
    await expect(page.get_by_text("Сохранено")).to_be_visible()

    await page.reload()
    await expect(form.locator("[name='hours.holidays']")).to_have_value("2027-01-01\n2027-01-07")
    await expect(form.get_by_label("Воскресенье: открытие")).to_have_value("10:30")


async def test_groups_of_questions_are_added_moved_and_removed_and_visitors_see_them(shop, opens, browser: Browser):
    page = await opens("/admin/questions")
    groups = page.get_by_label("Название группы")
    await expect(groups.first).to_be_visible()
    names = [await one.input_value() for one in await groups.all()]

    await page.get_by_role("button", name="Добавить группу").click()
    await expect(groups).to_have_count(len(names) + 1)
    await groups.last.fill("Сервис")
    await page.get_by_label("Вопросы").last.fill("Чините ли вы принтеры?\nСколько длится ремонт?")
    await page.get_by_role("button", name="Выше").last.click()
    await expect(groups.nth(len(names) - 1)).to_have_value("Сервис")
    await page.get_by_role("button", name="Убрать").first.click()
    await expect(groups).to_have_count(len(names))
    await _saves(page, "popular_questions")
    await expect(page.get_by_text("Сохранено")).to_be_visible()

    visitor = await browsers.new_page(browser)
    await visitor.goto(shop.url)
    shown = visitor.locator("[data-popular] summary")
    await expect(shown).to_have_text([*names[1:-1], "Сервис", names[-1]])


async def test_the_look_is_previewed_before_it_is_saved(opens):
    page = await opens("/admin/look")

    await page.locator("[name='look.colour']").fill("#123456")
    await page.locator("[name='look.title']").fill("Плёнки и свет")

    preview = page.locator("[data-preview]")
    await expect(preview).to_contain_text("Плёнки и свет")
    await expect(preview).to_contain_text("Здравствуйте! Это чат компании")
    await expect(preview).to_contain_text("Напишите вопрос…")
    beside = await preview.bounding_box() or {}
    form = await page.locator("#form-look").bounding_box() or {}
    assert form["x"] + form["width"] <= beside["x"]
    await expect(preview).to_have_attribute("style", "--brand: #123456; --on-brand: #ffffff;")
    await expect(page.get_by_text('/widget.js" async></script>')).to_be_visible()
    await page.reload()
    await expect(page.locator("[name='look.colour']")).to_have_value("#ffd500")


async def test_a_logo_that_cannot_be_shown_is_not_saved_without_a_word(shop: Server, session: str, browser: Browser):
    # Nobody watches this page: the browser complains of the missing picture, as it should.
    page = await browsers.new_page(browser)
    await page.context.add_cookies([{"name": "vink_session", "value": session, "url": shop.url}])
    await page.goto(shop.url + "/admin/look")
    logo, warning = page.locator("[name='look.logo_url']"), page.get_by_text("Картинка по этому адресу не открывается")
    await expect(warning).to_be_hidden()

    for broken in ("/no-such-logo.png", "/widget.js"):
        await logo.fill(broken)
        await _saves(page, "look")
        await expect(page.get_by_text("Сохранено")).to_be_visible()
        await expect(warning).to_be_visible()
    await expect(page.locator("[data-preview] img")).to_be_hidden()

    await logo.fill("/favicon.svg")
    await _saves(page, "look")
    await expect(warning).to_be_hidden()
    await expect(page.locator("[data-preview] img")).to_be_visible()
    await logo.fill("")
    await _saves(page, "look")
    await expect(warning).to_be_hidden()


async def test_unsaved_settings_are_tried_beside_the_saved_ones(opens):
    page = await opens("/admin/assistant")

    await page.locator("[name='assistant.refused_words']").fill("собственный транспорт")
    await page.locator("[name='question']").fill("Сколько стоит доставка?")
    await page.get_by_role("button", name="Проверить").click()

    unsaved, saved = page.locator("[data-trials] article").first, page.locator("[data-trials] article").last
    await expect(unsaved).to_contain_text("Сначала переспросил бы посетителя: слово из списка")
    await expect(saved).to_contain_text("Доставка", ignore_case=True)
    await expect(saved).not_to_contain_text("Позвал бы специалиста")
    await page.reload()
    assert "транспорт" not in await page.locator("[name='assistant.refused_words']").input_value()
