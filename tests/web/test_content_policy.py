"""No page runs a script that it was not built with, and none asks strangers for anything but the shop's logo."""

from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests import browser as browsers
from tests.houses import prefer
from tests.program import Server, end
from vink_chat import config, preferences
from vink_chat.kit import db
from vink_chat.web import headers

LOGIN = {"login": "boss", "password": "boss-secret-1"}
STAFF = ("/desk", "/account", "/admin", *(f"/admin/{name}" for name in (
    "operators", "assistant", "knowledge", "handover", "questions", "look", "canned", "blocked", "telegram", "work"
)))  # fmt: skip
OPEN = ("/", "/embed", "/demo", "/sign-in", "/welcome?token=none", "/swagger", "/no-such-page")
_NOTICE = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
    window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
"""
_INJECT = """
() => {
    const script = document.createElement("script");
    script.textContent = "window.smuggled = true";
    document.head.append(script);
    document.body.insertAdjacentHTML("beforeend", '<img src="/favicon.svg" onload="window.smuggled = true">');
    return new Promise((done) => setTimeout(() => done(window.smuggled === true), 300));
}
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A running shop with an administrator."""
    settings = {"VINK_ADMIN_LOGIN": LOGIN["login"], "VINK_ADMIN_PASSWORD": LOGIN["password"]}
    made = Server(tmp_path_factory.mktemp("policy"), settings)
    made.start_now()
    yield made
    end([made])


async def _page(browser: Browser, shop: Server, path: str) -> tuple[Page, browsers.Watch]:
    page = await browsers.new_page(browser)
    watch = browsers.Watch(page)
    await page.add_init_script(_NOTICE)
    if path in STAFF:
        async with httpx.AsyncClient(base_url=shop.url, trust_env=False, timeout=30) as client:
            cookie = (await client.post("/auth/sign-in", data=LOGIN)).cookies["vink_session"]
        await page.context.add_cookies([{"name": "vink_session", "value": cookie, "url": shop.url}])
    await page.goto(shop.url + path)
    return page, watch


async def _drawn(page: Page, path: str) -> None:
    """Wait until what React draws after its scripts ran is there."""
    if path in STAFF and path != "/desk":
        await page.wait_for_selector("main h1")
    elif path == "/desk":
        await expect(page.get_by_role("list", name="Очередь")).to_be_attached()
    elif path in {"/", "/embed"}:
        await page.wait_for_selector("[data-status]")
    elif path == "/swagger":
        await page.wait_for_selector(".opblock")
    elif path == "/demo":
        await page.frame_locator("vink-chat iframe").locator("[data-status]").wait_for(state="attached")
    else:
        await page.wait_for_selector("h1, form")
    await page.wait_for_load_state("networkidle")


@pytest.mark.browser
@pytest.mark.parametrize("path", [*OPEN, *STAFF])
async def test_a_page_runs_its_own_scripts_and_no_other(browser: Browser, shop: Server, path: str):
    page, watch = await _page(browser, shop, path)
    watch.allowed.append("404" if path == "/no-such-page" else "nothing else")
    if path == "/demo":
        await page.locator("vink-chat").wait_for(state="attached")
        await page.evaluate("VinkChat.open()")
    await _drawn(page, path)

    assert await page.evaluate("window.violations") == []
    watch.check()

    assert await page.evaluate(_INJECT) is False
    # The script, and the attribute of the picture.
    assert len(await page.evaluate("window.violations")) == 2


@pytest.mark.browser
async def test_a_picture_of_a_stranger_is_not_fetched(browser: Browser, shop: Server):
    page, _ = await _page(browser, shop, "/")
    await _drawn(page, "/")

    blocked = await page.evaluate(
        """() => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (event) => done(event.blockedURI));
            const picture = new Image();
            picture.src = "https://stranger.example/pixel.png?secret=1";
        })"""
    )

    assert blocked.startswith("https://stranger.example/")


async def test_a_saved_logo_may_be_drawn_at_once_and_the_former_one_no_more(database: db.Database):
    def pictures(path: str = "/") -> str:
        return next(part for part in headers.content_policy(path).decode().split("; ") if part.startswith("img-src"))

    assert pictures() == "img-src 'self' data:"
    await prefer(preferences.Look(), logo_url="https://cdn.shop.example/logo.png")
    assert pictures() == "img-src 'self' data: https://cdn.shop.example"
    await prefer(preferences.Look(), logo_url="/logo.svg")
    assert pictures() == "img-src 'self' data:"
    assert pictures("/admin/look/") == "img-src 'self' data: https:"


def test_the_websocket_of_the_public_address_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VINK_PUBLIC_URL", "https://chat.shop.example")
    config.current.cache_clear()

    try:
        written = headers.content_policy("/").decode()
    finally:
        config.current.cache_clear()

    assert "connect-src 'self' wss://chat.shop.example;" in written


def test_no_policy_lets_inline_scripts_run():
    for path in ("/", "/embed", "/admin/look", "/assets/x.js", "/../../etc/passwd"):
        scripts = next(
            part for part in headers.content_policy(path).decode().split("; ") if part.startswith("script-src")
        )

        assert "unsafe" not in scripts
        assert "*" not in scripts
