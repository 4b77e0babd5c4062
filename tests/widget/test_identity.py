"""A visitor whom the site signed: the same person everywhere, and nobody else ever."""

import hashlib
import hmac
import re
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, WebSocketRoute, expect

from tests import browser as browsers
from tests.program import Server
from tests.widget.conftest import administrator
from tests.widget.shopper import Shopper
from tests.widget.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
async def secret(staffed: Server, browser: Browser) -> str:
    """The signing secret, as the administrator reads it."""
    page = await administrator(staffed, browser, "/admin/look")
    await page.get_by_role("button", name="Показать секрет").click()
    secret = await page.locator("[data-link]").inner_text()
    await page.reload()
    await expect(page.get_by_role("button", name="Показать секрет")).to_be_visible()
    assert secret not in await page.content(), "it is shown when asked for, not by itself"
    await page.context.close()
    return secret


def signature(secret: str, user: str) -> str:
    moment = int(time.time())
    return f"{moment}.{hmac.new(secret.encode(), f'{user}:{moment}'.encode(), hashlib.sha512).hexdigest()}"


def signed(secret: str, user: str) -> str:
    return f'data-user="{user}" data-signature="{signature(secret, user)}"'


@pytest.mark.shows("Identity.secret")
async def test_a_signed_user_finds_their_conversation_on_every_device(
    people_browser: Browser, staffed: Server, staffed_site: Site, secret: str
):
    address = staffed_site.page(attributes=signed(secret, "user-1") + ' data-name="Анна"')
    laptop = await Shopper.at(people_browser, address, chat_url=staffed.url)
    await laptop.loaded()
    await laptop.open()
    await laptop.ask("Можно оплатить заказ картой?")

    phone = await Shopper.at(people_browser, address, chat_url=staffed.url, viewport=browsers.PHONE)
    await phone.loaded()
    await phone.open()
    await expect(phone.ours).to_contain_text(["банковской картой"])
    await phone.ask("Какие есть бренды?")
    await expect(laptop.ours).to_have_count(2)

    frame = next(frame for frame in phone.page.frames if "/embed" in frame.url)
    kept = await frame.evaluate("JSON.stringify({...localStorage})")
    assert "user-1" in kept, "the mark of what was read"
    own = re.search(r'"vink_visitor":"([\w-]+)"', kept)
    await phone.page.goto(staffed_site.page("/signed-out"))
    await phone.loaded()
    await phone.open()
    await expect(phone.chat.locator("[data-popular]")).to_be_visible()
    await expect(phone.own).to_have_count(0)
    assert own, "a browser keeps its own secret, never the signed user's"
    laptop.watch.check()
    phone.watch.check()


async def test_signing_out_on_the_same_page_leaves_nothing_in_sight(
    browser: Browser, staffed: Server, staffed_site: Site, secret: str
):
    one = await Shopper.at(browser, staffed_site.page(attributes=signed(secret, "user-2")), chat_url=staffed.url)
    await one.loaded()
    await one.open()
    await one.ask("Можно оплатить заказ картой?")

    await one.page.evaluate("VinkChat.init({user: '', signature: ''})")
    await expect(one.own).to_have_count(0)
    await one.live()
    await one.ask("Какие есть бренды?")

    again = {"user": "user-2", "signature": signature(secret, "user-2")}
    await one.page.evaluate("options => { VinkChat.init(options) }", again)
    await expect(one.own).to_contain_text(["Можно оплатить заказ картой?"])
    one.watch.check()


class Line:
    """The socket of a page's chat, which can hold back what the page says.

    Attributes:
        only: Hold back only what has this word in it.
    """

    def __init__(self) -> None:
        self.held: list[str | bytes] | None = None
        self.only = ""
        self._server: WebSocketRoute | None = None

    @classmethod
    async def of(cls, one: Shopper, chat: Server) -> "Line":
        line = cls()
        await one.page.route_web_socket(re.compile(re.escape(urlsplit(chat.url).netloc)), line._open)
        return line

    def _open(self, route: WebSocketRoute) -> None:
        self._server = route.connect_to_server()
        route.on_message(self._say)

    def _say(self, said: str | bytes) -> None:
        assert self._server
        if self.held is None or self.only not in str(said):
            self._server.send(said)
        else:
            self.held.append(said)

    def release(self, *, lost: bool = False) -> None:
        """Say what was held back, unless it got lost, and hold nothing from now on."""
        held, self.held = self.held or [], None
        for said in [] if lost else held:
            self._say(said)


