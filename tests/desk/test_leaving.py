"""What a desk that stays open does to its session, and what is left of it when the session ends."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.desk.shop import PASSWORD, Shop
from tests.wire import QUEUE, THREAD, Wire
from vink_chat.operators.policy import token_hash


async def _entered(shop: Shop, login: str) -> str:
    async with httpx.AsyncClient(base_url=shop.url, trust_env=False) as client:
        answer = await client.post("/auth/sign-in", data={"login": login, "password": PASSWORD})
    return answer.cookies["vink_session"]


def _seen(shop: Shop, cookie: str, moment: datetime | None = None) -> str:
    """Return when a session was last used, having changed it if asked."""
    with sqlite3.connect(shop.database_url.removeprefix("sqlite:///"), timeout=30) as connection:
        found = connection.execute(
            "select id, seen_at from operator_session where token_hash = ?", [token_hash(cookie)]
        )
        session, seen = found.fetchone()
        if moment:
            seen = moment.replace(tzinfo=None).isoformat(" ")
            connection.execute("update operator_session set seen_at = ? where id = ?", [seen, session])
    connection.close()
    return seen


async def test_a_desk_left_open_does_not_keep_its_session_from_running_out(staffed: Shop):
    cookie = await _entered(staffed, "oleg")
    async with (
        Wire(staffed.url, cookie=cookie, path="/desk") as oleg,
        Wire(staffed.url, cookie=staffed.cookies["anna"], path="/desk") as anna,
    ):
        await oleg.until(lambda: oleg.shown.get(QUEUE, {}).get("colleagues"), "the team")
        before = _seen(staffed, cookie, datetime.now(UTC) - timedelta(hours=1))

        await anna.call(f"{QUEUE}.set_presence", {"presence": "away"})
        await oleg.until(lambda: "away" in str(oleg.shown[QUEUE]["colleagues"]), "Анна away")
        await oleg.settle()
        assert _seen(staffed, cookie) == before

        await oleg.call(f"{QUEUE}.show", {"box": "all"})
        assert _seen(staffed, cookie) > before


async def test_who_leaves_in_another_tab_leaves_nothing_on_the_desk(staffed: Shop):
    cookie = await _entered(staffed, "oleg")
    async with Wire(staffed.url, cookie=cookie, path="/desk") as oleg:
        await oleg.until(lambda: oleg.shown.get(QUEUE, {}).get("colleagues"), "the team")

        async with httpx.AsyncClient(base_url=staffed.url, trust_env=False, cookies={"vink_session": cookie}) as client:
            await client.post("/auth/sign-out")

        await oleg.until(lambda: "/sign-in" in oleg.redirects, "the way to the sign-in")
        await oleg.settle()
        left: dict[str, Any] = {**oleg.shown[QUEUE], **oleg.shown.get(THREAD, {})}
        for name in ("base", "fresh", "order", "counts", "colleagues", "canned", "history", "live", "earlier"):
            assert not left.get(name), name
