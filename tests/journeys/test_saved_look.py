"""What an administrator saved for the eyes is what visitors and operators see."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.async_api import Browser, Page, expect

from tests import browser as browsers
from tests.journeys.visitor import visitor
from tests.program import Server, end
from tests.widget.conftest import LOGIN, administrator
from tests.widget.shopper import Shopper
from tests.widget.site import Site
from vink_chat import preferences
from vink_chat.kit.db import Database

pytestmark = pytest.mark.browser

LOGO = "/favicon.svg"
LOOK = preferences.Look(title="Магазин Ромашка", logo_url=LOGO, colour="#0b6e4f", position=preferences.Position.LEFT)
SAVED = (
    LOOK,
    preferences.Greeting(text="Здравствуйте, это Ромашка!", reply_time="Отвечаем за минуту"),
    preferences.PopularQuestions(
        groups=(preferences.QuestionGroup(title="Букеты", questions=("Сколько стоит букет?", "Есть ли розы?")),)
    ),
    preferences.Canned(
        replies=(preferences.CannedReply(shortcut="розы", title="Про розы", text="Розы привозят по вторникам."),)
    ),
)


async def _save(url: str) -> None:
    database = Database(url)
    async with database.transaction() as tx:
        for section in SAVED:
            await preferences.save(tx, section)
    await database.close()


@pytest.fixture(scope="module")
def florist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shop that was given a look of its own."""
    settings = {"VINK_ADMIN_LOGIN": LOGIN["login"], "VINK_ADMIN_PASSWORD": LOGIN["password"]}
    made = Server(tmp_path_factory.mktemp("florist"), settings)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _save(made.settings["VINK_DATABASE_URL"])).result()
    made.start_now()
    yield made
    end([made])


@pytest.fixture
async def site(florist: Server) -> AsyncIterator[Site]:
    """A site with that chat."""
    with Site(florist.url) as site:
        yield site


async def _wears_the_look(page: Page, chat: object) -> None:
    heading = chat.get_by_role("heading", name="Магазин Ромашка")
    await expect(heading).to_be_visible()
    logo = chat.locator("header img")
    await expect(logo).to_have_attribute("src", LOGO)
    await expect(logo).to_be_visible()
    brand = "e => getComputedStyle(e).getPropertyValue('--brand')"
    assert await chat.locator("[data-chat]").evaluate(brand) == LOOK.colour


@pytest.mark.shows("Look.title", "Look.logo_url", "Look.colour")
@pytest.mark.parametrize("path", ["/", "/embed"])
async def test_the_name_the_logo_and_the_colour_are_drawn_on_our_own_pages(
    browser: Browser, florist: Server, path: str
):
    one = await visitor(browser, florist.url + path)

    await _wears_the_look(one.page, one.page)
    await expect(one.page).to_have_title("Магазин Ромашка")
    one.watch.check()


@pytest.mark.shows("Look.position")
async def test_the_widget_has_the_same_and_stands_on_its_side(browser: Browser, florist: Server, site: Site):
    one = await Shopper.at(browser, site.page(), chat_url=florist.url)
    await one.loaded()
    assert (await one.launcher.bounding_box() or {"x": 999})["x"] < 100
    await expect(one.page.get_by_role("complementary", name="Магазин Ромашка")).to_have_count(1)

    await one.open()

    await _wears_the_look(one.page, one.chat)
    await expect(one.iframe).to_have_attribute("title", "Магазин Ромашка")
    one.watch.check()


async def test_a_site_may_name_the_chat_otherwise(browser: Browser, florist: Server, site: Site):
    one = await Shopper.at(browser, site.page("/named", attributes='data-title="Спросите нас"'), chat_url=florist.url)
    await one.loaded()
    await one.open()

    await expect(one.chat.get_by_role("heading", name="Спросите нас")).to_be_visible()


async def test_an_icon_stands_where_a_logo_cannot_be_shown(browser: Browser, florist: Server):
    page = await browsers.new_page(browser)
    await page.route(f"**{LOGO}", lambda route: route.abort())
    await page.goto(florist.url)

    await expect(page.locator("header img")).to_be_hidden()
    await expect(page.locator("header svg").first).to_be_visible()


@pytest.mark.shows("Greeting.text", "Greeting.reply_time", "QuestionGroup.title", "QuestionGroup.questions")
async def test_the_first_words_are_those_of_the_shop(browser: Browser, florist: Server):
    one = await visitor(browser, florist.url)

    await expect(one.log).to_contain_text("Здравствуйте, это Ромашка!")
    await expect(one.page.locator("[data-popular] summary")).to_have_text(["Букеты"])
    await expect(one.page.locator("[data-popular]").get_by_role("button")).to_have_text(
        ["Сколько стоит букет?", "Есть ли розы?"]
    )
    await expect(one.page.locator("header")).to_contain_text("Отвечаем за минуту")


@pytest.mark.shows("CannedReply.shortcut", "CannedReply.title", "CannedReply.text")
async def test_operators_call_up_the_shops_own_replies(browser: Browser, florist: Server):
    one = await visitor(browser, florist.url)
    await one.write("Позовите живого человека: розы")
    await expect(one.page.locator("[data-status=waiting]")).to_be_attached()
    desk = await administrator(florist, browser, "/desk")
    await desk.get_by_role("button").filter(has_text="живого человека: розы").first.click()
    await desk.get_by_role("button", name="Взять", exact=True).click()
    await expect(desk.get_by_role("button", name="Завершить", exact=True)).to_be_visible()

    box = desk.get_by_role("textbox", name="Ответ")
    await box.fill("/роз")
    offered = desk.get_by_role("list", name="Шаблоны").get_by_role("button")
    await expect(offered).to_contain_text(["Про розы"])
    await box.press("Enter")

    await expect(box).to_have_value("Розы привозят по вторникам.")