async def test_words_typed_before_the_server_knows_who_types_are_that_persons(
    browser: Browser, staffed: Server, staffed_site: Site, secret: str
):
    one = await Shopper.at(browser, "about:blank", chat_url=staffed.url)
    line = await Line.of(one, staffed)
    line.held, line.only = [], "introduce"
    await one.page.goto(staffed_site.page(attributes=signed(secret, "user-4")))
    await one.loaded()
    await one.launcher.click()
    await expect(one.chat.locator("[data-chat=true]")).to_be_attached(timeout=15_000)
    await one.box.fill("Можно оплатить заказ картой?")
    await one.box.press("Enter")
    await expect(one.chat.locator("[data-pending]")).to_have_count(1)

    line.release()

    await expect(one.own).to_contain_text(["Можно оплатить заказ картой?"], timeout=15_000)
    other = await Shopper.at(browser, staffed_site.page(attributes=signed(secret, "user-4")), chat_url=staffed.url)
    await other.loaded()
    await other.open()
    await expect(other.own).to_contain_text(["Можно оплатить заказ картой?"])
    one.watch.check()


async def test_a_person_called_before_the_server_knows_who_calls_comes_to_that_visitor(
    browser: Browser, staffed: Server, staffed_site: Site, secret: str
):
    one = await Shopper.at(browser, "about:blank", chat_url=staffed.url)
    line = await Line.of(one, staffed)
    line.held, line.only = [], "introduce"
    await one.page.goto(staffed_site.page(attributes=signed(secret, "user-7")))
    await one.loaded()
    await one.launcher.click()
    await expect(one.chat.locator("[data-chat=true]")).to_be_attached(timeout=15_000)
    await one.chat.get_by_role("button", name="Позвать оператора").click()

    line.release()

    await expect(one.chat.locator("[data-status=waiting]")).to_be_attached(timeout=15_000)
    await one.live()
    await expect(one.chat.locator("[data-status=waiting]")).to_be_attached()
    other = await Shopper.at(browser, staffed_site.page(attributes=signed(secret, "user-7")), chat_url=staffed.url)
    await other.loaded()
    await other.open()
    await expect(other.chat.locator("[data-status=waiting]")).to_be_attached()
    one.watch.check()


async def test_what_a_person_typed_or_could_not_send_stays_theirs(
    browser: Browser, staffed: Server, staffed_site: Site, secret: str
):
    one = await Shopper.at(browser, "about:blank", chat_url=staffed.url)
    line = await Line.of(one, staffed)
    await one.page.goto(staffed_site.page(attributes=signed(secret, "user-5")))
    await one.loaded()
    await one.open()
    line.held = []
    await one.box.fill("Где мой заказ 77?")
    await one.box.press("Enter")
    await expect(one.chat.locator("[data-pending]")).to_have_count(1)
    await one.box.fill("Мой телефон")

    await one.page.evaluate("VinkChat.init({user: '', signature: ''})")
    await expect(one.chat.locator("[data-pending]")).to_have_count(0)
    await expect(one.box).to_have_value("")
    line.release(lost=True)
    await one.live()
    await one.ask("Какие есть бренды?")
    await expect(one.own).to_contain_text(["Какие есть бренды?"])
    await expect(one.own).to_have_count(1)

    again = {"user": "user-5", "signature": signature(secret, "user-5")}
    await one.page.evaluate("options => { VinkChat.init(options) }", again)
    await expect(one.own).to_contain_text(["Где мой заказ 77?"], timeout=15_000)
    await expect(one.own).to_have_count(1)
    await expect(one.box).to_have_value("Мой телефон")
    one.watch.check()


async def test_a_wrong_signature_is_an_anonymous_visitor_and_a_line_in_the_log(
    browser: Browser, staffed: Server, staffed_site: Site, secret: str
):
    owner = await Shopper.at(browser, staffed_site.page(attributes=signed(secret, "user-3")), chat_url=staffed.url)
    await owner.loaded()
    await owner.open()
    await owner.ask("Можно оплатить заказ картой?")
    forged = signed("a-guessed-secret", "user-3")

    thief = await Shopper.at(browser, staffed_site.page("/thief", attributes=forged), chat_url=staffed.url)
    await thief.loaded()
    await thief.open()
    await thief.ask("Какие есть бренды?")

    await expect(thief.own).to_have_count(1)
    await expect(owner.own).to_have_count(1)
    staffed.wait_for_log("Invalid or expired identity signature", 5)
    assert "user-3" not in staffed.log
    thief.watch.check()


