"""A desk that is open makes its operator present; one that is lost, or signed out of, does not."""

import sqlite3
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from tests.desk.shop import PASSWORD, Shop
from tests.program import Server
from tests.wire import CHAT, QUEUE, THREAD, Wire
from vink_chat import preferences
from vink_chat.conversations import new_secret
from vink_chat.kit.db import Database
from vink_chat.operators import Presence

SOON = "Он подключится к разговору через минуту."
NOBODY = "Сейчас никого нет на месте."
LOST = "Связь пропала"


@pytest.fixture
async def quick(make_server: Callable[[], Server]) -> Shop:
    """A shop of its own, where a lost desk is missed in ten seconds."""
    shop = Shop(make_server())
    await shop.hire()
    database = Database(shop.database_url)
    async with database.transaction() as tx:
        await preferences.save(tx, preferences.validated(preferences.Handover, seconds_until_away=10))
    await database.close()
    await shop.shift()
    await shop.server.start()
    return shop


class Caller:
    """A visitor's tab that calls a person."""

    def __init__(self, shop: Shop) -> None:
        self.wire = Wire(shop.url, stored={f"{CHAT}.secret_rx_state_": new_secret()})

    async def __aenter__(self) -> "Caller":
        await self.wire.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.wire.__aexit__(*error)

    async def calls(self, text: str = "Нужна помощь") -> None:
        await self.wire.call(f"{CHAT}.send", {"form": {"text": text, "client_id": uuid4().hex}})
        await self.wire.call(f"{CHAT}.call_operator", {})

    async def reads(self, text: str, seconds: float = 10) -> None:
        await self.wire.until(lambda: text in self.wire.text, text, seconds)


def at_desk(shop: Shop, login: str, cookie: str = "") -> Wire:
    return Wire(shop.url, cookie=cookie or shop.cookies[login], path="/desk")


async def shown(desk: Wire) -> Wire:
    await desk.until(lambda: desk.shown.get(QUEUE, {}).get("colleagues"), "the team")
    return desk


def presence_of(shop: Shop, login: str) -> str:
    with sqlite3.connect(shop.database_url.removeprefix("sqlite:///"), timeout=30) as connection:
        [found] = connection.execute("select presence from operator where login = ?", [login]).fetchone()
    connection.close()
    return found


async def test_who_shuts_the_laptop_is_away_and_their_visitor_waits_again(quick: Shop):
    async with at_desk(quick, "anna") as anna, Caller(quick) as first, Caller(quick) as second:
        async with at_desk(quick, "oleg") as oleg:
            await shown(oleg)
            await first.calls()
            await first.reads(SOON)
            await oleg.until(lambda: oleg.shown[QUEUE].get("order"), "the visitor in the queue")
            [waiting] = oleg.shown[QUEUE]["order"]
            await oleg.call(f"{THREAD}.open", {"conversation_id": waiting})
            await oleg.call(f"{THREAD}.claim", {"conversation_id": waiting})
            await first.reads("подключился специалист")

        await first.reads("Вопрос передан коллегам", 60)
        assert presence_of(quick, "oleg") == Presence.AWAY

        def told() -> list[str]:
            return [one["presence"] for one in anna.shown[QUEUE]["colleagues"] if one["name"] == "Олег"]

        await anna.until(lambda: told() == [Presence.AWAY], "that he is away")

        # The laptop opens again: nothing is chosen for him, and he reads why.
        async with at_desk(quick, "oleg") as oleg:
            await oleg.until(lambda: LOST in oleg.shown.get(QUEUE, {}).get("lost", ""), "what happened")
            await oleg.call(f"{QUEUE}.set_presence", {"presence": "here"})
            assert oleg.shown[QUEUE]["lost"] == ""
            assert presence_of(quick, "oleg") == Presence.HERE
            await second.calls()
            await second.reads(SOON)


async def test_who_signs_out_is_off_the_shift_at_once(quick: Shop):
    async with httpx.AsyncClient(base_url=quick.url, trust_env=False) as client:
        entered = await client.post("/auth/sign-in", data={"login": "vera", "password": PASSWORD})
        cookie = entered.cookies["vink_session"]
        async with at_desk(quick, "vera", cookie) as vera, Caller(quick) as visitor:
            await shown(vera)
            await client.post("/auth/sign-out")

            await visitor.calls()

            await visitor.reads(NOBODY)
            assert presence_of(quick, "vera") == Presence.OFF


async def test_after_a_restart_nobody_is_present_until_a_desk_connects(quick: Shop):
    async with at_desk(quick, "oleg") as oleg:
        await shown(oleg)
    await quick.server.restart()
    async with Caller(quick) as early, Caller(quick) as later:
        await early.calls()
        await early.reads(NOBODY)

        async with at_desk(quick, "oleg") as oleg:
            await shown(oleg)
            assert presence_of(quick, "oleg") == Presence.HERE
            # Who waits already is taken first.
            await oleg.until(lambda: oleg.shown[QUEUE].get("order"), "the visitor in the queue")
            [waiting] = oleg.shown[QUEUE]["order"]
            await oleg.call(f"{THREAD}.open", {"conversation_id": waiting})
            await oleg.call(f"{THREAD}.claim", {"conversation_id": waiting})
            await oleg.call(f"{THREAD}.give_back", {"conversation_id": waiting})
            await later.calls()
            await later.reads(SOON)
