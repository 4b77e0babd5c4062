"""Whoever looks elsewhere is told: of a visitor who waits, of what a colleague handed over, of news in an own talk."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser import assert_accessible
from tests.desk.shop import Desk, Shop, caller, desk
from tests.journeys.visitor import visitor

pytestmark = pytest.mark.browser

WAITING = "Посетитель ждёт специалиста"
QUEUE_TONE, OWN_TONE = 660, 988
ELSEWHERE = """
Object.defineProperty(document, "hidden", { get: () => window.elsewhere ?? true });
window.told = [];
window.sounds = 0;
window.tones = [];
window.skew = 0;
const clock = Date.now;
Date.now = () => clock() + window.skew;
window.Notification = class {
  static permission = "granted";
  static requestPermission() { return Promise.resolve("granted"); }
  constructor(text, { tag, renotify }) {
    if (window.forbidden) throw new TypeError("Failed to construct 'Notification': Illegal constructor.");
    window.told.push([text, tag, renotify]);
  }
};
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.sounds += 1;
  window.tones.push(this.frequency.value);
  return start.apply(this, when);
};
"""


async def away(browser: Browser, shop: Shop, login: str, **options: Any) -> Desk:
    """Open a desk that its operator does not look at."""
    one = await desk(browser, shop, login, **options)
    await one.page.context.add_init_script(ELSEWHERE)
    await one.page.reload()
    await expect(one.desk).to_have_attribute("data-mine", re.compile(r"\d"), timeout=20_000)
    return one


async def told(one: Desk, text: str) -> None:
    await one.page.wait_for_function("text => window.told.some((one) => one[0].includes(text))", arg=text)


async def heard(one: Desk, tone: int) -> None:
    await one.page.wait_for_function("tone => window.tones.includes(tone)", arg=tone)


async def seconds_pass(one: Desk, seconds: int = 0) -> None:
    """Move the page's clock, and let its second hand go round twice."""
    await one.page.evaluate("seconds => { window.skew += seconds * 1000; window.tones = []; }", seconds)
    await one.page.evaluate("new Promise((done) => setTimeout(done, 2100))")


async def takes(one: Desk, text: str) -> None:
    await one.box_of("Ожидают")
    await one.pick(text)
    await one.button("Взять").click()
    await expect(one.button("Завершить")).to_be_visible()


async def test_a_visitor_who_waits_is_told_of_with_sound(browser: Browser, staffed: Shop):
    oleg = await away(browser, staffed, "oleg")

    await caller(browser, staffed, "Как оплатить заказ картой?")

    await told(oleg, WAITING)
    assert await oleg.page.evaluate("window.told[0]") == [WAITING, "vink-waiting", True]
    assert await oleg.page.evaluate("window.sounds") > 0
    oleg.watch.check()


async def test_where_a_page_may_show_no_notification_there_is_the_sound(browser: Browser, staffed: Shop):
    oleg = await away(browser, staffed, "oleg")
    await oleg.page.evaluate("window.forbidden = true")

    await caller(browser, staffed, "Как оплатить заказ картой?")

    await oleg.page.wait_for_function("() => window.sounds > 0")
    oleg.watch.check()


async def test_what_a_colleague_hands_over_and_what_its_visitor_writes_is_told(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Как оплатить заказ картой?")
    anna, vera = await desk(browser, staffed, "anna"), await away(browser, staffed, "vera")
    await anna.queue.get_by_role("button").last.click()
    await anna.button("Взять").click()
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "attended")

    await anna.give("Вера", "Нужен счёт")

    await told(vera, "Передал(а) Анна: «Нужен счёт»")
    await heard(vera, OWN_TONE)
    await vera.page.evaluate("window.told = []")
    await one.write("А чек будет?")
    await told(vera, "А чек будет?")
    vera.watch.check()


