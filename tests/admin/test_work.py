"""Administrators see the assistant at work as it goes: what it answers, what failed, and once more."""

from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests import browser as browsers
from tests.admin.conftest import LOGIN
from tests.emulators.yandexgpt import API_KEY, FOLDER, Emulator, Fault, running
from tests.program import Server
from tests.wire import CHAT, Wire
from vink_chat.conversations import new_secret

pytestmark = pytest.mark.browser

QUESTION = "Чем отличается литая плёнка от каландрированной?"


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with running() as emulator:
        yield emulator


@pytest.fixture
async def model_shop(make_server: Callable[..., Server], emulator: Emulator) -> Server:
    """A shop whose model does what the test says."""
    yandex = {"API_KEY": API_KEY, "FOLDER_ID": FOLDER, "BASE_URL": emulator.url}
    admin = {"VINK_ADMIN_LOGIN": LOGIN["login"], "VINK_ADMIN_PASSWORD": LOGIN["password"]}
    server = make_server({f"VINK_YANDEX_{name}": value for name, value in yandex.items()} | admin)
    await server.start()
    return server


async def _work(browser: Browser, shop: Server) -> Page:
    page = await browsers.new_page(browser)
    async with httpx.AsyncClient(base_url=shop.url, trust_env=False, timeout=30) as client:
        cookie = (await client.post("/auth/sign-in", data=LOGIN)).cookies["vink_session"]
    await page.context.add_cookies([{"name": "vink_session", "value": cookie, "url": shop.url}])
    await page.goto(f"{shop.url}/admin/work")
    await page.wait_for_selector("main h1")
    return page


async def test_a_failed_answer_tells_its_reason_and_is_tried_once_more(
    browser: Browser, model_shop: Server, emulator: Emulator
):
    async with Wire(model_shop.url, stored={f"{CHAT}.secret_rx_state_": new_secret()}) as visitor:

        async def asks(text: str) -> None:
            await visitor.call(f"{CHAT}.send", {"text": text, "client_id": uuid4().hex})

        page = await _work(browser, model_shop)
        failed, at_work = page.locator("[data-work=failed] li"), page.locator("[data-work=running] li")
        retry = failed.get_by_role("button", name="Повторить")

        # The page is open already: it is told.
        emulator.fail(Fault.REFUSAL, 4)
        await asks(QUESTION)
        await expect(failed.filter(has_text=QUESTION)).to_contain_text("Ответ не прошёл проверку")
        # The first time the visitor is asked what they mean; the second time a person is called.
        await expect(retry).to_have_count(0)
        await asks(QUESTION)
        await expect(retry).to_have_count(1)

        # A model that says nothing: the question stays at work for as long as it takes.
        emulator.faults.clear()
        emulator.fail(Fault.SILENCE_EARLY, 4)
        await retry.click()
        await expect(page.get_by_role("status").filter(has_text="Ассистент ответит ещё раз")).to_be_visible()
        await expect(at_work.filter(has_text=QUESTION)).to_be_visible(timeout=15_000)
        await expect(retry).to_have_count(0)

        # The visitor asks on, and this is answered: nothing is at work any more.
        emulator.faults.clear()
        await asks("Как оплатить заказ картой?")
        await visitor.until(lambda: '"who": "assistant"' in visitor.text, "the answer")
        await expect(at_work).to_have_count(0)
        await expect(retry).to_have_count(0)


async def test_of_a_conversations_failures_the_newest_can_be_tried_again(
    browser: Browser, model_shop: Server, emulator: Emulator
):
    page = await _work(browser, model_shop)
    failed = page.locator("[data-work=failed] li")
    retry = failed.get_by_role("button", name="Повторить")
    emulator.fail(Fault.REFUSAL, 20)
    async with Wire(model_shop.url, stored={f"{CHAT}.secret_rx_state_": new_secret()}) as visitor:

        async def asks_in_vain(failures: int) -> None:
            await visitor.call(f"{CHAT}.send", {"text": QUESTION, "client_id": uuid4().hex})
            await expect(failed).to_have_count(failures, timeout=15_000)

        await asks_in_vain(1)
        await asks_in_vain(2)
        await retry.click()
        await expect(failed).to_have_count(3, timeout=15_000)
        await asks_in_vain(4)

        await expect(retry).to_have_count(1)
        await expect(failed.first.get_by_role("button", name="Повторить")).to_be_visible()
