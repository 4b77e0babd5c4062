"""Real web servers on the loopback, reached under public names and addresses."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from vink_chat.knowledge.reading.network import Internet

PUBLIC = "93.184.216.34"

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


def page(body: str | bytes, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", more: str = "") -> bytes:
    """A whole HTTP answer."""
    content = body.encode() if isinstance(body, str) else body
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n{more}\r\n".encode() + content
    )


def redirect(to: str) -> bytes:
    """An answer that sends elsewhere."""
    return page("", status="302 Found", more=f"Location: {to}\r\n")


def article(heading: str, text: str = "Мы доставляем заказы по всей стране в течение трёх дней после оплаты.") -> bytes:
    """A page with a menu and one article."""
    return page(
        f"<html><head><title>{heading}</title></head><body><nav><a href=/>Главная</a><a href=/c>Каталог</a></nav>"
        f"<main><article><h1>{heading}</h1><p>{text}</p></article></main><footer>Реквизиты</footer></body></html>"
    )


class Site:
    """A server that answers by path, and remembers what it was asked.

    Attributes:
        asked: Host and path of each request.
    """

    def __init__(self, pages: dict[str, Answer]) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ", 2)[1]
            host = next(
                line.partition(":")[2].strip() for line in head.split("\r\n") if line.lower().startswith("host:")
            )
            self.asked.append(host + path)
            answer = self.pages.get(path, page("Нет такой", status="404 Not Found"))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def served(pages: dict[str, Answer], tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """Run a site on a free port of the loopback."""
    site = Site(pages)
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


class Names(Internet):
    """A resolver with names of its own, and public addresses that lead to servers here.

    Whatever it does not know is resolved by the system; whatever leads nowhere is a connection the test did not expect.

    Attributes:
        answers: For a host, what each further question of it is answered; the last answer stays.
        sites: What stands at a public address.
    """

    def __init__(self, answers: dict[str, list[Sequence[str]]], sites: dict[str, Site], ca: Path | None = None) -> None:
        self.answers = answers
        self.sites = sites
        self.ca = ca
        self.dialled: list[str] = []

    async def resolve(self, host: str) -> Sequence[str]:
        """Answer by the list, else ask the system."""
        if host not in self.answers:
            return await super().resolve(host)
        left = self.answers[host]
        return left.pop(0) if len(left) > 1 else left[0]

    def dial(self, address: str, port: int) -> tuple[str, int]:
        """Lead a public address to its server."""
        self.dialled.append(address)
        return "127.0.0.1", self.sites[address].port

    def trust(self) -> ssl.SSLContext:
        """Trust one certificate, where there is one."""
        return ssl.create_default_context(cafile=self.ca) if self.ca else super().trust()


def one(site: Site, host: str = "shop.example") -> Names:
    """A network with one public site."""
    return Names({host: [[PUBLIC]]}, {PUBLIC: site})
