"""The chat on another site, as its visitors have it."""

import asyncio
import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Route, WebSocketRoute, expect

from tests.browser import PHONE, assert_accessible
from tests.program import Server
from tests.widget.conftest import administrator
from tests.widget.shopper import Shopper
from tests.widget.site import Site

pytestmark = pytest.mark.browser


async def test_it_opens_answers_closes_and_stays_over_reloads(people_browser: Browser, chat: Server, site: Site):
    one = await Shopper.at(people_browser, site.page(), chat_url=chat.url)
    await one.loaded()
    await one.listen()
    assert not [frame for frame in one.page.frames if "/embed" in frame.url], "no frame before the press"

    await one.open()
    await expect(one.box).to_be_focused()
    answer = await one.ask("Можно оплатить заказ картой?")
    await expect(answer).to_contain_text("банковской картой")

    await one.box.press("Escape")
    await expect(one.iframe).to_be_hidden()
    await expect(one.launcher).to_be_focused()
    await expect(one.launcher).to_have_accessible_name("Открыть чат")
    await one.page.keyboard.press("Enter")
    await expect(one.iframe).to_be_visible()
    await expect(one.launcher).to_have_accessible_name("Закрыть чат")
    assert [name for name, _ in await one.page.evaluate("heard")][:2] == ["open", "ready"]
    assert [each["who"] for each in await one.heard("message")] == ["visitor", "assistant"]
    assert [each["text"] == "" for each in await one.heard("message")] == [True, False]

    await one.page.reload()
    await one.open()
    await expect(one.ours).to_have_count(1)
    one.watch.check()


async def test_an_answer_that_comes_while_closed_is_counted_and_shown(
    people_browser: Browser, chat: Server, site: Site
):
    one = await Shopper.at(people_browser, site.page(), chat_url=chat.url)
    await one.loaded()
    await one.listen()

    await one.page.evaluate("VinkChat.send('Можно оплатить заказ картой?')")

    await one.until_heard("unread", 1)
    await expect(one.iframe).to_be_hidden()
    await expect(one.launcher).to_have_accessible_name("Открыть чат, новых: 1")
    await expect(one.preview).to_be_visible()
    await assert_accessible(one.page)

    await one.page.reload()
    await expect(one.launcher).to_have_accessible_name("Открыть чат, новых: 1", timeout=15_000)
    await one.launcher.click()
    await expect(one.own).to_have_count(1)
    await expect(one.launcher).to_have_accessible_name("Закрыть чат")
    await one.launcher.click()
    await expect(one.launcher).to_have_accessible_name("Открыть чат")

    await one.page.evaluate("VinkChat.send('Какие есть бренды?')")
    await expect(one.preview).to_be_visible(timeout=15_000)
    await one.preview.click()
    await expect(one.iframe).to_be_visible()
    await expect(one.preview).to_be_hidden()
    one.watch.check()


async def test_words_of_the_site_outlive_a_frame_that_loads_anew(browser: Browser, chat: Server, site: Site):
    one = await Shopper.at(browser, "about:blank", chat_url=chat.url)
    cut = True

    def socket(route: WebSocketRoute) -> None:
        if not cut:
            route.connect_to_server()

    await one.page.route_web_socket(re.compile(re.escape(urlsplit(chat.url).netloc)), socket)
    await one.page.goto(site.page())
    await one.loaded()
    await one.listen()
    for number in range(3):
        await one.page.evaluate(f"VinkChat.send('Вопрос {number}')")
    frame = await one.frame()
    await frame.wait_for_load_state("load")
    await frame.wait_for_selector("[data-chat=false]", state="attached")

    cut = False
    await frame.evaluate("location.reload()")

    await one.live()
    await expect(one.own).to_have_count(3, timeout=20_000)
    one.watch.check()


async def test_a_called_person_is_waited_for_on_the_next_page(browser: Browser, chat: Server, site: Site):
    one = await Shopper.at(browser, site.page(), chat_url=chat.url)
    await one.loaded()
    await one.listen()
    await one.open()

    await one.chat.get_by_role("button", name="Позвать оператора").click()
    await one.until_heard("handover", {"status": "waiting"})

    await one.page.goto(site.page("/cart"))
    await one.live()
    await expect(one.iframe).to_be_hidden()
    one.watch.check()