async def test_a_renewed_secret_shuts_out_a_tab_that_is_open(
    browser: Browser, staffed: Server, staffed_site: Site, secret: str
):
    one = await Shopper.at(browser, staffed_site.page(attributes=signed(secret, "user-9")), chat_url=staffed.url)
    await one.loaded()
    await one.open()
    await one.ask("Можно оплатить заказ картой?")
    page = await administrator(staffed, browser, "/admin/look")

    await page.get_by_role("button", name="Сменить секрет").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Сменить секрет").click()
    await expect(page.locator("[data-link]")).not_to_contain_text(secret)

    await expect(one.own).to_have_count(0)
    await expect(one.chat.get_by_role("alert")).to_contain_text("Вход на сайте устарел.")
    await one.ask("Какие есть бренды?")
    await expect(one.own).to_have_count(1)
    await page.context.close()
    one.watch.check()


async def test_what_a_shut_out_visitor_could_not_send_is_sent_in_nobodys_name(
    browser: Browser, staffed: Server, staffed_site: Site, secret: str
):
    one = await Shopper.at(browser, "about:blank", chat_url=staffed.url)
    line = await Line.of(one, staffed)
    await one.page.goto(staffed_site.page(attributes=signed(secret, "user-11")))
    await one.loaded()
    await one.open()
    await one.ask("Можно оплатить заказ картой?")
    line.held, line.only = [], "send"
    await one.box.fill("Мой адрес: Тверь, Садовая, 1")
    await one.box.press("Enter")
    await expect(one.chat.locator("[data-pending]")).to_have_count(1)
    page = await administrator(staffed, browser, "/admin/look")
    await page.get_by_role("button", name="Сменить секрет").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Сменить секрет").click()
    await expect(one.chat.get_by_role("alert")).to_contain_text("Вход на сайте устарел.")

    line.release()
    await one.live()

    await one.ask("Какие есть бренды?")
    await expect(one.own).to_contain_text(["Какие есть бренды?"])
    await expect(one.own).to_have_count(1)
    await expect(one.chat.locator("[data-pending]")).to_have_count(0)
    await expect(page.locator("[data-link]")).not_to_contain_text(secret)
    renewed = await page.locator("[data-link]").inner_text()
    again = {"user": "user-11", "signature": signature(renewed, "user-11")}
    await one.page.evaluate("options => { VinkChat.init(options) }", again)
    await expect(one.own).to_contain_text(["Можно оплатить", "Мой адрес: Тверь"], timeout=15_000)
    await page.context.close()
    one.watch.check()


@pytest.fixture
async def only_this_site(staffed: Server, staffed_site: Site, browser: Browser) -> AsyncIterator[None]:
    """The administrator allows one site, and afterwards any."""
    page = await administrator(staffed, browser, "/admin/look")

    async def allow(sites: str) -> None:
        await page.get_by_label("Разрешённые сайты").fill(sites)
        await page.get_by_role("button", name="Сохранить").click()
        await expect(page.get_by_text("Сохранено", exact=True)).to_be_visible()

    await expect(page.locator("[data-any-site]")).to_be_visible()
    await allow(staffed_site.url)
    await expect(page.locator("[data-any-site]")).to_have_count(0)
    yield
    await page.reload()
    await allow("")


@pytest.mark.usefixtures("only_this_site")
@pytest.mark.shows("Look.allowed_sites")
async def test_only_allowed_sites_may_show_the_chat(browser: Browser, staffed: Server, staffed_site: Site):
    allowed = await Shopper.at(browser, staffed_site.page(), chat_url=staffed.url)
    await allowed.loaded()
    await allowed.open()

    with Site(staffed.url) as other:
        refused = await Shopper.at(browser, other.page(), chat_url=staffed.url)
        await refused.loaded()
        async with refused.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            await refused.launcher.click()

    allowed.watch.check()
