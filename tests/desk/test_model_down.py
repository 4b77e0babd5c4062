"""A model that does not answer: a person is called, and the desk says why."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.async_api import Browser, expect

from tests.desk.shop import Shop, desk
from tests.emulators.yandexgpt import API_KEY, FOLDER
from tests.journeys.visitor import visitor
from tests.program import Server, end

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, model: str) -> Iterator[Shop]:
    """A shop of its own: a model that failed is not asked for a while, by nobody."""
    yandex = {"VINK_YANDEX_API_KEY": API_KEY, "VINK_YANDEX_FOLDER_ID": FOLDER, "VINK_YANDEX_BASE_URL": model}
    made = Shop(Server(tmp_path_factory.mktemp("model_down"), yandex))
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, made.hire()).result()
    made.server.start_now()
    yield made
    end([made.server])


async def test_a_person_is_called_while_the_model_is_down_and_the_desk_says_so(browser: Browser, staffed: Shop):
    anna = await desk(browser, staffed, "anna")
    one = await visitor(browser, staffed.url)
    words = "Сколько стоит доставка? #unavailable"

    await one.write(words)
    # The first time the assistant asks what is meant.
    await expect(one.log.locator('[data-who="assistant"]')).to_have_count(1, timeout=40_000)
    await one.write(words)

    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "waiting", timeout=40_000)
    row = anna.queue.get_by_role("button").filter(has_text="модель недоступна")
    await row.click()
    await expect(anna.card).to_contain_text("модель недоступна")
    await expect(anna.log.get_by_text(words).first).to_be_visible()
    await expect(one.log.locator('[data-who="assistant"]')).to_have_count(1)
    for each in (anna, one):
        each.watch.check()
