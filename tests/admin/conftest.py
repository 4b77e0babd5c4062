"""A shop with a little history, an administrator who is signed in, and a look over their shoulder."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.async_api import Browser, Page

from tests import browser as browsers
from tests.makers import Visitor, hire
from tests.program import Server, end
from vink_chat import answering, conversations, handover
from vink_chat.conversations import Author, BlockedAddress, Reason, visitors
from vink_chat.kit import db

LOGIN = {"login": "boss", "password": "boss-secret-1"}
Opens = Callable[..., Awaitable[Page]]


async def _history(url: str) -> None:
    """Two conversations the assistant answered, one by the button and rated, one whose answer failed its check."""
    database = db.Database(url)
    db.use(database)
    for question in ("Сколько стоит доставка?", "Как получить счёт?"):
        visitor = Visitor()
        await visitor.writes(question)
        async with db.transaction() as tx:
            conversation = await conversations.newest(tx, visitor.id)
            conversation.answered_position = conversation.asked_position
            await conversations.post(tx, conversation, Author.ASSISTANT, "Отвечаю.")
    anna, by_button, failed = await hire("Анна"), Visitor(), Visitor()
    await by_button.presses_the_button()
    held = (await by_button.conversation()).id
    await anna.claims(held)
    await anna.replies(held, "Здравствуйте!")
    await anna.finishes(held)
    async with db.transaction() as tx:
        await handover.rate(tx, by_button.id, 5)
    await failed.writes("Сколько стоит доставка?")
    async with db.transaction() as tx:
        conversation = await conversations.newest(tx, failed.id)
        await handover.request(tx, conversation, Reason.CHECK_FAILED)
        run = answering.Run(
            conversation_id=conversation.id,
            position=conversation.asked_position,
            ending=answering.Ending.HANDED_OVER,
            reason="check_failed",
            detail="дежурный отказ модели",
        )
        tx.session.add(run)
        await visitors.block_address(tx, BlockedAddress(place="203.0.113.9", blocked_by="Анна"))
    db.use(None)
    await database.close()


@pytest.fixture(scope="package")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A started web process with that history; the tests of the administrators' pages share it."""
    settings = {"VINK_ADMIN_LOGIN": LOGIN["login"], "VINK_ADMIN_PASSWORD": LOGIN["password"]}
    made = Server(tmp_path_factory.mktemp("shop"), settings)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _history(made.settings["VINK_DATABASE_URL"])).result()
    made.start_now()
    yield made
    end([made])


@pytest.fixture(scope="package")
def session(shop: Server) -> str:
    """The administrator's session cookie."""
    with httpx.Client(base_url=shop.url, trust_env=False) as client:
        answer = client.post("/auth/sign-in", data=LOGIN)
        return answer.cookies["vink_session"]


@pytest.fixture
async def opens(shop: Server, session: str, browser: Browser) -> AsyncIterator[Opens]:
    """`await opens("/admin/look")`: a page of the administrator's, drawn; trouble in it fails the test."""
    watches: list[browsers.Watch] = []

    async def opened(path: str, **options: object) -> Page:
        page = await browsers.new_page(browser, **options)
        watches.append(browsers.Watch(page))
        await page.context.add_cookies([{"name": "vink_session", "value": session, "url": shop.url}])
        await page.goto(shop.url + path)
        await page.wait_for_selector("main h1")
        return page

    yield opened
    for watch in watches:
        watch.check()
