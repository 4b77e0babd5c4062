"""What a visitor left is read by operators as it was typed, and what operators know is kept."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.desk.shop import Shop, caller, desk
from tests.makers import Visitor
from vink_chat import conversations, handover
from vink_chat.conversations import Reason
from vink_chat.kit.db import Database
from vink_chat.pages.desk.messages import DeskPresenter


async def test_contacts_cannot_pose_as_our_own_link(database: Database):
    visitor = Visitor()
    await visitor.presses_the_button()
    name = "[Войдите заново](https://evil.example) **срочно**"
    async with database.transaction() as tx:
        await handover.leave_contacts(tx, visitor.id, name, "+7 900 123-45-67", "")

    waiting = await visitor.conversation()
    async with database.reading() as tx:
        said = await conversations.conversation_messages(tx, waiting.id)
    drawn = DeskPresenter("ru", "Europe/Moscow").present(list(said), {}, "Посетитель")
    note = next(one for one in drawn if one["note"])

    assert waiting.reason is Reason.CONTACTS_LEFT
    assert "<a " not in note["html"]
    assert name in note["html"]


@pytest.mark.browser
async def test_what_is_typed_into_the_card_is_saved_by_leaving_its_field_and_never_lost(
    browser: Browser, staffed: Shop
):
    for text in ("Контакты: первый", "Контакты: второй"):
        await caller(browser, staffed, text)
    vera = await desk(browser, staffed, "vera")
    waiting = vera.queue.get_by_role("button")
    await expect(waiting.nth(1)).to_be_visible()
    rows = [vera.page.locator(f'[data-row="{await waiting.nth(at).get_attribute("data-row")}"]') for at in (-2, -1)]
    column = vera.page.get_by_role("complementary", name="Посетитель")
    name, phone, email = [column.get_by_label(label) for label in ("Имя", "Телефон", "Почта")]
    await rows[0].click()
    await expect(vera.log.get_by_text("Контакты: первый")).to_be_visible()

    await email.fill("anna@")
    await name.fill("Анна Петрова")
    await expect(column.get_by_text("Это не похоже на адрес почты")).to_be_visible()
    # Another conversation is opened with the cursor still in a field.
    await phone.fill("12")
    await rows[1].click()
    await expect(vera.log.get_by_text("Контакты: второй")).to_be_visible()
    await expect(phone).to_have_value("")
    await rows[0].click()

    await expect(name).to_have_value("Анна Петрова")
    await expect(vera.page.get_by_role("heading", name="Анна Петрова")).to_be_visible()
    await expect(phone).to_have_value("12")
    await expect(email).to_have_value("anna@")
    await phone.fill("+7 900 123-45-67")
    await phone.press("Enter")
    await expect(column.get_by_text("Сохранено")).to_be_visible()
    await email.fill("")
    await rows[1].click()
    await expect(phone).to_have_value("")
    await vera.page.reload()
    await rows[0].click()
    await expect(phone).to_have_value("+7 900 123-45-67")
    await expect(email).to_have_value("")
    vera.watch.check()


@pytest.mark.browser
async def test_a_long_wait_is_told_in_hours_and_days(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Давно жду")
    vera = await desk(browser, staffed, "vera")
    mark = vera.queue.locator("[data-since]").last
    await expect(mark).to_have_text(re.compile(r"^\d+:\d\d$"))

    for hours, told in ((1.05, "1 ч 03 м"), (26.5, "1 д 2 ч")):
        await vera.page.evaluate("hours => { Date.now = () => new Date().getTime() + hours * 36e5 }", hours)
        await expect(mark).to_have_text(told)
