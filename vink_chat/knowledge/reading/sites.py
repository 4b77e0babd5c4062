"""Reading one web page, or every page that a sitemap lists."""

import asyncio
import re
from collections.abc import Callable
from typing import Final

import httpx
from pydantic import TypeAdapter

from vink_chat.kit.errors import VinkError
from vink_chat.knowledge.reading import errors
from vink_chat.knowledge.reading.fetching import Fetched, Fetcher, Limits, open_fetcher, web_address
from vink_chat.knowledge.reading.model import Origin, Reading, Skipped
from vink_chat.knowledge.reading.network import Internet, Network
from vink_chat.knowledge.reading.pages import Sitemap
from vink_chat.knowledge.reading.process import ReadingProcess

_READING: Final = TypeAdapter(Reading)
_SITEMAP: Final = TypeAdapter(Sitemap)
_SITEMAP_START: Final = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b")
_START_BYTES: Final = 10_000
_MAX_SITEMAPS: Final = 20
# Of the processor, for one page: with 200 of them it adds up.
_CPU_SECONDS: Final = 10

Progress = Callable[[int, int], None]
"""Is told how many pages are read, and how many there are."""


async def read_address(
    address: str, *, network: Network | None = None, limits: Limits | None = None, progress: Progress | None = None
) -> Reading:
    """Return the drafts of a page, or of all pages a sitemap lists.

    A page of a sitemap that cannot be read is skipped; one page asked for by itself is refused.

    Args:
        address: As a person writes it; without a scheme, https is meant.
        network: How to reach sites; the internet unless given.
        limits: How much to read.
        progress: Called after each page of a sitemap.

    Raises:
        VinkError: The address cannot be read; the sentence says why.
    """
    limits = limits or Limits()
    text = address.strip()
    url = web_address(text if "://" in text else f"https://{text}")
    async with (
        ReadingProcess(cpu_seconds=_CPU_SECONDS) as process,
        open_fetcher(network or Internet(), process, limits) as fetcher,
    ):
        return await _Visit(fetcher, process, limits, progress).read(url)


class _Visit:
    """One reading of a site, until its time is over."""

    def __init__(
        self, fetcher: Fetcher, process: ReadingProcess, limits: Limits, progress: Progress | None = None
    ) -> None:
        self._fetcher = fetcher
        self._process = process
        self._limits = limits
        self._progress = progress
        self._end = asyncio.get_running_loop().time() + limits.all_seconds

    async def read(self, url: httpx.URL) -> Reading:
        first = await self._fetch(url)
        if not _SITEMAP_START.search(first.content[:_START_BYTES]):
            return await self._page(first)
        addresses, skipped = await self._listed(first)
        reading = Reading(skipped=tuple(skipped))
        if not addresses and not skipped:
            raise errors.NothingToRead
        wanted = addresses[: self._limits.pages]
        if left := len(addresses) - len(wanted):
            refusal = errors.TooManyAddresses(limit=self._limits.pages, left=left)
            reading += Reading(skipped=(Skipped(Origin(url=str(url)), refusal),))
        return await self._pages(wanted, str(url), reading)

    async def _pages(self, addresses: list[httpx.URL], sitemap: str, reading: Reading) -> Reading:
        for done, address in enumerate(addresses):
            try:
                # The pause the site asks for.
                if done and self._fetcher.delay:
                    await asyncio.sleep(min(self._fetcher.delay, self._left()))
                reading += await self._page(await self._fetch(address))
            except errors.OutOfTime:
                refusal = errors.OutOfTime(left=len(addresses) - done)
                return reading + Reading(skipped=(Skipped(Origin(url=sitemap), refusal),))
            except VinkError as refusal:
                reading += Reading(skipped=(Skipped(Origin(url=str(address)), refusal),))
            if self._progress:
                self._progress(done + 1, len(addresses))
        return reading

    async def _listed(self, first: Fetched) -> tuple[list[httpx.URL], list[Skipped]]:
        """Return the pages that a sitemap and those it names list, each once and of the sitemap's own site."""
        pages: dict[httpx.URL, None] = {}
        skipped: list[Skipped] = []
        waiting, seen = [first], {first.url}
        while waiting:
            listed = await self._process.ask("sitemap", waiting.pop(0).content, _SITEMAP)
            pages |= dict.fromkeys(self._own(listed.pages, first.url, skipped))
            for address in self._own(listed.sitemaps, first.url, skipped):
                if address in seen or len(seen) >= _MAX_SITEMAPS:
                    continue
                seen.add(address)
                try:
                    waiting.append(await self._fetch(address))
                except VinkError as refusal:
                    skipped.append(Skipped(Origin(url=str(address)), refusal))
        return list(pages), skipped

    def _own(self, addresses: tuple[str, ...], site: httpx.URL, skipped: list[Skipped]) -> list[httpx.URL]:
        own: list[httpx.URL] = []
        for address in addresses:
            try:
                url = web_address(address)
                if url.host != site.host:
                    raise errors.OtherSite
                own.append(url)
            except VinkError as refusal:
                skipped.append(Skipped(Origin(url=address[:500]), refusal))
        return own

    async def _page(self, page: Fetched) -> Reading:
        url = str(page.url)
        return await self._process.ask("page", page.content, _READING, url=url, charset=page.charset)

    async def _fetch(self, url: httpx.URL) -> Fetched:
        return await self._fetcher.fetch(url, seconds=min(self._limits.page_seconds, self._left()))

    def _left(self) -> float:
        left = self._end - asyncio.get_running_loop().time()
        if left <= 0:
            raise errors.OutOfTime(left=1)
        return left
