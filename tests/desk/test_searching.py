"""The search above the queue."""

import pytest
from playwright.async_api import Browser, expect

from tests.desk.shop import Shop, caller, desk
from vink_chat import conversations
from vink_chat.kit.db import Database

pytestmark = pytest.mark.browser


async def test_a_conversation_is_found_by_its_words_and_by_the_visitor(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Ищите меня")
    vera = await desk(browser, staffed, "vera")
    await vera.queue.get_by_role("button").last.click()
    column = vera.page.get_by_role("complementary", name="Посетитель")
    await column.get_by_label("Имя").fill("Серафима Искомая")
    await column.get_by_label("Почта").fill("serafima@example.com")
    await column.get_by_label("Почта").press("Enter")
    await expect(vera.page.get_by_role("heading", name="Серафима Искомая")).to_be_visible()

    search = vera.page.get_by_role("searchbox", name="Поиск")
    for words in ("серафима", "serafima@"):
        await search.fill(words)
        await search.press("Enter")
        await expect(vera.hits.get_by_role("button")).to_have_count(1)
        await expect(vera.hits.get_by_role("mark")).to_have_count(1)
        await expect(vera.hits.get_by_role("button").filter(has_text="Серафима Искомая")).to_be_visible()
    await search.fill("такого никто не писал")
    await search.press("Enter")
    await expect(vera.page.get_by_text("Ничего не найдено. Искали во всех разговорах")).to_be_visible()
    await search.press("Escape")

    await expect(search).to_have_value("")
    await expect(vera.row("Серафима Искомая")).to_be_visible()
    await expect(vera.hits).to_have_count(0)


async def test_a_search_looks_into_every_box(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Нужна Ёлочная плёнка")
    vera = await desk(browser, staffed, "vera")
    await vera.queue.get_by_role("button").last.click()
    await vera.button("Взять").click()
    await vera.reply("Сейчас посмотрю")
    await vera.button("Завершить").click()
    await expect(one.log.get_by_text("Чат окончен.")).to_be_visible()
    await vera.box_of("Ожидают")
    search = vera.page.get_by_role("searchbox", name="Поиск")

    await search.fill("елочная пленка")
    await search.press("Enter")
    await expect(vera.hits.get_by_role("button")).to_have_count(1)
    await expect(vera.hits.get_by_text("завершён")).to_be_visible()
    await expect(vera.hits.get_by_role("button").filter(has_text="Нужна Ёлочная плёнка")).to_be_visible()
    await expect(vera.page.get_by_text("Найдено: 1")).to_be_visible()
    await vera.box_of("Ожидают")

    await expect(search).to_have_value("")
    await expect(vera.row("завершён")).to_have_count(0)


async def _seed(shop: Shop, count: int) -> None:
    """Let a visitor write a long conversation, one message of which stands out."""
    database = Database(shop.database_url)
    secret = conversations.new_secret()
    async with database.transaction() as tx:
        for number in range(count):
            text = f"Где моя накладная {count}?" if number == count // 3 else f"Сообщение {number}"
            await conversations.receive(tx, secret, text)
    await database.close()


@pytest.mark.parametrize("count", [60, 600])
async def test_a_hit_opens_its_conversation_at_the_message(browser: Browser, staffed: Shop, count: int):
    await _seed(staffed, count)
    vera = await desk(browser, staffed, "vera")
    search = vera.page.get_by_role("searchbox", name="Поиск")
    await search.fill(f"накладной {count}")
    await search.press("Enter")

    await vera.hits.get_by_role("button").click()

    wanted = vera.log.get_by_text(f"Где моя накладная {count}?")
    await expect(wanted).to_be_in_viewport()
    await expect(vera.log.locator("[data-marked=true]")).to_contain_text(f"Где моя накладная {count}?")
    await expect(vera.log.get_by_text(f"Сообщение {count // 3 + 1}", exact=True)).to_be_in_viewport()

    gap = vera.page.get_by_role("button", name="Показать последние сообщения")
    if count > 100:
        await gap.click()
        await expect(vera.log.get_by_text(f"Сообщение {count - 1}", exact=True)).to_be_in_viewport()
    await expect(gap).to_have_count(0)
