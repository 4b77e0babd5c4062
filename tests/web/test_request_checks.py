"""A proxy in front of the chat that the settings do not name is told of: once in the log, and to administrators."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.program import Server
from tests.wire import Wire
from vink_chat.web.request_checks import is_shared, is_unnamed_proxy

LOGIN = {"login": "boss", "password": "boss-secret-1"}
ADMIN = {"VINK_ADMIN_LOGIN": LOGIN["login"], "VINK_ADMIN_PASSWORD": LOGIN["password"]}
FRAME = "reflex___state____state.vink_chat___pages___admin___frame____admin_frame"
SAID = "Requests are forwarded by 127.0.0.1, which VINK_TRUSTED_PROXIES does not name"
FORWARDED = {"X-Forwarded-For": "203.0.113.7"}


@pytest.mark.parametrize(
    ("address", "headers", "is_unnamed"),
    [
        ("10.0.0.1", {}, False),
        ("10.0.0.1", {"x-forwarded-for": "203.0.113.7"}, True),
        ("10.0.0.1", {"x-forwarded-for": ""}, False),
        # Who is trusted has been believed: the address is one of those named.
        ("203.0.113.7", {"x-forwarded-for": "198.51.100.1, 203.0.113.7"}, False),
        ("203.0.113.7", {"x-forwarded-for": "203.0.113.7:4711"}, False),
        ("2001:db8::1", {"x-forwarded-for": "[2001:db8::1]:4711"}, False),
        ("203.0.113.7", {"x-forwarded-for": "203.0.113.71"}, True),
        ("10.0.0.1", {"x-real-ip": "203.0.113.7"}, True),
        ("10.0.0.1", {"forwarded": "for=203.0.113.7"}, True),
    ],
)
def test_a_proxy_is_unnamed_when_what_it_forwards_was_not_believed(
    address: str, headers: dict[str, str], is_unnamed: bool
):
    assert is_unnamed_proxy(address, headers) is is_unnamed
    assert is_shared(address, headers) is is_unnamed


def test_this_machines_own_address_is_everybodys():
    assert is_shared("127.0.0.1", {})
    assert is_shared("::1", {})


async def _cookie(server: Server) -> str:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=30) as client:
        return (await client.post("/auth/sign-in", data=LOGIN)).cookies["vink_session"]


async def _warning(server: Server, **headers: str) -> Any:
    """Open an administrators' page, as a proxy would that sends these headers."""
    tab = Wire(server.url, cookie=await _cookie(server), path="/admin", headers=headers)
    async with tab:
        return tab.shown[FRAME]["unnamed_proxy"]


async def test_the_log_and_the_administrators_pages_say_it_once(make_server: Callable[..., Server]):
    server = make_server(ADMIN)
    await server.start()

    assert await _warning(server) == ""
    assert "Requests are forwarded" not in server.log
    async with httpx.AsyncClient(base_url=server.url, headers=FORWARDED, trust_env=False, timeout=30) as client:
        for path in ("/healthz", "/message", "/", "/message"):
            await client.get(path)
    said = await _warning(server, **FORWARDED)

    assert "прокси 127.0.0.1, которого нет в VINK_TRUSTED_PROXIES" in said
    assert server.log.count(SAID) == 1
    # A stranger's headers bring no warning to an administrator who comes straight.
    assert await _warning(server) == ""


async def test_a_named_proxy_is_no_news(make_server: Callable[..., Server]):
    server = make_server(ADMIN | {"VINK_TRUSTED_PROXIES": "127.0.0.1"})
    await server.start()

    assert await _warning(server, **FORWARDED) == ""
    assert "Requests are forwarded" not in server.log
