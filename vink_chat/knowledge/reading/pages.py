"""Web pages, sitemaps and robots.txt, once their bytes are here."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import Any, Final

from vink_chat.kit.errors import VinkError
from vink_chat.knowledge.reading import drafts, errors
from vink_chat.knowledge.reading.documents import markdown_blocks
from vink_chat.knowledge.reading.model import Origin, Reading, Skipped
from vink_chat.knowledge.reading.texts import decode

MAX_LISTED: Final = 2_000
_MAX_ADDRESS: Final = 2_000
# Below its usual minimum of 250 trafilatura thinks that it has missed the article, and takes the menus too.
_FEWEST_LETTERS: Final = "20"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The addresses a sitemap lists of its own site: of pages, and of further sitemaps.

    Attributes:
        skipped: Addresses of other sites, and what is none.
        left: How many more it lists that nobody has looked at.
    """

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    left: int = 0


@dataclass(frozen=True, slots=True)
class Permissions:
    """What a site's robots.txt says to us.

    Attributes:
        allowed: For each address asked about.
        delay: Seconds to wait between two pages.
    """

    allowed: tuple[bool, ...]
    delay: float = 0.0


def read(content: bytes, url: str, charset: str) -> Reading:
    """Return the articles of a page: its headings and the texts under them, without menus and footers.

    Args:
        content: The page as it came.
        url: Its address.
        charset: As the server names it; empty when it does not.

    Raises:
        NoArticleText: It has no text beside its menus.
        TooManyRows: It has more sections than one reading gives.
    """
    import trafilatura  # noqa: PLC0415  only the process that reads a page needs it
    from trafilatura.metadata import extract_title  # noqa: PLC0415
    from trafilatura.settings import use_config  # noqa: PLC0415

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", _FEWEST_LETTERS)

    tree = trafilatura.load_html(_decoded(content, charset))
    if tree is None:
        raise errors.NoArticleText
    title = extract_title(tree) or url
    text = trafilatura.extract(
        tree,
        url=url,
        output_format="markdown",
        include_comments=False,
        include_formatting=True,
        include_links=True,
        prune_xpath=["//nav", "//footer"],
        config=config,
    )
    if not text:
        raise errors.NoArticleText
    return drafts.gather(drafts.of_blocks(markdown_blocks(text), title=title, url=url))


def _decoded(content: bytes, charset: str) -> bytes | str:
    try:
        return content.decode(codecs.lookup(charset).name, "replace").replace("\0", "") if charset else content
    except (LookupError, UnicodeError):
        return content


def read_sitemap(content: bytes, host: str) -> Sitemap:
    """Return what a sitemap lists of a host; nothing when it is none.

    Protocol: https://www.sitemaps.org/protocol.html
    """
    from vink_chat.knowledge.reading.network import own_address  # noqa: PLC0415  httpx, which no file needs

    listed = dict.fromkeys(_listed(content))
    found: dict[str, dict[str, None]] = {"url": {}, "sitemap": {}}
    skipped: list[Skipped] = []
    for kind, address in islice(listed, MAX_LISTED):
        try:
            found[kind][str(own_address(address, host))] = None
        except VinkError as refusal:
            skipped.append(Skipped(Origin(url=address[:500]), refusal))
    left = max(0, len(listed) - MAX_LISTED)
    return Sitemap(tuple(found["url"]), tuple(found["sitemap"]), tuple(skipped), left)


def _listed(content: bytes) -> Iterator[tuple[str, str]]:
    # Only the process that reads a page needs it, and it says nothing of its types.
    etree: Any = import_module("lxml.etree")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return
    for entry in root.iterchildren():
        kind = etree.QName(entry).localname if isinstance(entry.tag, str) else ""
        for place in entry.iterchildren() if kind in {"url", "sitemap"} else ():
            address = (place.text or "").strip() if isinstance(place.tag, str) else ""
            if address and len(address) <= _MAX_ADDRESS and etree.QName(place).localname == "loc":
                yield kind, address


def read_robots(content: bytes, agent: str, addresses: list[str]) -> Permissions:
    """Return what a robots.txt says of some addresses (RFC 9309)."""
    from protego import Protego  # noqa: PLC0415  only the process that reads a page needs it

    try:
        rules = Protego.parse(decode(content))
    except errors.NotText:
        return Permissions(tuple(True for _ in addresses))
    allowed = tuple(bool(rules.can_fetch(address, agent)) for address in addresses)
    return Permissions(allowed, float(rules.crawl_delay(agent) or 0.0))
