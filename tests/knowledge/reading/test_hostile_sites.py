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
from vink_chat.knowledge.reading.network import is_public

SECOND = "93.184.216.35"
QUICK = Limits(page_seconds=1.5)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104  an address to refuse
            "224.0.0.1",
        ),
        *("255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::127.0.0.1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1"),
        *("fd00:ec2::254", "кто", ""),
    ],
)
def test_addresses_that_are_not_of_the_internet_are_known(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2a02:6b8::2:242", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_known(address: str):
    assert is_public(address)


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
    return b"".join(pack.compress(bytes(1_000_000)) for _ in range(500)) + pack.flush()


@pytest.mark.parametrize("more", ["Content-Encoding: gzip\r\n", ""])
async def test_a_gzip_bomb_is_unpacked_only_up_to_the_limit(more: str):
    bomb = page(_bomb(), more=more, kind="application/gzip")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with served({"/": bomb}) as site:
        with pytest.raises(errors.PageTooBig):
            await reading.read_address("http://shop.example/", network=one(site))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


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
        (page(gzip.compress(b"")), errors.VinkError),
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
