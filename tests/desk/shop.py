"""A shop with three operators, a model that fails when told to, and desks to look at."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, Locator, Page, WebSocketRoute, expect

from tests.browser import Watch, new_page
from tests.journeys.visitor import Visitor, visitor
from tests.program import Server
from vink_chat import handover, operators
from vink_chat.kit.db import Database
from vink_chat.operators import Presence, Role

PASSWORD = "correct-horse-battery"
NAMES = {"anna": "Анна", "oleg": "Олег", "vera": "Вера"}


@dataclass
class Shop:
    """The running program and its people.

    Attributes:
        ids: Account ids by login.
        cookies: Session tokens by login.
    """

    server: Server
    ids: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def database_url(self) -> str:
        return self.server.settings["VINK_DATABASE_URL"]

    async def hire(self) -> None:
        """Make the accounts: Анна administers, everybody is on shift."""
        database = Database(self.database_url)
        for login, name in NAMES.items():
            if login == "anna":
                view = await operators.first_admin(database.transaction, login, PASSWORD)
            else:
                async with database.transaction() as tx:
                    token = await operators.invite(tx, name, Role.OPERATOR)
                view = await operators.accept(database.transaction, token, login, PASSWORD)
            assert view
            async with database.transaction() as tx:
                await operators.rename(tx, view.id, name)
            self.ids[login] = view.id
            self.cookies[login] = await operators.sign_in(database.transaction, login, PASSWORD)
        await database.close()

    async def shift(self, presence: Presence = Presence.HERE) -> None:
        """Let everybody come, or leave, with free hands: what another test left them is ended."""
        database = Database(self.database_url)
        async with database.transaction() as tx:
            for one in self.ids.values():
                await operators.set_presence(tx, one, presence)
                for conversation in await handover.held_by(tx, one):
                    await handover.finish(tx, conversation.id, one)
        await database.close()


class Desk:
    """One operator's tab, driven by the names that docs/interface.md promises."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.watch = Watch(page)
        self.log = page.get_by_role("log", name="Переписка")
        self.box = page.locator("[data-reply-text]")
        self.queue = page.get_by_role("list", name="Очередь")
        self.hits = page.get_by_role("list", name="Найденное")
        self.card = page.locator("[data-card]")
        self.alert = page.locator("[data-refusal]")
        self.desk = page.locator("[data-desk]")

    def button(self, name: str) -> Locator:
        """Return a button of the open conversation."""
        return self.page.get_by_role("button", name=name, exact=True)

    def row(self, text: str) -> Locator:
        """Return the row of the queue whose last line holds a text."""
        return self.queue.get_by_role("button").filter(has_text=text)

    async def box_of(self, name: str) -> None:
        """Look into a box of the queue: Ожидают, Мои, Все, Закрытые."""
        await self.page.get_by_role("group", name="Очередь").get_by_role("button", name=re.compile(name)).click()

    async def pick(self, text: str) -> None:
        """Open the conversation whose last line holds a text."""
        await self.row(text).click()
        await expect(self.log).to_be_visible()

    async def reply(self, text: str) -> None:
        """Answer with Enter."""
        await self.box.fill(text)
        await self.box.press("Enter")
        await expect(self.log.get_by_text(text)).to_be_visible()
        await expect(self.box).to_have_value("")

    async def note(self, text: str) -> None:
        """Leave a note."""
        await self.write_as("Заметка")
        await self.reply(text)

    async def write_as(self, kind: str) -> None:
        """Choose what is written: «Ответ» or «Заметка»."""
        await self.page.locator("[data-kind]").filter(has_text=kind).click()

    def kind(self, kind: str) -> Locator:
        """Return the tab of «Ответ» or of «Заметка»."""
        return self.page.get_by_role("radio", name=kind)

    async def give(self, name: str, note: str) -> None:
        """Give the open conversation to a colleague."""
        await self.button("Передать").click()
        dialog = self.page.get_by_role("dialog", name="Передать")
        # Whoever the desk believes to be away stands there with that beside the name.
        option = dialog.get_by_role("option").filter(has_text=name)
        await dialog.get_by_label("Кому передать").select_option(await option.get_attribute("value"))
        await dialog.get_by_label("Пояснение для коллеги").fill(note)
        await dialog.get_by_role("button", name="Передать", exact=True).click()


class Line:
    """The line between a page and the server: what comes from the server may be held back for a while."""

    def __init__(self) -> None:
        self._held: list[tuple[WebSocketRoute, Any]] = []
        self._holds = False
        self._news = asyncio.Event()

    async def lay(self, page: Page) -> None:
        """Lead a page's websocket through here, before it is opened."""
        await page.route_web_socket(re.compile("/_event"), self._connect)

    def hold(self) -> None:
        """Let nothing from the server arrive from now on."""
        self._holds = True

    def release(self) -> None:
        """Let everything arrive, in order."""
        self._holds = False
        for socket, message in self._held:
            socket.send(message)
        self._held.clear()

    async def until_something_is_held(self, words: str) -> None:
        """Wait until the server has said something that holds these words."""
        async with asyncio.timeout(30):
            while not any(words in str(message) for _, message in self._held):
                self._news.clear()
                await self._news.wait()

    def _connect(self, page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()

        def arrive(message: Any) -> None:
            if self._holds:
                self._held.append((page_side, message))
                self._news.set()
            else:
                page_side.send(message)

        server_side.on_message(arrive)


async def desk(
    browser: Browser, shop: Shop, login: str, path: str = "/desk/", line: Line | None = None, **options: Any
) -> Desk:
    """Open the desk of somebody who has signed in; ``line`` is the line it hangs on."""
    page = await new_page(browser, **options)
    if line:
        await line.lay(page)
    await page.context.add_cookies([{"name": "vink_session", "value": shop.cookies[login], "url": shop.url}])
    made = Desk(page)
    await page.goto(shop.url + path)
    await expect(page.get_by_role("heading", name=NAMES[login])).to_be_visible(timeout=20_000)
    return made


async def caller(browser: Browser, shop: Shop, text: str, **options: Any) -> Visitor:
    """Open the page as a visitor who writes something and then presses the button."""
    one = await visitor(browser, shop.url, **options)
    await one.ask(text)
    await one.call.click()
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "waiting")
    return one
