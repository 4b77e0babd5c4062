"""A visitor asks about the shop, and reads right answers with their sources; every tab shows the same."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser import PHONE, assert_accessible
from tests.journeys.visitor import second_tab, visitor
from tests.program import Server

pytestmark = pytest.mark.browser

ANSWERS = {
    "Можно оплатить заказ картой?": ("банковской картой", "https://www.vink.ru/payment/"),
    "Как самому забрать товар со склада?": ("доверенность", "https://www.vink.ru/pickup/"),
    "Принтер полосит, что делать?": ("тест дюз", "https://www.vink.ru/articles/printhead/"),
}


@pytest.mark.parametrize("path", ["/", "/embed"])
async def test_three_questions_get_right_answers_that_stay(browser: Browser, shared_server: Server, path: str):
    one = await visitor(browser, shared_server.url + path)
    for question, (words, url) in ANSWERS.items():
        answer = await one.ask(question)
        await expect(answer).to_contain_text(words)
        await expect(answer.get_by_role("link").last).to_have_attribute("href", url)
        await expect(answer.get_by_role("link").last).to_have_attribute("rel", "noopener noreferrer nofollow")
    thread = await one.words()
    assert len(thread) == 6

    await one.page.reload()
    await one.ready()
    assert await one.words() == thread

    two = await second_tab(one, shared_server.url + path)
    assert await two.words() == thread
    await two.ask("Какие есть бренды?")
    await expect(one.ours).to_have_count(4)
    assert await one.words() == await two.words()

    await one.page.set_viewport_size(PHONE)
    await assert_accessible(one.page)
    one.watch.check()
    two.watch.check()


async def test_another_visitor_sees_nothing_of_it(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)
    await one.ask("Как оплатить заказ?")

    other = await visitor(browser, shared_server.url)

    assert await other.words() == []
    secrets = [await each.page.evaluate("localStorage.vink_visitor") for each in (one, other)]
    assert all(len(secret) >= 43 for secret in secrets), "256 bits, made by the server"
    assert secrets[0] != secrets[1]


async def test_a_popular_question_is_asked_with_one_press(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)

    await one.page.get_by_text("Оплата", exact=True).click()
    await one.page.get_by_role("button", name="Какие способы оплаты вы принимаете?").click()

    await expect(one.own).to_have_count(1)
    await expect(one.ours.first).to_contain_text("банковской картой")
    await expect(one.page.locator("[data-popular]")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/embed"])
async def test_a_person_is_called_by_the_button(browser: Browser, shared_server: Server, path: str):
    one = await visitor(browser, shared_server.url + path)

    await one.call.click()

    await expect(one.page.locator("[data-status]")).to_contain_text("Ждём специалиста")
    await expect(one.ours).to_have_count(1)
    await expect(one.ours.first).to_contain_text("Передаю вопрос специалисту")
    await expect(one.call).to_have_count(0)
    one.watch.check()


async def test_a_person_is_called_by_words_and_a_second_tab_sees_it(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)
    two = await second_tab(one, shared_server.url)

    notice = await one.ask("Позовите, пожалуйста, живого человека")

    await expect(notice).to_contain_text("Передаю вопрос специалисту")
    for tab in (one, two):
        await expect(tab.page.locator("[data-status]")).to_have_attribute("data-status", "waiting")
        await expect(tab.ours).to_have_count(1)
