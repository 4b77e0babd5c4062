"""What a page pays for the chat before anybody asked for it, and after."""

import httpx
import pytest
from playwright.async_api import Browser

from tests import weight
from tests.program import Server
from tests.widget.shopper import Shopper
from tests.widget.site import Site

# 3,000 until the loader had to say itself that the chat is away: only it is there then.
LOADER = 3 * 1024


async def test_the_loader_weighs_no_more_than_three_kilobytes(chat: Server):
    part = await weight.loader(chat.url)

    assert 1000 < part.bytes <= LOADER


async def test_a_loader_that_did_not_change_is_not_sent_again(chat: Server):
    async with httpx.AsyncClient(base_url=chat.url, trust_env=False) as client:
        tag = (await client.get("/widget.js")).headers["etag"]
        again = await client.get("/widget.js", headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.browser
async def test_a_page_pays_for_the_loader_alone_until_the_press(browser: Browser, chat: Server, site: Site):
    requests: list[str] = []
    one = await Shopper.at(browser, site.page("/blank", body=""), chat_url=chat.url)
    one.page.on("request", lambda request: requests.append(request.url))

    await one.page.goto(site.page())
    await one.loaded()
    await one.page.wait_for_load_state("networkidle")

    assert requests == [f"{site.url}/", f"{chat.url}/widget.js"]

    await one.open()

    hosts = {url.split("/")[2] for url in requests if not url.startswith("data:")}
    assert hosts == {site.url.split("/")[2], chat.url.split("/")[2]}
    one.watch.check()
