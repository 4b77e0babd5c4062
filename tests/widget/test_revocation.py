"""A site's signature holds until it is too old, or its secret is renewed: for reading as well."""

import hashlib
import hmac
import time
from collections.abc import Callable

import httpx

from tests.program import Server
from tests.wire import CHAT, ROOT, Wire
from vink_chat import preferences
from vink_chat.conversations import new_secret
from vink_chat.kit.db import Database

SECRET = "s" * 43
IDENTITY = f"{ROOT}.vink_chat___pages___admin___look____identity_state"
INTRODUCTION = f"{CHAT}.vink_chat___pages___visitor___embed____visitor_introduction"


async def signing(make_server: Callable[..., Server], *, timeless: bool) -> Server:
    """Start a server whose site signs."""
    server = make_server({"VINK_ADMIN_LOGIN": "boss", "VINK_ADMIN_PASSWORD": "boss-secret-1"})
    database = Database(server.settings["VINK_DATABASE_URL"])
    async with database.transaction() as tx:
        await preferences.save(tx, preferences.Identity(secret=SECRET, timeless=timeless))
    await database.close()
    await server.start()
    return server


async def administrator(server: Server) -> Wire:
    """Return a signed-in tab of the administrator, not open yet."""
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, headers={"Origin": server.url}) as client:
        await client.post("/auth/sign-in", data={"login": "boss", "password": "boss-secret-1"})
        return Wire(server.url, cookie=client.cookies["vink_session"], path="/admin/look")


async def tells(tab: Wire, signature: str, number: str) -> None:
    form = {"user": "user-1", "signature": signature, "number": number}
    await tab.call(f"{INTRODUCTION}.introduce", {"form": form})


def timed() -> str:
    moment = int(time.time())
    return f"{moment}.{hmac.new(SECRET.encode(), f'user-1:{moment}'.encode(), hashlib.sha512).hexdigest()}"


async def test_a_renewed_secret_ends_a_signed_tab_that_only_reads(make_server: Callable[..., Server]):
    server = await signing(make_server, timeless=False)
    async with (
        Wire(server.url, stored={f"{CHAT}.secret_rx_state_": new_secret()}, path="/embed/") as tab,
        await administrator(server) as boss,
    ):
        await tells(tab, timed(), "1")
        asked = {"text": "Где мой заказ?", "client_id": "one", "number": "1"}
        await tab.call(f"{CHAT}.send", asked)
        await tab.until(lambda: "Где мой заказ?" in str(tab.shown[CHAT]), "the thread is shown")

        await boss.call(f"{IDENTITY}.renew", {})

        await tab.until(lambda: "Вход на сайте устарел" in str(tab.shown[CHAT].get("refusal")), "the tab is told")
        assert "Где мой заказ?" not in str([tab.shown[CHAT][name] for name in ("history", "live")])


async def test_signatures_without_a_time_are_taken_while_an_administrator_wants_it(make_server: Callable[..., Server]):
    server = await signing(make_server, timeless=True)
    timeless = hmac.new(SECRET.encode(), b"user-1", hashlib.sha256).hexdigest()
    async with (
        Wire(server.url, stored={f"{CHAT}.secret_rx_state_": new_secret()}, path="/embed/") as tab,
        await administrator(server) as boss,
    ):
        await tells(tab, timeless, "1")
        await tab.call(f"{CHAT}.send", {"text": "Где мой заказ?", "client_id": "one", "number": "1"})
        await tab.until(lambda: "Где мой заказ?" in str(tab.shown[CHAT]), "the thread is shown")

        await boss.call(f"{IDENTITY}.accept_timeless", {"enabled": False})
        await tells(tab, timeless, "2")

        assert not tab.shown[CHAT]["history"]
        assert not tab.shown[CHAT]["live"]
