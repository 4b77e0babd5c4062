"""A page that calls a person too often, or opens too many conversations, is told so and loses no word."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.visitor import visitor
from tests.journeys.wire import Intruder
from tests.program import Server, end
from vink_chat import preferences
from vink_chat.kit.db import Database

CALLS = "С вашего адреса слишком часто зовут специалиста. Подождите "
CONVERSATIONS = "С вашего адреса начато слишком много разговоров. Подождите "


async def _started(folder: Path, **limits: int) -> AsyncIterator[Server]:
    server = Server(folder)
    database = Database(server.settings["VINK_DATABASE_URL"])
    async with database.transaction() as tx:
        await preferences.save(tx, preferences.validated(preferences.Limits, **limits))
    await database.close()
    await server.start()
    yield server
    end([server])


@pytest.fixture
async def few_calls(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that lets an address call a person once an hour."""
    async for server in _started(tmp_path, calls_per_hour=1):
        yield server


@pytest.fixture
async def few_conversations(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that lets an address open one conversation an hour."""
    async for server in _started(tmp_path, conversations_per_hour=1):
        yield server


async def test_the_button_calls_no_more_people_than_an_address_may(few_calls: Server):
    one, other = await Intruder.at(few_calls.url), await Intruder.at(few_calls.url)

    await one.call_operator()
    await one.until(lambda: one.panel["status"] == "waiting", "the first waits")
    await one.call_operator()
    await other.call_operator()
    await other.until(lambda: other.panel["refusal"]["text"].startswith(CALLS), "a sentence")

    assert other.panel["status"] == "assisted"
    assert other.messages() == []
    assert one.panel["refusal"]["text"] == ""
    for each in (one, other):
        await each.close()


async def test_what_opens_one_conversation_too_many_stays_to_be_sent_again(few_conversations: Server, browser: Browser):
    one = await visitor(browser, few_conversations.url)
    await one.ask("Сколько стоит доставка?")
    other = await visitor(browser, few_conversations.url)

    await other.write("Сколько стоит баннер?")

    await expect(other.pending).to_contain_text("Сколько стоит баннер?")
    await expect(other.pending).to_contain_text(CONVERSATIONS)
    await expect(other.pending.get_by_role("button", name="повторить")).to_be_visible()
    await other.call.click()
    await expect(other.page.locator("[data-status]")).to_have_attribute("data-status", "waiting")
    await one.ask("Здравствуйте")