async def test_the_site_hears_of_a_person_of_the_end_and_of_the_stars(
    browser: Browser, staffed: Server, staffed_site: Site
):
    one = await Shopper.at(browser, staffed_site.page(attributes='data-name="Ольга"'), chat_url=staffed.url)
    await one.loaded()
    await one.listen()
    await one.page.evaluate("VinkChat.send('Позовите живого человека')")
    await one.until_heard("handover", {"status": "waiting"})
    desk = await administrator(staffed, browser, "/desk")
    await desk.get_by_role("button").filter(has_text="Ольга").first.click()
    await desk.get_by_role("button", name="Взять", exact=True).click()
    await one.until_heard("handover", {"status": "attended"})

    await desk.get_by_role("button", name="Завершить", exact=True).click()
    await one.until_heard("closed")
    await one.open()
    await one.chat.get_by_role("button", name="4 / 5").click()

    await one.until_heard("rating", {"stars": 4})
    one.watch.check()


async def test_on_a_phone_it_fills_the_screen_and_its_button_stays_in_reach(browser: Browser, chat: Server, site: Site):
    one = await Shopper.at(browser, site.page(), chat_url=chat.url, viewport=PHONE, has_touch=True, is_mobile=True)
    await one.loaded()
    await one.launcher.tap()
    await one.live()

    assert await one.iframe.bounding_box() == {"x": 0, "y": 0, **PHONE}
    answer = await one.ask("Как самому забрать товар со склада?")
    await expect(answer).to_contain_text("доверенность")
    button = await one.launcher.bounding_box()
    call = await one.chat.get_by_role("button", name="Позвать оператора").bounding_box()
    assert button["width"] >= 44
    assert call["x"] + call["width"] <= button["x"], "neither covers the other"
    await assert_accessible(one.page)

    await one.launcher.tap()
    await expect(one.iframe).to_be_hidden()
    one.watch.check()


async def test_options_are_said_in_the_line_and_changed_later(browser: Browser, chat: Server, site: Site):
    attributes = 'data-position="left" data-colour="#103a70" data-language="en" data-title="Ask us" data-open'
    one = await Shopper.at(browser, site.page(attributes=attributes), chat_url=chat.url)
    await one.live()

    launcher = one.page.get_by_role("button", name="Close chat")
    assert (await launcher.bounding_box())["x"] < 100
    assert await launcher.evaluate("e => getComputedStyle(e).color") == "rgb(255, 255, 255)"
    await expect(one.chat.get_by_role("heading", name="Ask us")).to_be_visible()
    colour = "getComputedStyle(document.querySelector('[data-chat]')).getPropertyValue('--brand')"
    assert await one.chat.locator("html").evaluate(colour) == "#103a70"

    await one.page.evaluate(
        "VinkChat.init({language: 'ru', title: 'Спросите нас', colour: '#ffd500', position: 'right'})"
    )

    await expect(one.chat.get_by_role("heading", name="Спросите нас")).to_be_visible()
    await expect(one.launcher).to_have_accessible_name("Закрыть чат")
    assert (await one.launcher.bounding_box())["x"] > 1000
    await expect(one.box).to_be_visible()
    one.watch.check()


async def test_options_and_listeners_may_stand_before_the_loader(browser: Browser, chat: Server, site: Site):
    before = "<script>window.VinkChat = {open: true, on: {ready: () => { document.title = 'Готово' }}}</script>"
    one = await Shopper.at(browser, site.page(head=before), chat_url=chat.url)

    await one.live()

    await expect(one.page).to_have_title("Готово")
    one.watch.check()


async def test_the_loader_may_stand_in_the_head_and_be_spoken_to_at_once(browser: Browser, chat: Server, site: Site):
    early = "VinkChat.init({title: 'Спросите нас'}); VinkChat.send('Можно оплатить заказ картой?'); VinkChat.open()"
    head = f'<script src="{chat.url}/widget.js"></script><script>{early}</script>'
    one = await Shopper.at(browser, site.page(head=head, body=""), chat_url=chat.url)

    await one.live()

    await expect(one.chat.get_by_role("heading", name="Спросите нас")).to_be_visible()
    await expect(one.ours).to_contain_text(["банковской картой"], timeout=15_000)
    await expect(one.iframe).to_be_visible()
    one.watch.check()


