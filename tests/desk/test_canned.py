"""Canned replies: an open desk has those that are saved now, and they call the visitor by name."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser import new_page
from tests.desk.shop import Shop, caller, desk

pytestmark = pytest.mark.browser


async def test_a_canned_reply_reaches_an_open_desk_and_calls_the_visitor_by_name(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Нужен прайс на плёнку")
    oleg = await desk(browser, staffed, "oleg")
    await oleg.pick("Нужен прайс на плёнку")
    admin = await new_page(browser)
    await admin.context.add_cookies([{"name": "vink_session", "value": staffed.cookies["anna"], "url": staffed.url}])
    await admin.goto(f"{staffed.url}/admin/canned")
    shortcuts = admin.get_by_label("Сокращение", exact=True)
    await expect(shortcuts.first).to_be_visible()
    count = await shortcuts.count()
    await admin.get_by_role("button", name="Добавить ответ").click()
    await expect(shortcuts).to_have_count(count + 1)
    for label, text in (("Сокращение", "прайс"), ("Название", "Прайс"), ("Текст", "Здравствуйте, {имя}! Отправляю.")):
        await admin.get_by_label(label, exact=True).last.fill(text)
    await admin.get_by_role("button", name="Сохранить").click()

    await oleg.box.fill("/прайс")
    await expect(oleg.page.get_by_role("list", name="Шаблоны").get_by_role("button")).to_have_count(1)
    await oleg.box.press("Enter")
    await expect(oleg.box).to_have_value("Здравствуйте! Отправляю.")

    name = oleg.page.get_by_label("Имя", exact=True)
    await name.fill("Мария")
    await name.press("Enter")
    await expect(oleg.page.locator("[data-saved='name']")).to_be_visible()
    await oleg.box.fill("/прайс")
    await oleg.box.press("Enter")
    await expect(oleg.box).to_have_value("Здравствуйте, Мария! Отправляю.")
    # What is held is ended before the next test.
    await oleg.button("Взять").click()
    await expect(oleg.button("Завершить")).to_be_visible()
    oleg.watch.check()
