"""A page that was loaded while the line was cut becomes usable by itself."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, Route, expect
from playwright.async_api import TimeoutError as PlaywrightTimeout

from tests.browser import Watch, new_page
from tests.program import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("part", ["entry.client", "_index-", "manifest", "state-"])
async def test_a_page_whose_script_did_not_come_tries_again_by_itself(
    browser: Browser, shared_server: Server, part: str
):
    page = await new_page(browser)
    watch = Watch(page)
    watch.allowed += ["Failed to load resource", "dynamically imported module", "Importing a module script failed"]
    lost: list[str] = []

    async def lose(route: Route) -> None:
        if lost:
            await route.continue_()
        else:
            lost.append(route.request.url)
            await route.abort("connectionreset")

    await page.route(f"**/assets/*{part}*.js", lose)
    await page.goto(shared_server.url)

    await expect(page.locator("[data-chat=true]")).to_be_attached(timeout=10_000)
    assert lost
    assert not await page.evaluate("history.state?.vink_tries")
    await page.get_by_role("textbox", name="Сообщение").fill("Можно оплатить заказ картой?")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-message][data-who=visitor]")).to_have_count(1)
    watch.check()


_WITHOUT_STORAGE = """for (const name of ["sessionStorage", "localStorage"])
Object.defineProperty(window, name, {configurable: true, get() { throw new DOMException("", "SecurityError") }})"""

# Pauses pass at once.
_AT_ONCE = "const wait = setTimeout; window.setTimeout = (act, _, ...rest) => wait(act, 0, ...rest)"


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("storage", [True, False], ids=["storage", "no storage"])
async def test_a_page_whose_script_never_comes_is_left_after_a_few_loads(
    browser: Browser, shared_server: Server, storage: bool
):
    page = await new_page(browser)
    if not storage:
        await page.add_init_script(_WITHOUT_STORAGE)
    await page.add_init_script(_AT_ONCE)
    loads: list[object] = []
    came = asyncio.Event()

    def loaded(document: object) -> None:
        loads.append(document)
        came.set()

    async def lose(route: Route) -> None:
        await route.abort("connectionreset")

    page.on("domcontentloaded", loaded)
    await page.route("**/assets/entry.client-*.js", lose)
    await page.goto(shared_server.url, wait_until="commit")

    while len(loads) < 20 and await _happens(came, 5):
        came.clear()
    assert len(loads) == 6


_FAILED = """address => new Promise(done => { const script = document.createElement("script");
script.src = address; script.onerror = () => done(0); document.head.append(script) })"""


async def test_a_strangers_script_that_fails_loads_nothing_again(browser: Browser, shared_server: Server):
    page = await new_page(browser)
    started = asyncio.Event()

    async def hold(route: Route) -> None:
        await started.wait()
        await route.continue_()

    await page.route("**/assets/entry.client-*.js", hold)
    await page.goto(shared_server.url, wait_until="domcontentloaded")

    await _stays(page, shared_server.url, "https://stranger.example/x.js")
    started.set()


async def test_a_page_that_lives_is_not_loaded_again(browser: Browser, shared_server: Server):
    page = await new_page(browser)
    await page.goto(shared_server.url)
    await expect(page.locator("[data-chat=true]")).to_be_attached(timeout=10_000)

    await _stays(page, shared_server.url, f"{shared_server.url}/assets/gone.js")


async def _stays(page: Page, address: str, script: str) -> None:
    """A page in which a script fails does not ask for its own address again."""
    with pytest.raises(PlaywrightTimeout):
        async with page.expect_request(lambda request: request.url.rstrip("/") == address, timeout=3_000):
            await page.evaluate(_FAILED, script)