async def test_a_page_opens_the_chat_by_an_option_given_later(browser: Browser, chat: Server, site: Site):
    one = await Shopper.at(browser, site.page(), chat_url=chat.url)
    await one.loaded()

    await one.page.evaluate("() => { VinkChat.init({open: true}) }")

    await one.live()
    await expect(one.iframe).to_be_visible()
    one.watch.check()


async def test_escape_closes_the_chat_but_not_from_the_sites_own_fields(browser: Browser, chat: Server, site: Site):
    one = await Shopper.at(browser, site.page(), chat_url=chat.url)
    await one.loaded()
    await one.open()

    await one.page.get_by_role("textbox", name="Поиск").press("Escape")
    await expect(one.iframe).to_be_visible()

    await one.launcher.press("Escape")
    await expect(one.iframe).to_be_hidden()
    await expect(one.launcher).to_be_focused()
    one.watch.check()


async def test_the_chat_knows_the_page_of_a_site_that_changes_pages_by_script(
    browser: Browser, chat: Server, site: Site
):
    one = await Shopper.at(browser, site.page(), chat_url=chat.url)
    await one.loaded()
    told = asyncio.Event()

    def hear(sent: str | bytes) -> None:
        if "introduce" in str(sent) and f"{site.url}/cart" in str(sent):
            told.set()

    one.page.on("websocket", lambda socket: socket.on("framesent", hear))
    await one.open()

    await one.page.evaluate("history.pushState({}, '', '/cart')")
    await one.page.evaluate("VinkChat.close(); VinkChat.open()")

    async with asyncio.timeout(15):
        await told.wait()
    await one.live()
    one.watch.check()


async def test_a_site_that_speaks_before_the_chat_has_started_is_heard(browser: Browser, chat: Server, site: Site):
    one = await Shopper.at(browser, site.page(attributes='data-title="Спросите нас"'), chat_url=chat.url)
    await one.loaded()
    started = asyncio.Event()

    async def hold(route: Route) -> None:
        await started.wait()
        await route.continue_()

    await one.page.route("**/assets/entry.client-*", hold)
    await one.page.evaluate("VinkChat.send('Можно оплатить заказ картой?')")
    await (await one.frame()).wait_for_load_state("load")
    started.set()

    await one.live()
    await expect(one.chat.get_by_role("heading", name="Спросите нас")).to_be_attached()
    await expect(one.ours).to_contain_text(["банковской картой"])
    one.watch.check()


async def test_the_sample_shop_has_the_chat(browser: Browser, chat: Server):
    one = await Shopper.at(browser, f"{chat.url}/demo/", chat_url=chat.url)
    await one.loaded()
    await assert_accessible(one.page)

    await one.page.get_by_role("button", name="Спросить о материалах").click()
    await one.live()
    answer = await one.ask("Как оплатить заказ?")

    await expect(answer).to_contain_text("картой")

    await one.page.get_by_role("button", name="Как рассчитать блок питания?").click()

    await expect(one.own).to_have_count(2)
    await expect(one.ours.last).to_contain_text("питания")
    one.watch.check()


async def test_a_question_of_the_sample_shop_is_asked_once_even_while_the_chat_is_closed(
    browser: Browser, chat: Server
):
    one = await Shopper.at(browser, f"{chat.url}/demo/", chat_url=chat.url)
    await one.loaded()

    await one.page.get_by_role("button", name="Как рассчитать блок питания?").click()
    await expect(one.ours).to_have_count(1)
    await one.ask("Как оплатить заказ?")

    await expect(one.own).to_have_text([re.compile("блок питания"), re.compile("Как оплатить")])
    one.watch.check()


async def test_over_a_chat_that_fills_the_screen_the_shop_behind_it_does_not_scroll(
    people_browser: Browser, chat: Server, site: Site
):
    address = site.page("/tall", head="<style>main{height:4000px}</style>")
    one = await Shopper.at(people_browser, address, chat_url=chat.url, viewport=PHONE)
    await one.loaded()
    await one.open()
    await expect(one.box).to_be_visible()

    for place in (30, 820):
        await one.page.mouse.move(150, place)
        for _ in range(3):
            await one.page.mouse.wheel(0, 500)
            await one.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")

    assert await one.page.evaluate("scrollY") == 0
    one.watch.check()
