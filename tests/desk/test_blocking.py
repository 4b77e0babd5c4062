"""The visitor's column blocks a visitor and lets them write again; the visitor reads why nothing is sent."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.browser import assert_accessible
from tests.desk.shop import Shop, caller, desk

pytestmark = pytest.mark.browser


async def test_a_visitor_is_blocked_for_a_day_and_let_in_again(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Купите у меня рекламу?")
    anna = await desk(browser, staffed, "anna")
    await anna.pick("Купите у меня рекламу?")
    column = anna.page.get_by_role("complementary", name="Посетитель")

    await column.get_by_text("Заблокировать…").click()
    await assert_accessible(anna.page)
    await column.get_by_label("На сколько").select_option(label="На сутки")
    await column.get_by_label("Причина").fill("Спам")
    await column.get_by_role("button", name="Заблокировать").click()

    await expect(column.get_by_text(re.compile(r"Заблокировано до .* · Анна · Спам"))).to_be_visible()
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "closed")
    await expect(anna.log.get_by_text("Завершено: Анна")).to_be_visible()
    await one.box.fill("Ещё реклама")
    await one.box.press("Enter")
    await expect(one.log.get_by_text("Отправка сообщений для вас закрыта").first).to_be_visible()

    await column.get_by_role("button", name="Разблокировать").click()
    await expect(column.get_by_text("Заблокировать…")).to_be_visible()
    await one.write("Я исправился")
    await expect(anna.log.get_by_text("Я исправился")).to_be_visible()
    anna.watch.check()
