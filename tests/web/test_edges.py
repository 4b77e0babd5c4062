"""Who is let in at the edge: origins with their scheme, hosts nobody believes, tokens that are everybody's."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.program import Server
from tests.web.connections import connection, received, send
from vink_chat import config, conversations
from vink_chat.kit import addresses
from vink_chat.kit.rate_limit import RateLimiter, TooFast
from vink_chat.operators.attempts import SignInLimiter
from vink_chat.operators.errors import TooManyAttempts
from vink_chat.web import request_checks


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the public address."""

    def set_to(address: str) -> None:
        monkeypatch.setenv("VINK_PUBLIC_URL", address)
        config.current.cache_clear()

    yield set_to
    monkeypatch.undo()
    config.current.cache_clear()


@pytest.mark.parametrize(
    ("address", "origin", "host", "scheme", "ours"),
    [
        ("https://chat.ru", "https://chat.ru", "chat.ru", "ws", True),
        ("https://chat.ru", "http://chat.ru", "chat.ru", "ws", False),
        ("https://chat.ru", "https://chat.ru", "10.0.0.7:3000", "ws", True),
        ("https://chat.ru", "http://10.0.0.7:3000", "10.0.0.7:3000", "ws", True),
        ("", "http://chat.ru", "chat.ru", "wss", False),
        ("", "https://chat.ru", "chat.ru", "ws", True),
        ("", "http://chat.ru", "chat.ru", "http", True),
        ("http://chat.ru", "http://chat.ru", "chat.ru", "http", True),
        ("https://chat.ru", "https://chat.ru.evil.example", "chat.ru", "ws", False),
        ("https://chat.ru", "ftp://chat.ru", "chat.ru", "ws", False),
        ("https://chat.ru", "null", "chat.ru", "ws", False),
        ("https://chat.ru", "http://[::1", "chat.ru", "ws", False),
    ],
)
def test_a_page_is_ours_by_host_and_scheme(public, address: str, origin: str, host: str, scheme: str, *, ours: bool):
    public(address)

    assert request_checks.is_own_origin(origin, host, scheme) is ours


@pytest.mark.parametrize(
    "token",
    [
        *("undefined", "null", "12345678", "87654321", "00000000", "aaaaaaaa", "abcdefgh", "abababab", "nullnull"),
        *("undefined-undefined", "chat-token", "your_token", "TEST-TOKEN", "qwertyui", "20261128", "79161234567"),
        *("00000000-0000-0000-0000-000000000000", "NaN-NaN-NaN"),
    ],
)
async def test_a_token_that_many_front_ends_may_send_is_refused(shared_server: Server, token: str):
    async with httpx.AsyncClient(base_url=shared_server.url, trust_env=False, headers={"chat-token": token}) as client:
        answer = await client.post("/gpt", json={"message": "Здравствуйте"})

    assert answer.status_code == 400
    assert "Токен" in answer.json()["message"]


@pytest.mark.parametrize(
    "token", ["3fa85f64-5717-4562-b3fc-2c963f66afa6", "k3J9x_2z", "visitor-7f3a9c", "1764320411937284", "a1b2c3d4"]
)
def test_a_token_that_somebody_made_is_taken(token: str):
    assert conversations.is_secret(token)


def test_every_new_secret_is_one():
    assert all(conversations.is_secret(conversations.new_secret()) for _ in range(2000))


async def test_a_redirect_names_no_host_that_whoever_asks_made_up(shared_server: Server):
    async with httpx.AsyncClient(
        base_url=shared_server.url, trust_env=False, headers={"host": "evil.example"}
    ) as client:
        answers = [await client.get(path) for path in ("/embed", "/sign-in", "//evil.example/embed")]

    assert answers[0].headers["location"] == "/embed/"
    assert not [
        one for one in answers if "evil" in one.headers.get("location", "") and one.headers["location"][1:2] == "/"
    ]
    assert not [one for one in answers if "://" in one.headers.get("location", "")]