async def test_ones_own_press_is_no_news(browser: Browser, staffed: Shop):
    vera = await away(browser, staffed, "vera")
    await caller(browser, staffed, "Как оплатить заказ картой?")
    await told(vera, WAITING)
    held, news = [await vera.desk.get_attribute(name) or "" for name in ("data-mine", "data-news")]
    await vera.page.evaluate("window.elsewhere = false")
    await vera.queue.get_by_role("button").last.click()

    await vera.button("Взять").click()
    await expect(vera.desk).to_have_attribute("data-mine", str(int(held) + 1))
    await expect(vera.desk).to_have_attribute("data-news", news)
    await vera.page.evaluate("window.elsewhere = true")
    await seconds_pass(vera)

    assert OWN_TONE not in await vera.page.evaluate("window.tones")
    await expect(vera.desk).to_have_attribute("data-news", news)
    await vera.button("Завершить").click()
    vera.watch.check()


async def test_news_in_an_own_conversation_is_seen_from_any_box_and_opened_with_a_press(
    browser: Browser, staffed: Shop
):
    one = await caller(browser, staffed, "Сколько стоит акрил?")
    oleg = await away(browser, staffed, "oleg")
    await oleg.page.evaluate("window.elsewhere = false")
    await takes(oleg, "Сколько стоит акрил?")
    opened = await oleg.desk.get_attribute("data-open")
    await oleg.page.get_by_role("button", name="К очереди").click()
    await oleg.box_of("Ожидают")

    await one.write("Ау, вы здесь?")

    toast = oleg.page.get_by_role("status", name="Новое в ваших разговорах").get_by_role("button")
    await expect(toast).to_contain_text("Ау, вы здесь?")
    await expect(oleg.page.locator("[data-own-unread]")).to_have_attribute("data-own-unread", "1")
    await expect(oleg.page).to_have_title(re.compile(r"^\(●1\b"))
    await heard(oleg, OWN_TONE)
    await assert_accessible(oleg.page)
    await toast.click()
    await expect(oleg.desk).to_have_attribute("data-open", opened or "")
    await expect(oleg.page.locator("[data-own-unread]")).to_have_count(0)
    await expect(oleg.page).to_have_title(re.compile(r"^(\(\d+\) )?Рабочее место"))
    await oleg.button("Завершить").click()
    oleg.watch.check()


