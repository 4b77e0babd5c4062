"""One page over the network: every hop checked, robots.txt asked, size and time limited."""

import asyncio
import zlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx
from pydantic import TypeAdapter

from vink_chat.knowledge.reading import errors
from vink_chat.knowledge.reading.drafts import MAX_CHARACTERS, MAX_DRAFTS
from vink_chat.knowledge.reading.network import Network, PublicTransport, web_address
from vink_chat.knowledge.reading.pages import Permissions
from vink_chat.knowledge.reading.process import ReadingProcess

AGENT: Final = "vink-chat"
_MEDIA_TYPES: Final = ("html", "xml", "gzip")
_ENCODINGS: Final = {"", "identity", "gzip", "x-gzip", "deflate"}
_GZIP: Final = b"\x1f\x8b"
# 32 more than the window's size lets zlib tell gzip from deflate.
_ANY_WINDOW: Final = zlib.MAX_WBITS + 32
# RFC 9309, 2.5: at least 500 KiB of a robots.txt are read.
_ROBOTS_BYTES: Final = 512_000
_SLOWEST: Final = 10.0
_NOT_FOUND: Final = range(400, 500)
_PERMISSIONS: Final = TypeAdapter(Permissions)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a site is read.

    Attributes:
        page_bytes: Of one page, both as it comes and unpacked.
        page_seconds: For one page, its redirects and the robots.txt of its site included.
        all_seconds: For everything.
        drafts: Of all pages of a sitemap.
        characters: Of all these drafts.
    """

    page_bytes: int = 5_000_000
    page_seconds: float = 20.0
    all_seconds: float = 600.0
    pages: int = 200
    redirects: int = 5
    drafts: int = MAX_DRAFTS
    characters: int = MAX_CHARACTERS


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came, unpacked.

    Attributes:
        url: The address after all redirects.
        charset: As the server named it, or empty.
    """

    url: httpx.URL
    content: bytes
    charset: str = ""


class Fetcher:
    """Fetches the pages of one reading; use ``open_fetcher``.

    Attributes:
        delay: Seconds the last asked site wants between two pages.
    """

    def __init__(self, client: httpx.AsyncClient, process: ReadingProcess, limits: Limits) -> None:
        self.delay = 0.0
        self._client = client
        self._process = process
        self._limits = limits
        self._robots: dict[str, bytes] = {}

    async def fetch(self, url: httpx.URL, *, seconds: float) -> Fetched:
        """Return a page.

        Args:
            url: Checked by ``web_address``.
            seconds: How long it may take.

        Raises:
            VinkError: It is not read; the sentence says why.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(url, self._limits.page_bytes, asks_robots=True)
        except TimeoutError:
            raise errors.PageTooSlow(seconds=round(seconds)) from None

    async def _follow(self, url: httpx.URL, most: int, *, asks_robots: bool) -> Fetched:
        for _ in range(self._limits.redirects + 1):
            if asks_robots:
                await self._ask_robots(url)
            fetched = await self._hop(url, most, pages_only=asks_robots)
            if isinstance(fetched, Fetched):
                return fetched
            url = fetched
        raise errors.TooManyRedirects(limit=self._limits.redirects)

    async def _hop(self, url: httpx.URL, most: int, *, pages_only: bool) -> Fetched | httpx.URL:
        """Return what an address gives, or where it redirects to."""
        try:
            request = self._client.build_request("GET", url)
            response = await self._client.send(request, stream=True, follow_redirects=False)
            try:
                if response.is_redirect and "location" in response.headers:
                    return web_address(str(url.join(response.headers["location"])))
                if not response.is_success:
                    raise errors.PageRefused(status=response.status_code)
                media_type = response.headers.get("content-type", "").partition(";")[0].lower()
                if pages_only and media_type and not any(kind in media_type for kind in _MEDIA_TYPES):
                    raise errors.NotAPage
                return Fetched(url, await self._body(response, most), response.charset_encoding or "")
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
            raise errors.SiteUnreachable from None

    async def _body(self, response: httpx.Response, most: int) -> bytes:
        """Read a body, at no time more of it than the limit: a kilobyte of gzip may hold a gigabyte."""
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise errors.NotAPage
        body, received = bytearray(), 0
        unpack = zlib.decompressobj(_ANY_WINDOW) if encoding not in {"", "identity"} else None
        async for chunk in response.aiter_raw():
            received += len(chunk)
            try:
                if not unpack:
                    body += chunk
                # What follows its end counts, but nobody needs it.
                elif not unpack.eof:
                    body += unpack.decompress(chunk, most + 1 - len(body))
            except zlib.error:
                raise errors.SiteUnreachable from None
            if max(len(body), received) > most:
                raise errors.PageTooBig(megabytes=most // 1_000_000 or 1)
        return _gunzipped(bytes(body), most)

    async def _ask_robots(self, url: httpx.URL) -> None:
        site = url.copy_with(raw_path=b"/robots.txt")
        if str(site) not in self._robots:
            self._robots[str(site)] = await self._read_robots(site)
        rules = self._robots[str(site)]
        if not rules:
            self.delay = 0.0
            return
        told = await self._process.ask("robots", rules, _PERMISSIONS, agent=AGENT, addresses=[str(url)])
        self.delay = min(told.delay, _SLOWEST)
        if not all(told.allowed):
            raise errors.RobotsForbid

    async def _read_robots(self, site: httpx.URL) -> bytes:
        """Return a site's robots.txt; nothing when it has none. When it cannot be had, nothing else is fetched."""
        try:
            return (await self._follow(site, _ROBOTS_BYTES, asks_robots=False)).content
        except errors.PageRefused as refusal:
            if refusal.values["status"] in _NOT_FOUND:
                return b""
            raise


@asynccontextmanager
async def open_fetcher(network: Network, process: ReadingProcess, limits: Limits) -> AsyncGenerator[Fetcher]:
    """Open what fetches the pages of one reading."""
    headers = {"User-Agent": f"{AGENT}/1.0", "Accept": "text/html,application/xml;q=0.9", "Accept-Encoding": "gzip"}
    async with httpx.AsyncClient(
        transport=PublicTransport(network), headers=headers, timeout=limits.page_seconds, trust_env=False
    ) as client:
        yield Fetcher(client, process, limits)


def _gunzipped(content: bytes, most: int) -> bytes:
    """Unpack a sitemap that is a gzip file by itself."""
    if not content.startswith(_GZIP):
        return content
    try:
        unpacked = zlib.decompressobj(_ANY_WINDOW).decompress(content, most + 1)
    except zlib.error:
        raise errors.NotAPage from None
    if len(unpacked) > most:
        raise errors.PageTooBig(megabytes=most // 1_000_000 or 1)
    return unpacked
