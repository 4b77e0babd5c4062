"""Names in the texts of a site do not stand in for what the loader asks the browser, though sanitisers pass them."""

import json

import pytest
from playwright.async_api import Browser

from tests.program import Server
from tests.widget.shopper import Shopper
from tests.widget.site import Site

pytestmark = pytest.mark.browser

REVIEWS = {
    "an image that plays the script": '<img name="currentScript" src="{evil}/widget.js">',
    "a form that plays the script": '<form name="currentScript"></form>',
    "two forms that play the script": '<form name="currentScript"></form><form name="currentScript"></form>',
    "a frame that plays our options": '<iframe name="VinkChat" srcdoc="<p>Отзыв"></iframe>',
    "a form that plays our options": '<form id="VinkChat"><input name="open"><input name="toggle"></form>',
    "forms that play the document's own": "".join(
        f'<form name="{name}"></form>'
        for name in (
            "querySelector",
            "createElement",
            "body",
            "activeElement",
            "documentElement",
            "referrer",
            "scripts",
        )
    ),
}


@pytest.mark.parametrize("review", REVIEWS)
async def test_a_review_with_a_name_of_the_browsers_leaves_the_chat_to_us(
    browser: Browser, chat: Server, site: Site, review: str
):
    with Site(chat.url) as evil:
        evil.page("/widget.js")
        body = REVIEWS[review].format(evil=evil.url) + site.line('data-user="anna" data-signature="0" data-name="Анна"')
        one = await Shopper.at(browser, site.page(body=body), chat_url=chat.url)
        one.watch.allowed += [evil.url, "ERR_BLOCKED", "VinkChat", "signature"]

        await one.loaded()
        await one.open()

        assert (await one.iframe.get_attribute("src") or "").startswith(f"{chat.url}/embed/")
        assert not [frame for frame in one.page.frames if frame.url.startswith(evil.url)]


async def test_options_of_a_script_are_still_taken(browser: Browser, chat: Server, site: Site):
    options = json.dumps({"position": "left", "title": "Спросите нас"})
    one = await Shopper.at(browser, site.page(head=f"<script>window.VinkChat = {options}</script>"), chat_url=chat.url)
    await one.loaded()

    assert await one.page.evaluate("typeof VinkChat.open") == "function"
    assert (await one.launcher.bounding_box() or {"x": 999})["x"] < 100
