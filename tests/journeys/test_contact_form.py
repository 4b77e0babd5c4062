"""Nobody is there: a visitor leaves how to be reached, mends it, and knows what they agree to."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.async_api import Browser, expect
from sqlmodel import select

from tests.browser import PHONE, assert_accessible
from tests.journeys.visitor import Visitor, visitor
from tests.program import Server, end
from vink_chat import conversations, preferences
from vink_chat.conversations.model import VisitorConsent
from vink_chat.kit.db import Database

pytestmark = pytest.mark.browser

CONSENT = preferences.Consent(text="Вы согласны с правилами магазина.", policy_url="https://shop.example/policy")


async def _save(url: str) -> None:
    database = Database(url)
    async with database.transaction() as tx:
        await preferences.save(tx, CONSENT)
    await database.close()


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shop with a policy, where nobody is at the desk."""
    made = Server(tmp_path_factory.mktemp("careful"))
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _save(made.settings["VINK_DATABASE_URL"])).result()
    made.start_now()
    yield made
    end([made])


async def _offered(browser: Browser, server: Server) -> Visitor:
    one = await visitor(browser, server.url, viewport=PHONE)
    await one.call.click()
    await expect(one.page.locator("[data-contacts]")).to_be_visible()
    return one


async def test_each_field_says_what_is_wrong_with_it_and_has_the_cursor(browser: Browser, careful: Server):
    one = await _offered(browser, careful)
    phone, email = one.page.get_by_label("Телефон"), one.page.get_by_label("Почта")
    send = one.page.get_by_role("button", name="Оставить контакты")
    await expect(one.page.get_by_text("Достаточно телефона или почты.")).to_be_visible()

    await phone.fill("12")
    await send.click()
    await expect(phone).to_be_focused()
    await expect(phone).to_have_attribute("aria-invalid", "true")
    await expect(phone).to_have_accessible_description("Проверьте номер: в нём не хватает цифр.")
    await expect(email).to_have_attribute("aria-invalid", "false")
    await assert_accessible(one.page)

    await phone.fill("")
    await email.fill("anna@")
    await send.click()
    await expect(email).to_be_focused()
    await expect(email).to_have_accessible_description("Проверьте адрес: он пишется как anna@example.ru.")
    await expect(phone).to_have_attribute("aria-invalid", "false")
    one.watch.check()


async def test_what_was_left_is_shown_and_can_be_changed(browser: Browser, careful: Server):
    one = await _offered(browser, careful)
    phone, send = one.page.get_by_label("Телефон"), one.page.get_by_role("button", name="Оставить контакты")
    save, cancel = (one.page.get_by_role("button", name=name) for name in ("Сохранить", "Отмена"))
    await phone.fill("+7 903 000-00-00")
    await send.click()
    card = one.page.locator("[data-contact]")
    await expect(card).to_contain_text("+7 903 000-00-00")
    await expect(phone).to_have_count(0)

    await card.get_by_role("button", name="Изменить").click()
    await expect(phone).to_have_value("+7 903 000-00-00")
    await expect(send).to_have_count(0)
    await cancel.click()
    await expect(card).to_contain_text("+7 903 000-00-00")
    await card.get_by_role("button", name="Изменить").click()
    await phone.fill("+7 903 111-11-11")
    await save.click()

    await expect(card).to_contain_text("+7 903 111-11-11")
    await assert_accessible(one.page)
    await one.page.reload()
    await one.ready()
    await expect(card).to_contain_text("+7 903 111-11-11")
    one.watch.check()


async def test_a_begun_form_outlives_a_reload_and_can_be_put_away(browser: Browser, careful: Server):
    one = await _offered(browser, careful)
    phone = one.page.get_by_label("Телефон")
    await phone.fill("+7 903 22")

    await one.page.reload()
    await one.ready()
    await expect(phone).to_have_value("+7 903 22")
    await one.page.get_by_role("button", name="Не сейчас").click()
    await expect(phone).to_have_count(0)
    await one.page.reload()
    await one.ready()
    await expect(one.page.get_by_role("button", name="Оставить контакты")).to_be_visible()
    await expect(phone).to_have_count(0)

    await one.page.get_by_role("button", name="Оставить контакты").click()
    await expect(phone).to_have_value("+7 903 22")
    one.watch.check()


async def test_a_form_put_away_in_one_wait_is_offered_in_the_next(browser: Browser, careful: Server):
    one = await _offered(browser, careful)
    await one.page.get_by_role("button", name="Не сейчас").click()
    await expect(one.page.locator("[data-contacts]")).to_have_count(0)

    await one.page.get_by_role("button", name="Не ждать").click()
    await expect(one.call).to_be_visible()
    await one.call.click()

    await expect(one.page.locator("[data-contacts]")).to_be_visible()
    one.watch.check()


async def test_a_number_written_in_the_chat_is_the_forms_too(browser: Browser, careful: Server):
    one = await _offered(browser, careful)

    await one.write("мой номер +7 903 333-33-33")

    await expect(one.page.locator("[data-contact]")).to_contain_text("+7 903 333-33-33")
    await expect(one.page.locator("[data-contacts]")).to_have_count(0)


@pytest.mark.shows("Consent.text", "Consent.policy_url")
async def test_what_a_visitor_agrees_to_stands_where_they_write_and_is_kept(browser: Browser, careful: Server):
    one = await visitor(browser, careful.url)
    line = one.page.locator("[data-composer] [data-consent]")
    await expect(line).to_contain_text(CONSENT.text)
    await expect(line.get_by_role("link")).to_have_attribute("href", CONSENT.policy_url)
    await assert_accessible(one.page)

    await one.ask("Можно оплатить заказ картой?")
    await expect(line).to_have_count(0)
    await one.call.click()
    await expect(one.page.locator("[data-contacts] [data-consent]")).to_contain_text(CONSENT.text)

    secret = await one.page.evaluate("localStorage.vink_visitor")
    database = Database(careful.settings["VINK_DATABASE_URL"])
    async with database.reading() as tx:
        kept = (await tx.session.exec(select(VisitorConsent))).all()
    await database.close()
    [mine] = [consent for consent in kept if consent.visitor_id == conversations.visitor_id(secret)]
    assert (mine.text, mine.policy_url, mine.address) == (CONSENT.text, CONSENT.policy_url, "127.0.0.1")


async def test_a_shop_without_a_policy_shows_no_line(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)

    await expect(one.box).to_be_visible()
    await expect(one.page.locator("[data-consent]")).to_have_count(0)
