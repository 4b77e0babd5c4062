"""An answer that is being written: read from its beginning, and read aloud once, when it is whole."""

from collections.abc import AsyncIterator, Callable

import pytest
from playwright.async_api import Browser, expect

from tests.emulators.yandexgpt import API_KEY, FOLDER, Emulator, running
from tests.journeys.visitor import Visitor, visitor
from tests.program import Server
from vink_chat import knowledge, preferences
from vink_chat.kit.db import Database

pytestmark = pytest.mark.browser

QUESTION = "Как клеить кракозябру на фюзеляж?"
LONG = "\n\n".join(f"Абзац {number}: " + "плёнка держится на ровном основании годами. " * 5 for number in range(1, 8))
PLACE = "row => row.getBoundingClientRect().top - row.closest('[data-log]').getBoundingClientRect().top"
TALL = """() => {
  const row = document.querySelector("[data-thinking]");
  return row && row.offsetHeight > row.closest("[data-log]").clientHeight;
}"""
LISTEN = """log => {
  window.readAloud = [];
  new MutationObserver((records) => {
    for (const node of records.flatMap((record) => [...record.addedNodes])) {
      const here = node.nodeType === 1 ? node : node.parentElement;
      const live = here?.isConnected && here.closest("[aria-live]");
      if (!live || live.getAttribute("aria-live") === "off") continue;
      const copy = here.cloneNode(true);
      copy.querySelectorAll("[aria-live=off]").forEach((silent) => silent.remove());
      window.readAloud.push(copy.textContent);
    }
  }).observe(log, { childList: true, subtree: true });
}"""


@pytest.fixture
async def slow_model() -> AsyncIterator[Emulator]:
    """A model that writes its answer in seven pieces, a second apart."""
    async with running() as emulator:
        emulator.pace = 1.0
        yield emulator


@pytest.fixture
async def asking(make_server: Callable[..., Server], slow_model: Emulator, browser: Browser) -> Visitor:
    """A visitor on a small screen who has asked for what has a long answer."""
    yandex = {"API_KEY": API_KEY, "FOLDER_ID": FOLDER, "BASE_URL": slow_model.url}
    server = make_server({f"VINK_YANDEX_{name}": value for name, value in yandex.items()})
    database = Database(server.settings["VINK_DATABASE_URL"])
    async with database.transaction() as tx:
        await knowledge.add(tx, question=QUESTION, answer=LONG)
        await preferences.save(tx, preferences.validated(preferences.Assistant, streaming=True))
    await database.close()
    await server.start()
    one = await visitor(browser, server.url, viewport={"width": 390, "height": 560})
    await one.log.evaluate(LISTEN)
    await one.write(QUESTION)
    return one


async def test_a_long_answer_is_shown_from_its_beginning_while_it_is_written(asking: Visitor):
    await asking.page.wait_for_function(TALL, timeout=20_000)

    draft = asking.page.locator("[data-thinking]")
    assert 0 <= await draft.evaluate(PLACE) < 40
    # More is to come, and dots under the text say so.
    await expect(draft.locator(".words + .dots")).to_be_visible()
    answer = asking.ours.filter(has_text="Абзац 7")
    await expect(answer).to_be_visible(timeout=20_000)
    await expect(draft).to_have_count(0)
    assert 0 <= await answer.evaluate(PLACE) < 40


async def test_what_is_being_written_is_read_aloud_once_when_it_is_whole(asking: Visitor):
    written = asking.page.locator("[data-thinking] [aria-live=off][aria-busy=true]")
    await expect(written).to_contain_text("Абзац 1", timeout=20_000)
    assert not [one for one in await asking.page.evaluate("readAloud") if "Абзац" in one]

    await expect(asking.ours.filter(has_text="Абзац 7")).to_be_visible(timeout=20_000)
    await expect(asking.page.locator("[data-thinking]")).to_have_count(0)

    read_aloud = [one for one in await asking.page.evaluate("readAloud") if "Абзац" in one]
    assert len(read_aloud) == 1
    assert "Абзац 7" in read_aloud[0]
