"""A site cannot lead the server into a private network, nor hold or swell it."""

import asyncio
import gzip
import resource
import time
import zlib

import pytest

from tests.knowledge.reading.makers import LAUGHS
from tests.knowledge.reading.sites import PUBLIC, Names, article, one, page, redirect, served
from vink_chat.knowledge import reading
from vink_chat.knowledge.reading import Limits, errors

# Every reading starts a process.
pytestmark = pytest.mark.long

SECOND = "93.184.216.35"
QUICK = Limits(page_seconds=1.5)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "2130706433",
            "0x7f000001",
            "0177.1",
        ),
        *(
            "127.1",
            "169.254.169.254",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "0",
            "10.0.0.1",
            "inside.example",
            "mixed.example",
        ),
    ],
)
async def test_a_private_address_is_refused_before_any_connection(host: str):
    async with served({"/": article("Тайна")}) as site:
        names = Names({"inside.example": [["10.0.0.7"]], "mixed.example": [[PUBLIC, "127.0.0.1"]]}, {PUBLIC: site})
        with pytest.raises(errors.NotPublic):
            await reading.read_address(f"http://{host}/", network=names)

    assert (site.asked, names.dialled) == ([], [])


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1/", "http://inside.example/x", "//169.254.169.254/latest/meta-data/", "http://[::1]/"]
)
async def test_a_redirect_into_a_private_network_is_refused(to: str):
    async with served({"/": redirect(to)}) as site:
        names = Names({"shop.example": [[PUBLIC]], "inside.example": [["192.168.0.1"]]}, {PUBLIC: site})
        with pytest.raises(errors.NotPublic):
            await reading.read_address("http://shop.example/", network=names)

    assert set(names.dialled) == {PUBLIC}


async def test_a_redirect_of_robots_txt_into_a_private_network_is_refused():
    async with served({"/robots.txt": redirect("http://10.0.0.1/"), "/": article("А")}) as site:
        with pytest.raises(errors.NotPublic):
            await reading.read_address("http://shop.example/", network=one(site))


@pytest.mark.parametrize(
    "to",
    ["ftp://shop.example/", "file:///etc/passwd", "http://shop.example:8080/", "http://a:b@shop.example/"],
)
async def test_a_redirect_to_another_kind_of_address_is_refused(to: str):
    async with served({"/": redirect(to)}) as site:
        with pytest.raises(errors.NotAWebAddress):
            await reading.read_address("http://shop.example/", network=one(site))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://shop.ru",
        "file:///etc/passwd",
        "http://shop.ru:22/",
        "https://a:b@shop.ru/",
        "http://",
        "что это",
        "http://[::1",
    ],
)
async def test_what_is_no_address_of_a_page_is_refused(address: str):
    with pytest.raises((errors.NotAWebAddress, errors.NoSuchSite)):
        await reading.read_address(address, network=Names({}, {}))


async def test_the_connection_goes_to_the_address_that_was_checked():
    async with served({"/": article("Настоящая")}) as site, served({"/": article("Чужая")}) as other:
        names = Names({"shop.example": [[PUBLIC], [PUBLIC], [SECOND]]}, {PUBLIC: site, SECOND: other})
        read = await reading.read_address("http://shop.example/", network=names)

    assert [draft.question for draft in read.drafts] == ["Настоящая"]
    assert (names.dialled, other.asked) == ([PUBLIC, PUBLIC], [])


async def test_a_name_that_turns_private_between_two_requests_is_refused():
    async with served({"/": article("А")}) as site:
        names = Names({"shop.example": [[PUBLIC], ["127.0.0.1"]]}, {PUBLIC: site})
        with pytest.raises(errors.NotPublic):
            await reading.read_address("http://shop.example/", network=names)

    assert (names.dialled, site.asked) == ([PUBLIC], ["shop.example/robots.txt"])


async def test_a_page_that_redirects_without_end_is_given_up_after_five():
    async with served({"/": redirect("/")}) as site:
        with pytest.raises(errors.TooManyRedirects) as refused:
            await reading.read_address("http://shop.example/", network=one(site))

    assert site.asked.count("shop.example/") == 6
    assert refused.value.say() == "Страница пересылает дальше больше 5 раз: она не прочитана."


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(600):
        writer.write(b"<p>")
        await writer.drain()
        await asyncio.sleep(0.1)


async def _drip_of_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(600):
        writer.write(f"X-{number}: 1\r\n".encode())
        await writer.drain()
        await asyncio.sleep(0.1)


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(1_000):
        writer.write(b"<p>" * 100_000)
        await writer.drain()


@pytest.mark.parametrize("path", ["/", "/robots.txt"])
@pytest.mark.parametrize("drip", [_drip, _drip_of_headers])
async def test_a_drip_that_never_ends_is_cut_off(drip: object, path: str):
    began = time.monotonic()
    async with served({path: drip}) as site:  # type: ignore[dict-item]
        with pytest.raises(errors.PageTooSlow):
            await reading.read_address("http://shop.example/", network=one(site), limits=QUICK)

    assert time.monotonic() - began < 20


async def test_a_page_without_end_is_cut_off_by_its_size():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with served({"/": _endless}) as site:
        with pytest.raises(errors.PageTooBig):
            await reading.read_address("http://shop.example/", network=one(site))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def _bomb() -> bytes:
    pack = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return b"".join(pack.compress(bytes(1_000_000)) for _ in range(100)) + pack.flush()


