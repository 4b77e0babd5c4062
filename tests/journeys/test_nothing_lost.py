"""Whatever a visitor typed stays theirs: while the page starts, over a refusal, over a reload."""

import asyncio
from collections.abc import Callable

import pytest
from playwright.async_api import Browser, Route, expect

from tests.browser import PHONE, new_page
from tests.journeys.visitor import DISCONNECTED, Visitor, visitor
from tests.program import Server
from vink_chat import conversations, preferences
from vink_chat.kit.db import Database

pytestmark = pytest.mark.browser


async def _starting(browser: Browser, url: str) -> tuple[Visitor, asyncio.Event]:
    """Open a page that is drawn and does not run before an event is set."""
    started = asyncio.Event()

    async def hold(route: Route) -> None:
        await started.wait()
        await route.continue_()

    one = Visitor(await new_page(browser))
    await one.page.route("**/assets/entry.client-*", hold)
    await one.page.goto(url, wait_until="domcontentloaded")
    return one, started


@pytest.mark.parametrize("key", ["", "Enter"])
async def test_what_is_sent_while_the_page_starts_is_not_lost(browser: Browser, shared_server: Server, key: str):
    one, started = await _starting(browser, shared_server.url)
    await one.box.fill("Как оплатить заказ?")
    if key:
        await one.box.press(key)
    else:
        await one.button.click()
    started.set()
    await one.ready()

    await expect(one.ours).to_have_count(1)
    assert (await one.words())[0] == "Как оплатить заказ?"
    await expect(one.box).to_have_value("")
    one.watch.check()


@pytest.mark.parametrize("key", ["", "Enter"])
async def test_a_draft_nobody_has_seen_yet_is_not_sent_by_an_early_press(
    browser: Browser, shared_server: Server, key: str
):
    one = await visitor(browser, shared_server.url)
    await one.box.fill("Не отправляйте это")
    started = asyncio.Event()

    async def hold(route: Route) -> None:
        await started.wait()
        await route.continue_()

    await one.page.route("**/assets/entry.client-*", hold)
    await one.page.reload(wait_until="domcontentloaded")
    if key:
        await one.box.press(key)
    else:
        await one.button.click()
    started.set()
    await one.ready()

    await expect(one.box).to_have_value("Не отправляйте это")
    await expect(one.pending).to_have_count(0)
    await expect(one.own).to_have_count(0)
    one.watch.check()


async def test_what_is_typed_while_the_page_starts_stays(browser: Browser, shared_server: Server):
    one, started = await _starting(browser, shared_server.url)
    await one.box.fill("Как опл")
    started.set()
    await one.ready()

    await expect(one.box).to_have_value("Как опл")
    await one.page.reload()
    await one.ready()
    await expect(one.box).to_have_value("Как опл")


async def test_what_is_typed_outlives_a_page_whose_line_is_cut_while_it_loads(browser: Browser, shared_server: Server):
    typed, cut = asyncio.Event(), [True]

    async def hold(route: Route) -> None:
        await typed.wait()
        if cut:
            cut.clear()
            await route.abort()
        else:
            await route.continue_()

    one = Visitor(await new_page(browser))
    one.watch.allowed.append("ERR_FAILED")
    await one.page.route("**/assets/entry.client-*", hold)
    await one.page.goto(shared_server.url, wait_until="domcontentloaded")
    await one.box.fill("Как оплатить заказ?")
    typed.set()

    await one.ready()
    assert not cut, "the line was cut"
    await expect(one.box).to_have_value("Как оплатить заказ?")


async def test_a_refused_message_outlives_a_reload_with_its_sentence(
    browser: Browser, make_server: Callable[..., Server]
):
    server = make_server()
    database = Database(server.settings["VINK_DATABASE_URL"])
    async with database.transaction() as tx:
        await preferences.save(tx, preferences.validated(preferences.Limits, visitor_per_minute=1))
    await database.close()
    await server.start()
    one = await visitor(browser, server.url)
    await one.ask("Как оплатить заказ?")
    await one.write("Где ближайший офис?")
    await expect(one.pending).to_contain_text("Слишком много сообщений подряд.")

    await one.page.reload()
    await one.ready()

    await expect(one.pending).to_contain_text("Где ближайший офис?")
    await expect(one.pending).to_contain_text("Слишком много сообщений подряд.")
    await one.pending.get_by_role("button", name="изменить").click()
    await expect(one.box).to_have_value("Где ближайший офис?")
    await expect(one.pending).to_have_count(0)
    await one.page.reload()
    await one.ready()
    await expect(one.box).to_have_value("Где ближайший офис?")
    one.watch.check()


async def test_what_was_written_without_a_connection_comes_once_and_in_order(
    browser: Browser, make_server: Callable[..., Server]
):
    server = make_server()
    await server.start()
    one = await visitor(browser, server.url)
    one.watch.allowed.extend(DISCONNECTED)
    server.kill()
    texts = [f"Вопрос {number}" for number in range(1, 5)]
    for text in texts:
        await one.write(text)
    await expect(one.pending).to_have_count(4)

    await server.start()

    await expect(one.own).to_have_count(4, timeout=30_000)
    await expect(one.pending).to_have_count(0)
    await one.page.reload()
    await one.ready()
    assert await one.own.locator(".words").all_inner_texts() == texts
    one.watch.check()


async def test_whoever_reads_earlier_messages_stays_where_they_are(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url, viewport=PHONE)
    secret = await one.page.evaluate("localStorage.vink_visitor")
    database = Database(shared_server.settings["VINK_DATABASE_URL"])
    async with database.transaction() as tx:
        for number in range(1, 91):
            await conversations.receive(tx, secret, f"Сообщение {number}")
    await database.close()
    await one.page.reload()
    await one.ready()
    earlier = one.page.get_by_role("button", name="Показать предыдущие сообщения")
    await expect(earlier).to_be_attached()
    await one.log.hover()
    await one.page.mouse.wheel(0, -20_000)
    await expect(earlier).to_be_in_viewport()
    row = one.own.filter(has_text="Сообщение 45")
    place = "row => row.getBoundingClientRect().bottom"
    before = await row.evaluate(place)

    await earlier.click()

    await expect(one.own.filter(has_text="Сообщение 7").first).to_be_attached()
    assert abs(await row.evaluate(place) - before) < 2
    await expect(one.page).to_have_title("Чат с Винк")
    one.watch.check()
