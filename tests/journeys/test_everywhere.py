"""The page in every size, scheme and language, by keyboard alone, with assistive technology, and within its weight."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, Watch, assert_accessible
from tests.journeys.visitor import Visitor, visitor
from tests.program import Server
from tests.weight import weigh
from tests.wire import CHAT, Wire
from vink_chat import conversations, handover
from vink_chat.conversations import Reason
from vink_chat.kit.db import Database

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 568}
WIDE = {"width": 1920, "height": 1080}
_KB = 1024
FIRST_LOAD = {"gzip": 165 * _KB, "br": 145 * _KB}
TABLE = "| Толщина | Цена |\n|---|---|\n| 3 мм | по запросу |\n\n- [каталог](https://www.vink.ru/catalog/)\n- **акции**"


async def end(server: Server, one: Visitor) -> None:
    """Close the visitor's conversation behind the server's back, after an answer with a table; then look again."""
    database = Database(server.settings["VINK_DATABASE_URL"])
    owner = conversations.visitor_id(await one.page.evaluate("localStorage.vink_visitor"))
    async with database.transaction() as tx:
        conversation = await conversations.newest(tx, owner)
        assert conversation
        await conversations.post(tx, conversation, conversations.Author.ASSISTANT, TABLE)
        await handover.end(tx, conversation, Reason.FINISHED)
    await database.close()
    await one.page.reload()
    await one.ready()


async def assert_fits(one: Visitor) -> None:
    """Fail when anything has to be scrolled sideways, or the composer is out of sight."""
    over = await one.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0
    assert await one.log.evaluate("log => log.scrollWidth - log.clientWidth") <= 0
    await expect(one.box).to_be_in_viewport(ratio=1)
    await expect(one.button).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/embed"])
async def test_axe_finds_nothing_at_any_moment(browser: Browser, shared_server: Server, path: str, scheme: str):
    one = await visitor(browser, shared_server.url + path, color_scheme=scheme)
    await assert_accessible(one.page)
    await one.ask("Как оплатить заказ?")
    await one.write("ж" * 4001)
    await expect(one.pending).to_contain_text("4001 знаков")
    await one.write("  ")
    await assert_accessible(one.page)

    await one.call.click()
    await expect(one.page.locator('[data-status="waiting"]')).to_be_visible()
    await assert_accessible(one.page)

    await end(shared_server, one)
    await expect(one.log.get_by_role("table")).to_be_visible()
    await assert_accessible(one.page)
    one.watch.check()


@pytest.mark.parametrize("path", ["/", "/embed"])
async def test_nothing_is_scrolled_sideways_at_any_size(browser: Browser, shared_server: Server, path: str):
    one = await visitor(browser, shared_server.url + path)
    for size in (NARROW, PHONE, DESKTOP, WIDE):
        await one.page.set_viewport_size(size)
        await assert_fits(one)
    await one.ask("Как оплатить заказ?")
    await one.write("Непрерывнаястрока" * 40 + "\n" + "https://www.vink.ru/" + "a" * 300)
    # The badge of waiting must fit too.
    await one.call.click()
    await expect(one.page.locator('[data-status="waiting"]')).to_be_visible()
    for size in (NARROW, PHONE, DESKTOP, WIDE):
        await one.page.set_viewport_size(size)
        await assert_fits(one)


async def test_a_finished_conversation_is_rated_and_goes_on(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)
    await one.ask("Как оплатить заказ?")
    await end(shared_server, one)

    await expect(one.page.get_by_text("Оцените разговор")).to_be_visible()
    await one.page.get_by_role("group", name="Оцените разговор").get_by_role("button", name="4 / 5").press("Enter")
    await expect(one.page.get_by_text("Спасибо за оценку!")).to_be_visible()
    await one.page.reload()
    await one.ready()
    stars = one.page.get_by_role("group", name="Спасибо за оценку!").get_by_role("button")
    await expect(stars.and_(one.page.locator("[data-given=true]"))).to_have_count(4)
    await stars.nth(1).click()
    await expect(stars.and_(one.page.locator("[data-given=true]"))).to_have_count(2)
    await assert_accessible(one.page)
    comment = one.page.get_by_label("Что понравилось или что исправить?")
    await comment.fill("Долго ждал ответа")
    await one.page.get_by_role("button", name="Отправить отзыв").click()
    await expect(one.page.locator("[data-comment]")).to_contain_text("Долго ждал ответа")
    await one.page.reload()
    await one.ready()
    await one.page.locator("[data-comment]").get_by_role("button", name="Изменить").click()
    await expect(comment).to_have_value("Долго ждал ответа")
    await assert_accessible(one.page)
    await comment.fill("Ответили через час")
    await one.page.get_by_role("button", name="Отправить отзыв").click()
    await expect(one.page.locator("[data-comment]")).to_contain_text("Ответили через час")

    await one.ask("Где ближайший офис?")
    await expect(one.page.locator('[data-status="assisted"]')).to_be_visible()


async def test_a_comment_nobody_sent_stays_with_the_end_it_was_written_about(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)
    comment = one.page.get_by_label("Что понравилось или что исправить?")

    async def rate() -> None:
        await one.page.get_by_role("button", name="4 / 5").click()
        await expect(comment).to_be_visible()

    await one.ask("Как оплатить заказ?")
    await end(shared_server, one)
    await rate()
    await comment.press_sequentially("Долго ждал")
    await one.page.reload()
    await one.ready()
    await expect(comment).to_have_value("Долго ждал")

    await one.ask("Где ближайший офис?")
    await end(shared_server, one)
    await rate()

    await expect(comment).to_have_value("")


async def test_the_keyboard_alone_is_enough(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)
    keys = one.page.keyboard
    names: list[str] = []
    for _ in range(14):
        await keys.press("Tab")
        names.append(
            await one.page.evaluate(
                "(e => e.getAttribute('aria-label') || e.textContent.trim())(document.activeElement)"
            )
        )
        if names[-1] == "Отправить":
            break

    assert names[0] == "Позвать оператора"
    assert names[1] == "Переписка"
    assert names[2] == "Заказы"
    assert names[3] == "Как оформить заказ?"
    assert names[-2:] == ["Сообщение", "Отправить"]
    await keys.press("Shift+Tab")
    await keys.type("Как оплатить заказ?")
    await keys.press("Enter")
    await expect(one.ours).to_have_count(1)
    await expect(one.box).to_be_focused()
    outline = await one.box.evaluate("box => getComputedStyle(box).outlineStyle")
    assert outline != "none"


@pytest.mark.parametrize(
    ("address", "locale", "language"),
    [
        ("/", "ru-RU", "ru"),
        ("/", "en-GB", "en"),
        ("/", "de-DE", "ru"),
        ("/?lang=en", "ru-RU", "en"),
        ("/?lang=ru", "en-GB", "ru"),
        ("/embed?lang=en", "ru-RU", "en"),
        ("/?lang=%3Cscript%3E", "en-GB", "en"),
    ],
)
async def test_the_address_or_the_browser_decides_the_language(
    browser: Browser, shared_server: Server, address: str, locale: str, language: str
):
    one = await visitor(browser, shared_server.url + address, locale=locale)

    title, send, call = {
        "ru": ("Чат с Винк", "Отправить", "Позвать оператора"),
        "en": ("Chat with Vink", "Send", "Call a person"),
    }[language]
    await expect(one.page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    await expect(one.page.get_by_role("button", name=send, exact=True)).to_be_visible()
    await expect(one.page.locator("html")).to_have_attribute("lang", language)
    await one.page.get_by_role("button", name=call, exact=True).click()
    await expect(one.ours.first).to_contain_text({"ru": "Передаю вопрос", "en": "passing your question"}[language])
    await assert_accessible(one.page)


@pytest.mark.parametrize(
    ("languages", "title"), [("en-GB,ru", "Chat with Vink"), ("ru", "Чат с Винк"), ("", "Чат с Винк")]
)
async def test_the_page_names_its_languages_where_the_websocket_does_not(
    shared_server: Server, languages: str, title: str
):
    async with Wire(shared_server.url, stored={f"{CHAT}.languages_rx_state_": languages}) as wire:
        assert wire.shown[CHAT]["title"] == title


async def test_in_english_nothing_of_ours_is_russian(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url, locale="en-US")
    await one.ask("Hello!")
    await one.ask("I want to talk to a human")
    await one.write("")

    attributes = "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].map(a => a.value)).join(' ')"
    text = await one.page.evaluate(f"document.body.innerText + {attributes}")

    russian = re.findall(r"[А-Яа-яЁё][А-Яа-яЁё ]*", text)
    assert not russian


async def test_an_address_without_a_page_leads_to_the_chat(page: Page, watch: Watch, shared_server: Server):
    watch.allowed.append("status of 404")

    answer = await page.goto(f"{shared_server.url}/nothing/here")

    assert answer is not None
    assert answer.status == 404
    await expect(page.get_by_role("heading", name="Такой страницы нет")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("link", name="Открыть чат").click()
    await expect(page.get_by_role("textbox", name="Сообщение")).to_be_visible()


async def test_no_motion_where_none_is_wanted(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url, reduced_motion="reduce")

    duration = await one.button.evaluate("button => parseFloat(getComputedStyle(button).transitionDuration)")

    assert duration < 0.01


@pytest.mark.parametrize("path", ["/", "/embed"])
@pytest.mark.parametrize(("encoding", "most"), FIRST_LOAD.items())
async def test_the_first_load_keeps_its_weight(
    browser: Browser, shared_server: Server, path: str, encoding: str, most: int
):
    parts = await weigh(browser, shared_server.url + path, encoding=encoding)

    listed = "\n".join(f"{part.bytes:>8} {part.url}" for part in parts)
    assert sum(part.bytes for part in parts) <= most, listed
    assert all(part.url.startswith(shared_server.url) for part in parts), listed
    assert len([part for part in parts if part.kind == "Script"]) >= 3, f"the scripts were not counted:\n{listed}"


def test_the_contract_of_names_is_written_down():
    text = Path("docs/interface.md").read_text(encoding="utf-8")

    for name in (
        "Сообщение",
        "Отправить",
        "Позвать оператора",
        "Переписка",
        "Message",
        "Send",
        "Call a person",
        "Conversation",
    ):
        assert f"«{name}»" in text or f"“{name}”" in text, name
