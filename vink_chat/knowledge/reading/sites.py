"""Reading one web page, or every page that a sitemap lists."""

import asyncio
import re
from collections.abc import Callable
from typing import Final

import httpx
from pydantic import TypeAdapter

from vink_chat.kit.errors import VinkError
from vink_chat.knowledge.reading import drafts, errors
from vink_chat.knowledge.reading.fetching import Fetched, Fetcher, Limits, open_fetcher
from vink_chat.knowledge.reading.model import ArticleDraft, Origin, Reading, Skipped
from vink_chat.knowledge.reading.network import Internet, Network, own_address, web_address
from vink_chat.knowledge.reading.pages import MAX_LISTED, Sitemap
from vink_chat.knowledge.reading.process import ReadingProcess

_READING: Final = TypeAdapter(Reading)
_SITEMAP: Final = TypeAdapter(Sitemap)
_SITEMAP_START: Final = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b")
_START_BYTES: Final = 10_000
_MAX_SITEMAPS: Final = 20
# Listed one by one; the others are counted.
_MAX_SKIPPED: Final = 200
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


class _Found:
    """What the pages of a site gave so far, within the limits of one reading."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._drafts: list[ArticleDraft] = []
        self._characters = 0
        self._skipped: list[Skipped] = []
        self._more = 0
        self._sums: list[tuple[str, VinkError]] = []

    def add(self, page: Reading) -> None:
        """Take what a page gave.

        Raises:
            ReadingFull: There is no room for it.
        """
        characters = self._characters + sum(map(drafts.characters, page.drafts))
        if len(self._drafts) + len(page.drafts) > self._limits.drafts or characters > self._limits.characters:
            raise errors.ReadingFull
        self._characters = characters
        self._drafts += page.drafts
        self.skip(*page.skipped)

    def skip(self, *parts: Skipped) -> None:
        """Tell of parts that are not read, one by one while there is room."""
        room = _MAX_SKIPPED - len(self._skipped)
        self._skipped += parts[:room]
        self._more += len(parts[room:])

    def sum_up(self, url: str, refusal: VinkError) -> None:
        """Tell of many addresses that are not read in one sentence."""
        self._sums.append((url, refusal))

    def reading(self, url: str) -> Reading:
        """Return everything; the sums stand last."""
        more = [(url, errors.MoreSkipped(left=self._more))] if self._more else []
        sums = (Skipped(Origin(url=of), refusal) for of, refusal in [*more, *self._sums])
        return Reading(tuple(self._drafts), (*self._skipped, *sums))


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
        self._found = _Found(limits)

    async def read(self, url: httpx.URL) -> Reading:
        first = await self._fetch(url)
        if not _SITEMAP_START.search(first.content[:_START_BYTES]):
            return await self._page(first)
        addresses = await self._listed(first)
        await self._pages(addresses, first.url)
        reading = self._found.reading(str(url))
        if not addresses and not reading.skipped:
            raise errors.NothingToRead
        return reading

    async def _pages(self, addresses: list[str], sitemap: httpx.URL) -> None:
        for done, address in enumerate(addresses):
            left = len(addresses) - done
            try:
                # The pause the site asks for.
                if done and self._fetcher.delay:
                    await asyncio.sleep(min(self._fetcher.delay, self._left()))
                fetched = await self._fetch(own_address(address, sitemap.host))
                self._found.add(await self._page(fetched))
            except errors.OutOfTime:
                return self._found.sum_up(str(sitemap), errors.OutOfTime(left=left))
            except errors.ReadingFull:
                room, millions = self._limits.drafts, self._limits.characters // 1_000_000 or 1
                full = errors.ReadingFull(drafts=room, millions=millions, left=left)
                return self._found.sum_up(str(sitemap), full)
            except VinkError as refusal:
                self._found.skip(Skipped(Origin(url=address), refusal))
            if self._progress:
                self._progress(done + 1, len(addresses))
        return None

    async def _listed(self, first: Fetched) -> list[str]:
        """Return the first pages that a sitemap and those it names list, each once and of the sitemap's own site."""
        pages: dict[str, None] = {}
        sitemaps, host = [str(first.url)], first.url.host
        left = 0
        for number, url in enumerate(sitemaps):
            try:
                fetched = await self._fetch(own_address(url, host)) if number else first
                listed = await self._process.ask("sitemap", fetched.content, _SITEMAP, host=host)
            except VinkError as refusal:
                if not number:
                    raise
                self._found.skip(Skipped(Origin(url=url), refusal))
                continue
            self._found.skip(*listed.skipped)
            if listed.left:
                self._found.sum_up(url, errors.TooManyListed(limit=MAX_LISTED, left=listed.left))
            left += self._take(listed.pages, pages)
            self._queue(listed.sitemaps, sitemaps)
        if left:
            self._found.sum_up(sitemaps[0], errors.TooManyAddresses(limit=self._limits.pages, left=left))
        return list(pages)

    def _take(self, listed: tuple[str, ...], pages: dict[str, None]) -> int:
        """Take new pages while there is room; return how many did not find any."""
        new = [address for address in listed if address not in pages]
        room = self._limits.pages - len(pages)
        pages |= dict.fromkeys(new[:room])
        return len(new[room:])

    def _queue(self, listed: tuple[str, ...], sitemaps: list[str]) -> None:
        for address in listed:
            if address in sitemaps:
                continue
            if len(sitemaps) < _MAX_SITEMAPS:
                sitemaps.append(address)
            else:
                refusal = errors.TooManySitemaps(limit=_MAX_SITEMAPS)
                self._found.skip(Skipped(Origin(url=address), refusal))

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