@pytest.mark.parametrize("more", ["Content-Encoding: gzip\r\n", ""])
async def test_a_gzip_bomb_is_unpacked_only_up_to_the_limit(more: str):
    bomb = page(_bomb(), more=more, kind="application/gzip")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with served({"/": bomb}) as site:
        with pytest.raises(errors.PageTooBig):
            await reading.read_address("http://shop.example/", network=one(site))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


@pytest.mark.parametrize("path", ["/", "/robots.txt"])
async def test_what_follows_the_end_of_a_packed_page_counts_as_its_size(path: str):
    packed = gzip.compress(b"<p>") + bytes(600_000)
    async with served({path: page(packed, more="Content-Encoding: gzip\r\n")}) as site:
        with pytest.raises(errors.PageTooBig):
            await reading.read_address("http://shop.example/", network=one(site), limits=Limits(page_bytes=500_000))


def _sitemap(*addresses: str, kind: str = "url") -> bytes:
    whole = {"url": "urlset", "sitemap": "sitemapindex"}[kind]
    places = "".join(f"<{kind}><loc>{address}</loc></{kind}>" for address in addresses)
    return page(f"<{whole}>{places}</{whole}>", kind="application/xml")


@pytest.mark.parametrize("kind", ["url", "sitemap"])
async def test_of_a_long_sitemap_the_first_addresses_are_looked_at_and_the_rest_is_counted(kind: str):
    listed = _sitemap(*(f"http://other.example/{number}" for number in range(2_500)), kind=kind)
    async with served({"/s.xml": listed}) as site:
        read = await reading.read_address("http://shop.example/s.xml", network=one(site))

    told = [skipped.refusal.say() for skipped in read.skipped]
    assert told[:200] == ["Карта сайта указывает на чужой сайт: эта страница не прочитана."] * 200
    assert told[200:] == [
        "…и ещё пропущено: 1800.",
        "Из карты сайта берутся первые 2000 адресов: остальные (500) пропущены.",
    ]


async def test_only_so_many_sitemaps_are_read_and_each_further_one_is_told_of():
    inner = [f"http://shop.example/{number}.xml" for number in range(21)]
    pages = {f"/{number}.xml": _sitemap("http://shop.example/a") for number in range(21)}
    async with served({"/s.xml": _sitemap(*inner, kind="sitemap"), **pages, "/a": article("Первая")}) as site:
        read = await reading.read_address("http://shop.example/s.xml", network=one(site))

    assert [draft.question for draft in read.drafts] == ["Первая"]
    assert [(skipped.origin.url, skipped.refusal.say()) for skipped in read.skipped] == [
        (address, "За один раз читается не больше 20 карт сайта: эта пропущена.") for address in inner[19:]
    ]


def _sections(name: str) -> bytes:
    text = "Мы доставляем заказы по всей стране в течение трёх дней после оплаты."
    parts = "".join(f"<h2>Что такое {name}{number}?</h2><p>{text}</p>" for number in range(3))
    return page(f"<html><body><article>{parts}</article></body></html>")


@pytest.mark.parametrize("limits", [Limits(drafts=7), Limits(characters=1_000)])
async def test_when_the_drafts_of_a_site_are_too_many_or_too_long_the_pages_left_are_not_read(limits: Limits):
    addresses = [f"http://shop.example/{name}" for name in "abcd"]
    pages = {f"/{name}": _sections(name) for name in "abcd"}
    async with served({"/s.xml": _sitemap(*addresses), **pages}) as site:
        read = await reading.read_address("http://shop.example/s.xml", network=one(site), limits=limits)

    assert [draft.url[-1] for draft in read.drafts] == ["a"] * 3 + ["b"] * 3
    assert [type(skipped.refusal) for skipped in read.skipped] == [errors.ReadingFull]
    assert read.skipped[0].refusal.values["left"] == 2
    assert "shop.example/d" not in site.asked


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (b"\x00\x01\x02 not http\r\n\r\n", errors.SiteUnreachable),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort", errors.SiteUnreachable),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 500_000, errors.SiteUnreachable),
        (page(b"not gzip", more="Content-Encoding: gzip\r\n"), errors.SiteUnreachable),
        (page(b"x", more="Content-Encoding: br\r\n"), errors.NotAPage),
        (page(b"%PDF-1.7", kind="application/pdf"), errors.NotAPage),
        (page("<html><body><nav><a href=/>1</a></nav></body></html>"), errors.NoArticleText),
        (page("", status="302 Found", more="Location: http://[\r\n"), errors.VinkError),
        (page(gzip.compress(b"", mtime=0)), errors.VinkError),
        (page("<div>" * 200_000), errors.VinkError),
        (page(f"{LAUGHS}<urlset><url><loc>&i;</loc></url></urlset>", kind="text/xml"), errors.NothingToRead),
    ],
)
async def test_a_broken_answer_ends_with_a_sentence(answer: bytes, refusal: type[Exception]):
    async with served({"/": answer}) as site:
        with pytest.raises(refusal):
            await reading.read_address("http://shop.example/", network=one(site))


async def test_a_site_that_is_not_there_is_told_of():
    async with served({}) as site:
        names = Names({"none.example": [[]], "shop.example": [[PUBLIC]]}, {PUBLIC: site})
        with pytest.raises(errors.NoSuchSite):
            await reading.read_address("http://none.example/", network=names)
    with pytest.raises(errors.SiteUnreachable):
        await reading.read_address("http://shop.example/", network=names)