async def test_a_chat_under_https_is_asked_under_https_only(make_server: Callable[..., Server]):
    server = make_server({"VINK_PUBLIC_URL": "https://chat.example.ru"})
    await server.start()
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        page = await client.get("/embed/")

    assert page.headers["strict-transport-security"] == "max-age=31536000"


async def test_a_chat_under_http_says_nothing_of_https(shared_server: Server):
    async with httpx.AsyncClient(base_url=shared_server.url, trust_env=False) as client:
        assert "strict-transport-security" not in (await client.get("/embed/")).headers


async def test_a_push_with_a_wrong_secret_is_refused_before_its_body_comes(shared_server: Server):
    line = await connection(shared_server.port, "127.0.0.1")
    await send(
        line,
        b"POST /api/telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n"
        b"X-Telegram-Bot-Api-Secret-Token: wrong\r\n\r\n{",
    )

    async with asyncio.timeout(15):
        assert (await received(line)).startswith(b"HTTP/1.1 404")
    line.close()


async def test_the_chat_listens_where_it_is_told_to(make_server: Callable[..., Server]):
    server = make_server({"VINK_HOST": "127.0.0.1"})
    await server.start()
    line = await connection(server.port, "127.0.0.1")
    line.close()

    with pytest.raises(ConnectionRefusedError):
        await _connect("127.0.0.3", server.port)


async def _connect(address: str, port: int) -> None:
    _, writer = await asyncio.open_connection(address, port)
    writer.close()


async def test_a_network_that_takes_another_64_each_time_is_one():
    limits = RateLimiter()

    async def let_in(address: str) -> bool:
        try:
            await limits.admit_address("messages", address, 5)
        except TooFast:
            return False
        return True

    other = sum([await let_in(f"2001:db8:0:1{number:02x}::1") for number in range(40)])
    same = sum([await let_in("2001:db8:1:1::1") for _ in range(10)])

    assert (other, same) == (20, 5)
    assert addresses.networks_of("203.0.113.7") == ("203.0.113.7",)
    assert addresses.networks_of("2001:db8:0:1ff::1") == ("2001:db8:0:1ff::/64", "2001:db8:0:100::/56")


async def test_wrong_passwords_from_everywhere_do_not_keep_out_a_browser_that_came_in_before():
    tries = SignInLimiter()
    for number in range(110):
        with contextlib.suppress(TooManyAttempts):
            await tries.attempt("anna", f"203.0.113.{number}")
    with pytest.raises(TooManyAttempts):
        await tries.attempt("anna", "198.51.100.1")

    for _ in range(10):
        await tries.attempt("anna", "198.51.100.1", "her-browser")

    with pytest.raises(TooManyAttempts):
        await tries.attempt("anna", "198.51.100.1", "her-browser")


async def test_links_are_tried_so_often_from_an_address():
    tries = SignInLimiter()
    for _ in range(20):
        await tries.try_link("203.0.113.5")

    with pytest.raises(TooManyAttempts):
        await tries.try_link("203.0.113.5")
    await tries.try_link("203.0.113.6")


def signed_in(client: httpx.Client) -> Any:
    return client.post("/auth/sign-in", data={"login": "boss", "password": "boss-secret-1"})


async def test_signing_in_again_ends_the_browsers_former_session(make_server: Callable[..., Server]):
    server = make_server({"VINK_ADMIN_LOGIN": "boss", "VINK_ADMIN_PASSWORD": "boss-secret-1"})
    await server.start()
    with httpx.Client(base_url=server.url, trust_env=False, headers={"Origin": server.url}) as client:
        signed_in(client)
        first = client.cookies["vink_session"]
        device = client.cookies["vink_device"]
        signed_in(client)
        second = client.cookies["vink_session"]

        def exports(session: str) -> int:
            headers = {"Cookie": f"vink_session={session}"}
            return httpx.get(f"{server.url}/admin-files/knowledge.jsonl", headers=headers, trust_env=False).status_code

        assert first != second
        assert exports(second) == 200
        assert exports(first) != 200
        assert "." in device
