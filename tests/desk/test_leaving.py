"""What a desk that stays open does to its session, and what is left of it when the session ends."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.desk.shop import PASSWORD, Shop
from tests.program import Program, Server
from tests.wire import CHAT, QUEUE, THREAD, Wire
from vink_chat.conversations import new_secret
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


async def test_a_session_that_ran_out_takes_the_open_conversation_along(
    make_server: Callable[[], Server], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Program, "forked", False)
    monkeypatch.setattr(Program, "module", "tests.desk.hasty")
    shop = Shop(make_server())
    await shop.hire()
    await shop.server.start()
    secret, cookie = {f"{CHAT}.secret_rx_state_": new_secret()}, shop.cookies["oleg"]
    async with Wire(shop.url, stored=secret) as visitor, Wire(shop.url, cookie=cookie, path="/desk") as oleg:

        async def writes(text: str) -> None:
            await visitor.call(f"{CHAT}.send", {"text": text, "client_id": uuid4().hex, "number": ""})

        await writes("Мой вопрос")
        await visitor.call(f"{CHAT}.call_operator", {})
        await oleg.until(lambda: oleg.shown.get(QUEUE, {}).get("order"), "the visitor in the queue")
        await oleg.call(f"{THREAD}.open", {"conversation_id": oleg.shown[QUEUE]["order"][0]})
        await oleg.until(lambda: "Мой вопрос" in str(oleg.shown[THREAD]["history"]), "the open conversation")

        # Nobody announces it: he pressed nothing for too long.
        _seen(shop, cookie, datetime.now(UTC) - timedelta(hours=13))

        await oleg.until(lambda: not oleg.shown[THREAD]["head"]["id"], "the desk without the conversation")
        await oleg.until(lambda: "/sign-in" in oleg.redirects, "the way to the sign-in")
        assert not any(oleg.shown[THREAD].get(name) for name in ("history", "live", "earlier"))
        assert not any(value for name in ("visitor", "card") for value in oleg.shown[THREAD][name].values())
        await writes("ПОЗДНИЕ-СЛОВА")
        await oleg.settle()
        assert "ПОЗДНИЕ-СЛОВА" not in oleg.text


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
