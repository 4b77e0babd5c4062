"""Writing: lines, growth, states of a message, a server that goes away, a reader who scrolled up."""

import re
from collections.abc import Callable

import pytest
from playwright.async_api import Browser, expect

from tests.browser import PHONE
from tests.journeys.visitor import DISCONNECTED, Visitor, second_tab, visitor
from tests.program import Server

pytestmark = pytest.mark.browser


async def test_enter_sends_and_shift_enter_breaks_the_line(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)
    height = (await one.box.bounding_box())["height"]

    await one.box.press_sequentially("Здравствуйте!")
    for line in ("Меня зовут Анна.", "Я из Казани.", "Спасибо"):
        await one.box.press("Shift+Enter")
        await one.box.press_sequentially(line)
    grown = (await one.box.bounding_box())["height"]
    await one.box.press("Enter")

    await expect(one.own).to_have_count(1)
    assert (await one.words())[0].split("\n") == ["Здравствуйте!", "Меня зовут Анна.", "Я из Казани.", "Спасибо"]
    assert grown > height + 60
    assert (await one.box.bounding_box())["height"] == height
    await expect(one.box).to_have_value("")


async def test_the_composer_grows_no_further_than_a_fifth_of_the_page(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)

    await one.box.fill("строка\n" * 60)

    assert (await one.box.bounding_box())["height"] <= 160


async def test_the_last_message_stays_in_sight_while_the_composer_grows(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url, viewport=PHONE)
    await one.ask("Чем отличается литая плёнка от каландрированной?")
    last = one.log.locator("[data-message]").last
    await expect(last).to_be_in_viewport()

    await one.box.fill("строка\n" * 8)

    await expect(one.box).to_have_css("height", "160px")
    seen, composer = await last.bounding_box(), await one.box.bounding_box()
    assert seen["y"] + seen["height"] <= composer["y"]


async def test_a_draft_outlives_a_reload(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)
    await one.box.fill("Не успел дописать")

    await one.page.reload()
    await one.ready()

    await expect(one.box).to_have_value("Не успел дописать")


async def test_a_message_says_what_became_of_it(browser: Browser, make_server: Callable[..., Server]):
    server = make_server()
    await server.start()
    one = await visitor(browser, server.url)
    one.watch.allowed.extend(DISCONNECTED)
    await one.ask("Как оплатить заказ?")
    await expect(one.own.locator('[data-state="sent"]')).to_have_text("отправлено")

    server.kill()
    await one.write("Где ближайший офис?")
    await expect(one.page.get_by_text("Нет связи. Сообщения отправятся, когда она появится.")).to_be_visible()
    await expect(one.pending).to_have_attribute("data-state", "waiting")
    await expect(one.pending).to_contain_text("ждёт сети")
    await expect(one.pending.get_by_role("button")).to_have_count(0)

    await server.start()
    await expect(one.ours).to_have_count(2, timeout=30_000)
    await expect(one.pending).to_have_count(0)
    await expect(one.own.locator('[data-state="sent"]')).to_have_count(2)
    await one.page.reload()
    await one.ready()
    assert [text for text in await one.words() if text == "Где ближайший офис?"] == ["Где ближайший офис?"]
    one.watch.check()


async def test_a_message_written_offline_outlives_a_reload_of_the_page(
    browser: Browser, make_server: Callable[..., Server]
):
    server = make_server()
    await server.start()
    one = await visitor(browser, server.url)
    server.kill()
    await one.write("Как оформить заказ?")
    await expect(one.pending).to_have_count(1)

    await server.start()
    await one.page.reload()
    await one.ready()

    await expect(one.own).to_have_count(1, timeout=15_000)
    await expect(one.ours.first).to_contain_text("корзин")


async def _scrolled_up(one: Visitor) -> float:
    for question in ("Как оплатить заказ?", "Где ближайший офис?", "Какой широкоформатный принтер выбрать?"):
        await one.ask(question)
    await one.log.hover()
    await one.page.mouse.wheel(0, -5000)
    await expect(one.page.get_by_role("button", name="К последним сообщениям")).to_be_visible()
    return await one.log.evaluate("log => log.scrollTop")


async def test_a_reader_who_scrolled_up_is_left_alone_and_told(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url, viewport=PHONE)
    place = await _scrolled_up(one)
    two = await second_tab(one, shared_server.url)

    await two.ask("Как вернуть товар?")
    await expect(one.ours).to_have_count(4)

    assert await one.log.evaluate("log => log.scrollTop") == place
    mark = one.log.locator("[data-unread]")
    await expect(mark).to_have_count(1)
    await expect(mark).to_have_attribute("data-who", "assistant")
    down = one.page.get_by_role("button", name="К последним сообщениям")
    await expect(down).to_have_attribute("data-count", "1")
    await expect(one.page).to_have_title(re.compile(r"^\(1\) "))
    await down.click()
    await expect(one.page).to_have_title(re.compile(r"^[^(]"))
    await expect(one.page.locator("[data-down-place]")).to_be_hidden()
    await expect(mark).to_have_count(0)


async def test_a_reader_who_scrolled_up_keeps_his_place_over_a_reconnect(
    browser: Browser, make_server: Callable[..., Server]
):
    server = make_server()
    await server.start()
    one = await visitor(browser, server.url, viewport=PHONE)
    place = await _scrolled_up(one)
    thread = await one.words()

    await one.page.evaluate("document.querySelector('[data-message]').before = 1")
    await server.restart()
    await expect(one.page.get_by_text("Нет связи")).to_have_count(0, timeout=15_000)
    await one.ready()
    await expect(one.ours).to_have_count(3)

    assert await one.words() == thread
    assert abs(await one.log.evaluate("log => log.scrollTop") - place) < 2
    await expect(one.log.locator("[data-unread]")).to_have_count(0)
