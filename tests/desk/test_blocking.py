"""The visitor's column blocks a visitor and lets them write again; the visitor reads why nothing is sent."""

import re
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.browser import assert_accessible
from tests.desk.shop import Shop, caller, desk
from tests.web.connections import OUTSIDER
from tests.wire import VisitorTab
from vink_chat.conversations import new_secret

pytestmark = pytest.mark.browser


async def writes_over_rest(shop: Shop, text: str) -> httpx.Response:
    """A visitor of the old front end, from an address that is not this machine's own."""
    transport = httpx.AsyncHTTPTransport(local_address=OUTSIDER)
    async with httpx.AsyncClient(base_url=shop.url, transport=transport, trust_env=False) as client:
        return await client.post("/gpt", json={"message": text}, headers={"chat-token": str(uuid4())})


async def refusal_on_the_page(shop: Shop) -> str:
    """Write on the page from the same address as ``writes_over_rest``, and return what is said at the message."""
    async with VisitorTab(shop.url, new_secret(), OUTSIDER) as tab:
        await tab.send("И я о рекламе")
        await tab.until(lambda: tab.panel["refusal"]["text"] or tab.messages(), "a refusal, or the message")
        return tab.panel["refusal"]["text"]


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
    await expect(one.page.get_by_text(re.compile("Отправка сообщений для вас закрыта до "))).to_be_visible()
    await expect(one.page.get_by_text("Напишите, чтобы продолжить")).to_have_count(0)
    await expect(one.page.get_by_role("group", name="Оцените разговор")).to_have_count(0)
    await one.box.fill("Ещё реклама")
    await one.box.press("Enter")
    await expect(one.log.get_by_text("Отправка сообщений для вас закрыта").first).to_be_visible()

    await column.get_by_role("button", name="Разблокировать").click()
    await expect(column.get_by_text("Заблокировать…")).to_be_visible()
    await expect(one.page.get_by_text("Напишите, чтобы продолжить")).to_be_visible()
    await one.write("Я исправился")
    await expect(anna.log.get_by_text("Я исправился")).to_be_visible()
    anna.watch.check()


async def test_an_address_is_blocked_with_its_visitor_and_let_in_again_in_the_administration(
    browser: Browser, staffed: Shop
):
    await writes_over_rest(staffed, "Позовите оператора: продам рекламу")
    anna = await desk(browser, staffed, "anna")
    await anna.pick("продам рекламу")
    column = anna.page.get_by_role("complementary", name="Посетитель")

    await column.get_by_text("Заблокировать…").click()
    await column.get_by_label("Кого").select_option(label="Посетителя и его адрес")
    await column.get_by_label("На сколько").select_option(label="На неделю")
    await column.get_by_label("Причина").fill("Реклама")
    await column.get_by_role("button", name="Заблокировать").click()
    await expect(column.get_by_text(re.compile("Заблокировано до .* · с адресом · Анна · Реклама"))).to_be_visible()

    refused = await writes_over_rest(staffed, "Ещё реклама")
    assert refused.status_code == 403
    assert "закрыта до " in refused.json()["message"]
    assert "закрыта до " in await refusal_on_the_page(staffed)

    await anna.page.goto(staffed.url + "/admin/blocked")
    addresses = anna.page.locator("[data-blocked=addresses]")
    await expect(addresses.get_by_text(OUTSIDER)).to_be_visible()
    await expect(addresses.get_by_text("Анна · Реклама")).to_be_visible()
    await expect(addresses.get_by_text(re.compile(r"Заблокировано до .* \(Москва\)"))).to_be_visible()
    await expect(anna.page.locator("[data-blocked=visitors]").get_by_text("Анна · Реклама")).to_be_visible()
    await assert_accessible(anna.page)
    await addresses.get_by_role("button", name=f"Разблокировать: {OUTSIDER}").click()
    await expect(addresses.get_by_text("Сейчас таких нет.")).to_be_visible()

    assert (await writes_over_rest(staffed, "Здравствуйте")).status_code == 201
    assert await refusal_on_the_page(staffed) == ""
    await anna.page.locator("[data-blocked=visitors]").get_by_role("button").click()
    await expect(anna.page.get_by_role("status").get_by_text("Разблокировано")).to_be_visible()
    anna.watch.check()


async def test_who_comes_from_this_machine_or_an_unnamed_proxy_is_blocked_without_the_address(
    browser: Browser, staffed: Shop
):
    await caller(browser, staffed, "Реклама из-за прокси?")
    anna = await desk(browser, staffed, "anna")
    await anna.pick("Реклама из-за прокси?")
    column = anna.page.get_by_role("complementary", name="Посетитель")

    await column.get_by_text("Заблокировать…").click()

    await expect(column.get_by_role("option", name="Посетителя и его адрес")).to_be_disabled()
    await expect(column.get_by_text("перечислите прокси в VINK_TRUSTED_PROXIES")).to_be_visible()