async def test_the_queue_rings_again_for_a_free_hand_and_once_a_call_for_a_busy_one(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Кто ответит первым?")
    free, busy = await away(browser, staffed, "vera"), await away(browser, staffed, "oleg")
    await caller(browser, staffed, "Возьмёт ли Олег?")
    await busy.page.evaluate("window.elsewhere = false")
    await takes(busy, "Возьмёт ли Олег?")

    await seconds_pass(busy, 16)
    assert QUEUE_TONE not in await busy.page.evaluate("window.tones")
    await free.page.evaluate("window.skew += 16000; window.tones = []")
    await heard(free, QUEUE_TONE)

    await caller(browser, staffed, "И ещё один вызов?")
    await heard(busy, QUEUE_TONE)
    await busy.button("Завершить").click()


async def test_the_desk_stays_open_beside_the_page_of_ones_account(browser: Browser, staffed: Shop):
    vera = await desk(browser, staffed, "vera")

    await vera.page.get_by_label("Меню").click()
    async with vera.page.context.expect_page() as opened:
        await vera.page.get_by_role("link", name="Моя учётная запись (в новой вкладке)").click()

    await expect((await opened.value).get_by_role("heading", name="Моя учётная запись")).to_be_visible()
    await expect(vera.desk).to_be_visible()
    vera.watch.check()


async def test_the_queue_is_as_loud_as_its_operator_chose(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Кто-то ждёт уже давно?")
    vera = await away(browser, staffed, "vera")
    await heard(vera, QUEUE_TONE)
    account = await vera.page.context.new_page()
    await account.goto(f"{staffed.url}/account")

    await account.get_by_label("Сигнал очереди").select_option(label="Только новый вызов")
    await account.get_by_role("button", name="Сохранить звуки").click()
    await expect(vera.desk).to_have_attribute("data-queue-sound", "once")
    await seconds_pass(vera, 16)
    assert QUEUE_TONE not in await vera.page.evaluate("window.tones")
    await caller(browser, staffed, "А это новый вызов?")
    await heard(vera, QUEUE_TONE)

    await account.get_by_label("Сигнал очереди").select_option(label="Без звука")
    await account.get_by_role("button", name="Сохранить звуки").click()
    await expect(vera.desk).to_have_attribute("data-queue-sound", "off")
    await vera.page.evaluate("window.told = []; window.tones = []")
    await caller(browser, staffed, "Этот вызов без звука?")
    await told(vera, WAITING)
    assert await vera.page.evaluate("window.tones") == []
    await account.get_by_label("Сигнал очереди").select_option(label="Каждый вызов, с повтором")
    await account.get_by_role("button", name="Сохранить звуки").click()
    await expect(vera.desk).to_have_attribute("data-queue-sound", "repeated")


async def test_half_an_hour_of_silence_is_one_press_away_and_ends_with_another(browser: Browser, staffed: Shop):
    oleg = await away(browser, staffed, "oleg")
    await oleg.page.get_by_label("Меню").click()
    await oleg.button("Без звука 30 минут").click()
    await expect(oleg.page.get_by_text("Звук выключен до")).to_be_visible()
    await oleg.page.evaluate("window.told = []; window.tones = []")

    await caller(browser, staffed, "Слышно ли меня?")
    await told(oleg, WAITING)
    assert await oleg.page.evaluate("window.tones") == []

    await oleg.page.locator("[data-silent]").get_by_role("button", name="Включить звук").click()
    await expect(oleg.page.get_by_text("Звук выключен до")).to_have_count(0)
    await oleg.page.evaluate("window.skew += 16000")
    await heard(oleg, QUEUE_TONE)


async def test_a_dot_is_only_at_what_needs_this_operator(browser: Browser, staffed: Shop):
    await (await visitor(browser, staffed.url)).ask("Этот у ассистента?")
    await caller(browser, staffed, "Этот ждёт человека?")
    anna, oleg = await desk(browser, staffed, "anna"), await desk(browser, staffed, "oleg")
    dot = anna.page.get_by_text("Непрочитанное", exact=True)

    await oleg.pick("Этот ждёт человека?")
    await expect(oleg.row("Этот ждёт человека?").get_by_text("Непрочитанное", exact=True)).to_have_count(0)

    await anna.box_of("Все")
    await expect(anna.row("Этот ждёт человека?").filter(has=dot)).to_have_count(1)
    await expect(anna.queue.get_by_role("button").filter(has_text="у ассистента").first).to_be_visible()
    await expect(anna.queue.get_by_role("button").filter(has_text="у ассистента").filter(has=dot)).to_have_count(0)


async def test_of_two_tabs_of_an_operator_one_rings(browser: Browser, staffed: Shop):
    first = await away(browser, staffed, "oleg")
    second = Desk(await first.page.context.new_page())
    await second.page.goto(f"{staffed.url}/desk/")
    tabs = (first, second)
    for one in tabs:
        await expect(one.desk).to_have_attribute("data-mine", re.compile(r"\d"), timeout=20_000)
        await one.page.keyboard.press("Shift")
        # Whoever waits already is not called out again meanwhile, however slow the machine is.
        await one.page.evaluate("const stopped = Date.now(); Date.now = () => stopped; window.told = [];")

    await caller(browser, staffed, "Есть ли самовывоз?")

    for one in tabs:
        await expect(one.queue.get_by_text("Есть ли самовывоз?")).to_be_visible()
        await seconds_pass(one)
    assert sum([await one.page.evaluate("window.told.length") for one in tabs]) == 1
