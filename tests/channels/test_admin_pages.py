"""What administrators see of the bot: its name, and the links that tie accounts to it."""

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import assert_accessible
from tests.desk.shop import Shop, desk
from tests.emulators import telegram
from tests.emulators.telegram import Telegram
from tests.program import Server
from vink_chat import channels
from vink_chat.channels import store
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database

pytestmark = pytest.mark.browser

VERA = 13


@pytest.fixture
async def shop(make_server: Callable[..., Server], bot: Telegram) -> Shop:
    """The program with a bot, and its people."""
    server = make_server({"VINK_TELEGRAM_TOKEN": telegram.TOKEN, "VINK_TELEGRAM_BASE_URL": bot.base_url})
    made = Shop(server)
    await made.hire()
    await server.start()
    return made


@pytest.fixture
def nameless(bot: Telegram) -> None:
    """A Telegram that does not tell the bot's name."""
    bot.fail("getMe", 1000, code=502)


async def _named(shop: Shop) -> None:
    """Wait until the bot's name is written down."""
    database = Database(shop.database_url)
    async with asyncio.timeout(30):
        while True:
            async with database.reading() as tx:
                if await channels.bot_name(tx):
                    break
            await asyncio.sleep(0.02)
    await database.close()


async def _link_of_vera(page: Page) -> str:
    await page.get_by_role("button", name="Привязать Telegram: Вера").click()
    return await page.locator("[data-person='Вера'] [data-link]").inner_text()


async def test_the_link_of_an_account_opens_the_bot_and_ties_it(shop: Shop, bot: Telegram, browser: Browser):
    await _named(shop)
    anna = await desk(browser, shop, "anna", reduced_motion="reduce")
    await anna.page.goto(f"{shop.url}/admin/telegram")
    name = anna.page.locator("[data-bot]").get_by_role("link", name="@vink_desk_bot")
    await expect(name).to_have_attribute("href", "https://t.me/vink_desk_bot")
    await anna.page.goto(f"{shop.url}/admin/operators")

    address = urlsplit(await _link_of_vera(anna.page))
    await expect(anna.page.get_by_text("нажимает «Запустить»")).to_be_visible()
    for scheme in ("light", "dark"):
        await anna.page.emulate_media(color_scheme=scheme)
        await assert_accessible(anna.page)
    [word] = parse_qs(address.query)["start"]
    bot.say(bot.person(VERA, "Vera"), f"/start {word}")

    assert (address.scheme, address.netloc, address.path) == ("https", "t.me", "/vink_desk_bot")
    await bot.read(VERA, "Вера, этот Telegram привязан")


async def test_why_telegram_refuses_to_push_stands_on_its_page(shop: Shop, browser: Browser):
    await _named(shop)
    database = Database(shop.database_url)
    async with database.transaction() as tx:
        await store.save_webhook_fault(tx, "Bad Request: bad webhook: unknown certificate")
    await database.close()

    anna = await desk(browser, shop, "anna")
    await anna.page.goto(f"{shop.url}/admin/telegram")

    await expect(anna.page.locator("[data-bot]")).to_contain_text("bad webhook: unknown certificate")
    await assert_accessible(anna.page)


async def test_what_is_wrong_with_the_bot_stands_on_its_page(shop: Shop, bot: Telegram, browser: Browser):
    await _named(shop)
    shop.server.allowed.append("does not know this token")
    bot.fail("getUpdates", 1000, code=401, description="Unauthorized")
    await bot.until(lambda: [one for one in bot.refusals if one[1] == 401], "the refusal", 60)

    anna = await desk(browser, shop, "anna")
    await anna.page.goto(f"{shop.url}/admin/telegram")

    panel = anna.page.locator("[data-bot]")
    await expect(panel).to_contain_text("Telegram не узнаёт токен: проверьте VINK_TELEGRAM_TOKEN.")
    await expect(panel).not_to_contain_text("он отвечает под именем")
    await expect(panel).to_contain_text("Все сообщения отправлены.")
    await assert_accessible(anna.page)


async def test_who_asks_to_be_let_in_is_shown_with_more_than_a_name(shop: Shop, bot: Telegram, browser: Browser):
    for number, name in ((VERA, "Вера"), (14, "Семён")):
        bot.say(bot.person(number, name), "/start")
        await bot.read(number, "Заявка отправлена", seconds=30)

    anna = await desk(browser, shop, "anna", reduced_motion="reduce")
    await anna.page.goto(f"{shop.url}/admin/operators")
    namesake = anna.page.locator("[data-person='Вера']").filter(has_text=f"@user{VERA} ({VERA})")
    await expect(namesake).to_contain_text("заявка от")
    await expect(namesake).to_contain_text("Так уже зовут работающего оператора.")
    await expect(anna.page.locator("[data-person='Семён']")).not_to_contain_text("уже зовут")
    await assert_accessible(anna.page)
    await anna.page.get_by_role("button", name="Отклонить все заявки из Telegram").click()
    await anna.page.get_by_role("alertdialog").get_by_role("button", name="Отклонить все заявки из Telegram").click()

    await expect(anna.page.locator("[data-person='Семён']")).to_have_count(0)
    await expect(anna.page.locator("[data-person='Вера']")).to_have_count(1)


async def test_while_the_bots_name_is_unknown_a_text_to_send_stands_there(
    nameless: None, shop: Shop, bot: Telegram, browser: Browser
):
    await bot.until(lambda: "getMe" in {name for _, name, _ in bot.calls}, "the question for its name", 30)
    anna = await desk(browser, shop, "anna")
    await anna.page.goto(f"{shop.url}/admin/operators")

    text = await _link_of_vera(anna.page)
    bot.say(bot.person(VERA, "Vera"), text)

    assert text.startswith("/start ")
    await bot.read(VERA, "Вера, этот Telegram привязан")


@pytest.mark.parametrize(
    ("name", "word", "link"),
    [
        ("vink_bot", "Az09_-", "https://t.me/vink_bot?start=Az09_-"),
        ("vink_bot", "a" * 64, f"https://t.me/vink_bot?start={'a' * 64}"),
        ("vink_bot", "a" * 65, ""),
        ("vink_bot", "", ""),
        ("vink_bot", "a&b", ""),
        ("vink_bot", "слово", ""),
        ("vink_bot", "a\n", ""),
        ("", "a", ""),
        ("vink.example/x?y=", "a", ""),
    ],
)
async def test_only_what_telegram_takes_stands_in_a_link(sqlite_tables_url: str, name: str, word: str, link: str):
    database = Database(sqlite_tables_url)
    async with database.transaction() as tx:
        await store.take_lease(tx, "one", now(), 15, alone=True)
        await store.save_bot_name(tx, name)

    async with database.reading() as tx:
        assert await channels.start_link(tx, word) == link
    await database.close()
