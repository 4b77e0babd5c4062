"""Reading a long conversation: what came before, what comes meanwhile, and the way back."""

import re
from uuid import UUID

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser import PHONE
from tests.desk.shop import NAMES, Desk, Shop, caller, desk
from tests.journeys.visitor import Visitor
from vink_chat import conversations
from vink_chat.kit.db import Database

pytestmark = pytest.mark.browser


async def _taken(browser: Browser, shop: Shop, text: str) -> tuple[Visitor, Desk]:
    one = await caller(browser, shop, text)
    vera = await desk(browser, shop, "vera")
    await vera.queue.get_by_role("button").last.click()
    await vera.button("Взять").click()
    await expect(vera.button("Завершить")).to_be_visible()
    return one, vera


async def _told_at_length(shop: Shop, vera: Desk, count: int) -> None:
    """Write many answers past the pages, and show them on the desk."""
    opened = UUID(await vera.desk.get_attribute("data-open"))
    database = Database(shop.database_url)
    for number in range(count):
        async with database.transaction() as tx:
            await conversations.reply(tx, opened, shop.ids["vera"], NAMES["vera"], f"Ответ № {number + 1} из многих")
    await database.close()
    await vera.page.reload()
    await expect(vera.log.get_by_text(f"Ответ № {count} из многих", exact=True)).to_be_in_viewport()


async def _stays(log: Locator, button: Locator, read: str, earlier: str) -> None:
    """Press the button above the thread: what is read stays where it is, and what came before stands above it."""
    await button.scroll_into_view_if_needed()
    row = log.get_by_text(read, exact=True)
    await expect(row).to_be_in_viewport(ratio=1)
    before = await row.bounding_box()

    await button.press("Enter")
    await expect(log.get_by_text(earlier, exact=True)).to_have_count(1)

    after = await row.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2


async def test_what_is_read_stays_in_sight_when_earlier_messages_come(browser: Browser, staffed: Shop):
    one, vera = await _taken(browser, staffed, "Длинная история")
    await _told_at_length(staffed, vera, 120)
    await one.page.reload()
    await one.ready()

    await _stays(vera.log, vera.button("Показать раньше"), "Ответ № 22 из многих", "Ответ № 3 из многих")
    earlier = one.page.get_by_role("button", name="Показать предыдущие сообщения")
    await _stays(one.log, earlier, "Ответ № 72 из многих", "Ответ № 22 из многих")

    # A day is named where it begins, and there only.
    for log in (vera.log, one.log):
        await expect(log.get_by_text("Сегодня", exact=True)).to_have_count(1)
    await vera.button("Завершить").click()


async def test_who_reads_old_messages_is_told_of_new_ones(browser: Browser, staffed: Shop):
    one, vera = await _taken(browser, staffed, "Читают старое")
    await _told_at_length(staffed, vera, 20)
    down = vera.page.get_by_role("button", name="К последним сообщениям")
    await expect(down).to_be_hidden()

    await vera.log.hover()
    await vera.page.mouse.wheel(0, -4000)
    await expect(down).to_be_visible()
    await one.write("А это новое")
    await expect(down).to_have_attribute("data-count", "1")
    unread = one.own.filter(has_text="А это новое").locator("[data-state]")
    await expect(unread).to_have_text("отправлено")
    await down.click()

    await expect(vera.log.get_by_text("А это новое")).to_be_in_viewport()
    await expect(down).to_be_hidden()
    await expect(unread).to_have_text("прочитано")
    await vera.page.mouse.wheel(0, -4000)
    await expect(down).to_be_visible()
    await vera.reply("Отвечаю из глубины")
    await expect(vera.log.get_by_text("Отвечаю из глубины")).to_be_in_viewport()
    await vera.button("Завершить").click()


async def test_coming_back_to_the_tab_forgets_no_new_message(browser: Browser, staffed: Shop):
    one, vera = await _taken(browser, staffed, "Возвращаются к вкладке")
    await _told_at_length(staffed, vera, 20)
    down = vera.page.get_by_role("button", name="К последним сообщениям")
    await vera.log.hover()
    await vera.page.mouse.wheel(0, -4000)
    await one.write("Раз")
    await expect(down).to_have_attribute("data-count", "1")

    for hidden in (True, False):
        count = await down.evaluate(
            "(down, hidden) => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });"
            "document.dispatchEvent(new Event('visibilitychange')); return down.dataset.count; }",
            hidden,
        )
        assert count == "1"
    await one.write("Два")

    await expect(down).to_have_attribute("data-count", "2")
    await down.click()
    await vera.button("Завершить").click()
    vera.watch.check()


