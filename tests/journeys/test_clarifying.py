"""Not sure what a visitor means, the assistant offers the nearest questions and a person, as buttons."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser import PHONE, assert_accessible
from tests.journeys.visitor import Visitor, second_tab, visitor
from tests.program import Server

pytestmark = pytest.mark.browser


async def unsure(browser: Browser, url: str) -> Visitor:
    one = await visitor(browser, url)
    await expect(await one.ask("плёнка")).to_contain_text("Не уверен, что понял вас правильно")
    return one


@pytest.mark.parametrize("path", ["/", "/embed"])
async def test_a_near_question_is_asked_by_the_keyboard_as_the_visitors_own_words(
    browser: Browser, shared_server: Server, path: str
):
    one = await unsure(browser, shared_server.url + path)
    buttons = one.log.get_by_role("group", name="Варианты ответа").get_by_role("button")
    question = await buttons.first.inner_text()
    assert question.endswith("?")
    await assert_accessible(one.page)

    await buttons.first.focus()
    await one.page.keyboard.press("Enter")

    await expect(one.own).to_have_count(2)
    await expect(one.own.last).to_contain_text(question)
    await expect(one.ours).to_have_count(2)
    await expect(buttons).to_have_count(0)
    one.watch.check()


async def test_the_last_button_calls_a_person(browser: Browser, shared_server: Server):
    one = await unsure(browser, shared_server.url)
    await one.page.set_viewport_size(PHONE)

    await one.log.get_by_role("button", name="Позвать специалиста").click()

    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "waiting")
    await expect(one.log.locator("[data-quick-replies]")).to_have_count(0)


async def test_the_buttons_stand_in_every_tab_and_after_a_reload_under_the_last_message_alone(
    browser: Browser, shared_server: Server
):
    one = await unsure(browser, shared_server.url)
    two = await second_tab(one, shared_server.url)
    await one.page.reload()

    for tab in (one, two):
        await expect(tab.log.locator("[data-quick-replies]")).to_have_count(1)
    await two.ask("как дела")

    for tab in (one, two):
        await expect(tab.log.locator("[data-quick-replies]")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/embed"])
async def test_who_waits_is_answered_by_the_assistant_and_may_stop_waiting(
    browser: Browser, shared_server: Server, path: str
):
    one = await visitor(browser, shared_server.url + path)
    await one.call.click()
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "waiting")
    answer = await one.ask("Есть ли минимальная сумма заказа?")
    await expect(answer).to_contain_text("Ассистент, пока ждём")
    await assert_accessible(one.page)

    await one.page.get_by_role("button", name="Не ждать").click()

    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "assisted")
    await expect(one.ours.last).to_contain_text("специалиста больше не ждём")
    await expect(one.call).to_be_visible()
    one.watch.check()
