"""What arrives while all connections are cut repeatedly: ``python -m bench.drops --tabs 50 --seconds 180``.

Between real browser tabs and the program stands a proxy that cuts all lines for two seconds after every six. Two tabs
of each visitor write in turn; at the end both must show all that was written in either, each once and in the same
order. Meanwhile a new page is loaded into every third cut: how long after the line is back is it usable?
"""

import argparse
import asyncio
import contextlib
import json
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Error, Page

from bench.environment import Options, stage
from tests.browser import launched
from tests.servers import free_port

_WHOLE, _CUT = 6.0, 2.0
_PAUSE = 4.0
_SETTLED = 60.0
_USABLE = 10_000
_SHOWN = "nodes => nodes.map(node => node.querySelector('.words').innerText)"


class Proxy:
    """A TCP proxy that can cut all its connections.

    Attributes:
        is_cut: Whether nothing passes at the moment.
        cuts: How many there were.
    """

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._lines: set[asyncio.StreamWriter] = set()
        self.is_cut = False
        self.port = free_port()
        self.cuts = 0

    async def serve(self) -> None:
        """Forward connections until cancelled."""
        server = await asyncio.start_server(self._line, "127.0.0.1", self.port)
        async with server:
            await server.serve_forever()

    async def cut(self, seconds: float) -> None:
        """Close all connections, and accept no new one for a while."""
        self.is_cut = True
        self.cuts += 1
        for writer in list(self._lines):
            writer.transport.abort()
        await asyncio.sleep(seconds)
        self.is_cut = False

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        with contextlib.suppress(OSError):
            onward, back = await asyncio.open_connection(self._host, self._port)
            self._lines |= {writer, back}
            try:
                await asyncio.gather(_pass(reader, back), _pass(onward, writer))
            finally:
                self._lines -= {writer, back}
                writer.transport.abort()
                back.transport.abort()


async def _pass(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        sink.write(data)
        await sink.drain()
    sink.close()


@dataclass
class Talk:
    """One visitor with two tabs, and what was written in them."""

    context: BrowserContext
    tabs: list[Page] = field(default_factory=list[Page])
    written: list[str] = field(default_factory=list[str])

    async def write(self, number: int, until: float) -> None:
        """Write in the tabs in turn, whether connected or not."""
        count = 0
        while time.monotonic() < until:
            count += 1
            text = f"{number}-{count}"
            box = self.tabs[count % 2].get_by_role("textbox", name="Сообщение")
            await box.fill(text)
            await box.press("Enter")
            self.written.append(text)
            await asyncio.sleep(_PAUSE)

    async def shown(self) -> list[list[str]]:
        """Return what each tab shows of the conversation."""
        return [await tab.locator("[data-message][data-who=visitor]").evaluate_all(_SHOWN) for tab in self.tabs]


async def _open(browser: Browser, url: str) -> Talk:
    talk = Talk(await browser.new_context(locale="ru-RU"))
    for _ in range(2):
        page = await talk.context.new_page()
        await page.goto(url)
        await page.locator("[data-chat=true]").wait_for(state="attached", timeout=60_000)
        talk.tabs.append(page)
    return talk


async def _load_into_cut(browser: Browser, proxy: Proxy, url: str) -> float | None:
    """Cut the connections as soon as the page's HTML has arrived, while its scripts are loading.

    Returns:
        After how many seconds from the end of the cut it was usable; None when it was not.
    """
    context = await browser.new_context(locale="ru-RU")
    page = await context.new_page()
    try:
        await page.goto(url, wait_until="commit")
        await proxy.cut(_CUT)
        began = time.monotonic()
        await page.locator("[data-chat=true]").wait_for(state="attached", timeout=_USABLE)
        return time.monotonic() - began
    except Error:
        return None
    finally:
        await context.close()


async def _run(given: argparse.Namespace, url: str) -> None:
    proxy = Proxy(url)
    serving = asyncio.create_task(proxy.serve())
    address = f"http://localhost:{proxy.port}/"
    async with launched() as browser:
        talks = [await _open(browser, address) for _ in range(given.tabs // 2)]
        until = time.monotonic() + given.seconds
        writers = [asyncio.create_task(talk.write(number, until)) for number, talk in enumerate(talks)]
        loads: list[float | None] = []
        while time.monotonic() < until:
            await asyncio.sleep(_WHOLE)
            if proxy.cuts % 3 == 0:
                loads.append(await _load_into_cut(browser, proxy, address))
            else:
                await proxy.cut(_CUT)
        await asyncio.gather(*writers)
        began = time.monotonic()
        await _until_settled(talks)
        print(json.dumps(await _figures(talks, loads) | {"settled_s": round(time.monotonic() - began, 1)}))
    serving.cancel()


async def _until_settled(talks: list[Talk]) -> None:
    """Wait until every tab shows everything, up to a limit."""
    deadline = time.monotonic() + _SETTLED
    for talk in talks:
        while time.monotonic() < deadline:
            if all(sorted(shown) == sorted(talk.written) for shown in await talk.shown()):
                break
            await asyncio.sleep(0.5)


async def _figures(talks: list[Talk], loads: list[float | None]) -> dict[str, object]:
    lost = doubled = disordered = 0
    for talk in talks:
        shown = await talk.shown()
        counts = [Counter(texts) for texts in shown]
        lost += sum(text not in count for count in counts for text in talk.written)
        doubled += sum(times - 1 for count in counts for times in count.values())
        disordered += shown[0] != shown[1]
    usable = [load for load in loads if load is not None]
    return {
        "tabs": 2 * len(talks),
        "messages": sum(len(talk.written) for talk in talks),
        "lost": lost,
        "doubled": doubled,
        "visitors_whose_tabs_differ": disordered,
        "loads_into_a_cut": len(loads),
        "never_usable": len(loads) - len(usable),
        "usable_after_s": round(max(usable, default=0), 1),
    }


def main() -> None:
    """Start the program, cut its connections and report what arrived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tabs", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=180)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vink-bench-") as folder, stage(Path(folder), Options()) as running:
        asyncio.run(_run(given, running.urls[0]))


if __name__ == "__main__":
    main()