async def test_the_browsers_back_button_leads_to_the_queue(browser: Browser, staffed: Shop):
    first = await caller(browser, staffed, "Назад: первый")
    await caller(browser, staffed, "Назад: второй")
    vera = await desk(browser, staffed, "vera", viewport=PHONE)
    rows = vera.queue.get_by_role("button")
    await rows.last.click()
    await expect(vera.log.get_by_text("Назад: второй")).to_be_visible()

    await vera.page.go_back()
    await expect(rows.last).to_be_visible()
    await expect(vera.log).to_be_hidden()
    await vera.page.go_forward()
    await expect(vera.log.get_by_text("Назад: второй")).to_be_visible()

    # Whoever went back by our own button comes no second time to the same place.
    await vera.button("К очереди").click()
    await rows.nth(-2).click()
    await expect(vera.log.get_by_text("Назад: первый")).to_be_visible()
    await vera.page.reload()
    await expect(vera.log.get_by_text("Назад: первый")).to_be_visible()
    await vera.page.go_back()
    await expect(rows.last).to_be_visible()
    assert re.search(r"/desk/$", vera.page.url)
    vera.watch.check()
    first.watch.check()


async def test_the_way_to_the_settings_and_back_leads_through_both(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Настройки и назад")
    anna = await desk(browser, staffed, "anna")
    await anna.queue.get_by_role("button").last.click()
    await expect(anna.log.get_by_text("Настройки и назад")).to_be_visible()
    await anna.page.goto(f"{staffed.url}/admin")
    overview = anna.page.get_by_role("heading", name="Обзор")
    await expect(overview).to_be_visible()

    await anna.page.go_back()
    await expect(anna.log.get_by_text("Настройки и назад")).to_be_visible()
    await anna.page.go_forward()

    await expect(overview).to_be_visible()
    await expect(anna.log).to_have_count(0)
    anna.watch.check()


async def test_a_reload_shows_the_same_box(browser: Browser, staffed: Shop):
    vera = await desk(browser, staffed, "vera")
    box = vera.page.get_by_role("group", name="Очередь").get_by_role("button", name=re.compile("Мои"))
    await box.click()
    await expect(box).to_have_attribute("aria-pressed", "true")

    await vera.page.reload()
    await expect(vera.desk).to_have_attribute("data-mine", re.compile(r"\d"))

    await expect(box).to_have_attribute("aria-pressed", "true")


async def test_who_writes_on_after_a_message_is_seen_writing(browser: Browser, staffed: Shop):
    one, vera = await _taken(browser, staffed, "Пишут без остановки")
    await vera.box.press_sequentially("Первое")
    await expect(one.page.get_by_text("Специалист печатает…")).to_be_visible()
    await vera.box.press("Enter")
    await expect(one.log.get_by_text("Первое")).to_be_visible()
    await expect(one.page.get_by_text("Специалист печатает…")).to_have_count(0)

    await vera.box.press_sequentially("и вот")
    await expect(one.page.get_by_text("Специалист печатает…")).to_be_visible()

    await one.box.press_sequentially("Я тоже")
    writes = vera.log.get_by_text("печатает…")
    await expect(writes).to_be_visible()
    await one.box.press("Enter")
    await expect(vera.log.get_by_text("Я тоже")).to_be_visible()
    await expect(writes).to_have_count(0)
    await one.box.press_sequentially("и дальше")
    await expect(writes).to_be_visible()
    await vera.box.fill("")
    await vera.button("Завершить").click()


async def test_the_queue_and_the_thread_tell_the_operators_own_time(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Который у вас час?")
    vera = await desk(browser, staffed, "vera", timezone_id="Asia/Vladivostok")
    row = vera.queue.get_by_role("button").last

    told = re.search(r"(\d\d):\d\d", await row.inner_text())
    await row.click()

    assert told
    await expect(vera.log.get_by_text(re.compile(rf"Посетитель .* · {told[1]}:\d\d"))).to_be_visible()
