"""What the first load of a page costs, as a browser sees it.

Counts the bodies of every answer as they travelled, still compressed, by Chromium's own account (CDP Network domain),
with an empty cache.
"""

from dataclasses import dataclass

import httpx
from playwright.async_api import Browser


@dataclass(frozen=True)
class Part:
    """One answer of the first load.

    Attributes:
        bytes: The length of its body on the wire, headers left out.
    """

    url: str
    kind: str
    bytes: int


async def weigh(browser: Browser, url: str, *, encoding: str = "gzip") -> list[Part]:
    """Load a page into an empty context until it is live, and return what came, heaviest first."""
    context = await browser.new_context(locale="ru-RU", extra_http_headers={"Accept-Encoding": encoding})
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    answers: dict[str, tuple[str, str, int]] = {}
    lengths: dict[str, int] = {}

    def responded(event: dict) -> None:
        response = event["response"]
        headers = sum(len(f"{name}: {value}\r\n".encode()) for name, value in response["headers"].items())
        answers[event["requestId"]] = (response["url"], event["type"], headers)

    def finished(event: dict) -> None:
        lengths[event["requestId"]] = int(event["encodedDataLength"])

    session.on("Network.responseReceived", responded)
    session.on("Network.loadingFinished", finished)
    await page.goto(url, wait_until="networkidle")
    await page.wait_for_selector('[data-chat="true"]')
    parts = [
        Part(address, kind, max(0, lengths[name] - headers))
        for name, (address, kind, headers) in answers.items()
        if name in lengths
    ]
    await context.close()
    return sorted(parts, key=lambda part: -part.bytes)


async def loader(url: str) -> Part:
    """Return what the loader of a server weighs, compressed."""
    address = f"{url.rstrip('/')}/widget.js"
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(address, headers={"accept-encoding": "gzip"})
    answer.raise_for_status()
    return Part(address, "Loader", int(answer.headers["content-length"]))
