"""Pages and sitemaps are read over real connections, politely and within limits."""

import datetime
import gzip
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.knowledge.reading.sites import PUBLIC, Names, Site, article, one, page, redirect, served
from vink_chat.knowledge import reading
from vink_chat.knowledge.reading import Limits, Reading, errors

# Every reading starts a process.
pytestmark = pytest.mark.long

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _sitemap(*paths: str, site: str = "http://shop.example") -> bytes:
    places = "".join(f"<url><loc>{path if '://' in path else site + path}</loc></url>" for path in paths)
    return f'<?xml version="1.0"?><urlset {NAMESPACE}>{places}</urlset>'.encode()


def _xml(content: bytes) -> bytes:
    return page(content, kind="application/xml")


async def _read(site: Site, path: str = "/", **limits: float) -> Reading:
    return await reading.read_address(f"http://shop.example{path}", network=one(site), limits=Limits(**limits))  # type: ignore[arg-type]


async def test_a_page_becomes_articles_without_its_menus():
    async with served({"/d": article("Как доставляют?")}) as site:
        read = await _read(site, "/d")

    draft = read.drafts[0]
    assert (draft.question, draft.url) == ("Как доставляют?", "http://shop.example/d")
    assert draft.answer == "Мы доставляем заказы по всей стране в течение трёх дней после оплаты."
    assert site.asked == ["shop.example/robots.txt", "shop.example/d"]


@pytest.mark.parametrize("kind", ["text/html; charset=windows-1251", "text/html"])
async def test_a_page_in_an_old_encoding_is_read(kind: str):
    text = (
        "<html><head><meta charset=windows-1251></head><body><article><h1>Оплата</h1>"
        "<p>Картой или по счёту, как вам удобнее, в любой день недели.</p></article></body></html>"
    )
    async with served({"/": page(text.encode("cp1251"), kind=kind)}) as site:
        read = await _read(site)

    assert [(draft.question, draft.answer[:6]) for draft in read.drafts] == [("Оплата", "Картой")]


async def test_a_packed_page_is_read():
    plain = article("Гарантия").partition(b"\r\n\r\n")[2]
    async with served({"/": page(gzip.compress(plain), more="Content-Encoding: gzip\r\n")}) as site:
        assert [draft.question for draft in (await _read(site)).drafts] == ["Гарантия"]


async def test_a_sitemap_gives_all_its_pages_and_says_which_it_could_not_read():
    index = f"<sitemapindex {NAMESPACE}><sitemap><loc>http://shop.example/s.xml.gz</loc></sitemap></sitemapindex>"
    listed = _sitemap("/a", "/gone", "/b", "http://other.example/c", "/a", "/photo")
    pages = {
        "/sitemap.xml": _xml(index.encode()),
        "/s.xml.gz": page(gzip.compress(listed), kind="application/gzip"),
        "/a": article("Первая"),
        "/b": article("Вторая"),
        "/photo": page(b"\x89PNG", kind="image/png"),
    }
    told: list[tuple[int, int]] = []
    async with served(pages) as site:
        read = await reading.read_address(
            "http://shop.example/sitemap.xml", network=one(site), progress=lambda done, of: told.append((done, of))
        )

    assert [(draft.question, draft.url) for draft in read.drafts] == [
        ("Первая", "http://shop.example/a"),
        ("Вторая", "http://shop.example/b"),
    ]
    assert [(skipped.origin.url.rpartition("/")[2], skipped.refusal.say()) for skipped in read.skipped] == [
        ("c", "Карта сайта указывает на чужой сайт: эта страница не прочитана."),
        ("gone", "Сайт не отдал страницу: он ответил кодом 404."),
        ("photo", "По этому адресу не веб-страница и не карта сайта."),
    ]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


async def test_what_robots_txt_forbids_is_not_fetched():
    robots = "User-agent: vink-chat\nDisallow: /closed\n\nUser-agent: *\nDisallow: /\n"
    pages = {"/robots.txt": page(robots), "/s.xml": _xml(_sitemap("/open", "/closed/a")), "/open": article("Открыто")}
    async with served(pages) as site:
        read = await _read(site, "/s.xml")
        with pytest.raises(errors.RobotsForbid):
            await _read(site, "/closed/b")

    assert [draft.question for draft in read.drafts] == ["Открыто"]
    assert [type(skipped.refusal) for skipped in read.skipped] == [errors.RobotsForbid]
    assert not [asked for asked in site.asked if "closed" in asked]


async def test_a_redirect_to_what_robots_txt_forbids_is_not_followed():
    pages = {"/robots.txt": page("User-agent: *\nDisallow: /closed\n"), "/": redirect("/closed")}
    async with served(pages) as site:
        with pytest.raises(errors.RobotsForbid):
            await _read(site)

    assert "shop.example/closed" not in site.asked


async def test_nothing_is_fetched_while_robots_txt_cannot_be_had():
    async with served({"/robots.txt": page("", status="503 Busy"), "/": article("Первая")}) as site:
        with pytest.raises(errors.PageRefused):
            await _read(site)

    assert site.asked == ["shop.example/robots.txt"]


async def test_only_so_many_pages_are_read_and_the_rest_is_told_of():
    pages = {
        "/s.xml": _xml(_sitemap(*(f"/{number}" for number in range(5)))),
        "/0": article("Ноль"),
        "/1": article("Один"),
    }
    async with served(pages) as site:
        read = await _read(site, "/s.xml", pages=2)

    assert [draft.question for draft in read.drafts] == ["Ноль", "Один"]
    assert [skipped.refusal.say() for skipped in read.skipped] == [
        "За один раз читается не больше 2 страниц: остальные (3) пропущены."
    ]


async def test_when_the_time_is_over_what_was_read_is_kept():
    # A pause of ten seconds between pages, as the site asks, is more than there is.
    robots = page("User-agent: *\nCrawl-delay: 10\n")
    pages = {"/robots.txt": robots, "/s.xml": _xml(_sitemap("/a", "/b", "/c")), "/a": article("Первая")}
    async with served(pages) as site:
        read = await _read(site, "/s.xml", all_seconds=9)

    assert [draft.question for draft in read.drafts] == ["Первая"]
    assert [skipped.refusal.say() for skipped in read.skipped] == [
        "Время на чтение сайта вышло: оставшиеся страницы (2) пропущены."
    ]


def _certificate(folder: Path, host: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    today = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), today)
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{host}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


async def test_the_certificate_must_be_that_of_the_site_though_the_connection_goes_to_an_address(tmp_path: Path):
    certificate = _certificate(tmp_path, "shop.example")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    async with served({"/": article("Первая")}, tls) as site:
        names = Names({"shop.example": [[PUBLIC]], "other.example": [[PUBLIC]]}, {PUBLIC: site}, ca=certificate)
        read = await reading.read_address("shop.example", network=names)
        with pytest.raises(errors.SiteUnreachable):
            await reading.read_address("https://other.example/", network=names)

    assert [(draft.question, draft.url) for draft in read.drafts] == [("Первая", "https://shop.example")]
