"""How much a page weighs on its first load, as a browser sees it: `python bench/weight.py http://127.0.0.1:3000/embed`.

Beside it stands the loader of the same server: all that another site pays before its visitor asks for the chat.

Counts the bodies of every answer as they travelled, still compressed, by Chromium's own account (CDP Network domain),
with an empty cache: once as a browser asks over https, where it takes Brotli, and once with gzip alone.
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from playwright.async_api import Browser

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import browser as browsers


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


async def main() -> None:
    """Print the parts and their sum."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:3000/embed"
    async with browsers.launched() as browser:
        for encoding in ("br", "gzip"):
            parts = await weigh(browser, url, encoding=encoding)
            print(f"Accept-Encoding: {encoding}")
            for part in parts:
                print(f"{part.bytes:>9,}  {part.kind:<12} {urlsplit(part.url).path}")
            print(f"{sum(part.bytes for part in parts):>9,}  bytes in {len(parts)} answers")
    parts_of_url = urlsplit(url)
    alone = await loader(f"{parts_of_url.scheme}://{parts_of_url.netloc}")
    print(f"{alone.bytes:>9,}  bytes of the loader, before anybody asked for the chat")


if __name__ == "__main__":
    asyncio.run(main())
