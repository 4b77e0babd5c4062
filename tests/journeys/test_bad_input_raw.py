"""Bad input through a raw websocket: a clear sentence each, nothing lost, nobody slowed, a clean log."""

import asyncio
import contextlib
import time
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from tests.journeys.wire import Intruder
from tests.program import Server
from tests.wire import CHAT, ROOT, event, load
from vink_chat.conversations import new_secret, visitor_id

INTRODUCE = f"{CHAT}.vink_chat___pages___visitor___embed____visitor_introduction.introduce"
EMPTY = "Напишите сообщение: пустое отправить нельзя."
UNREADABLE = "Сообщение не удалось прочитать. Отправьте обычный текст."
LONG = "Слишком длинное сообщение: 4001 знаков, а можно не больше 4000. Разделите его на части."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", EMPTY),
        (" \n\t ", EMPTY),
        ("\u200b\u200d\ufeff", EMPTY),
        ("\x00\x07\x1b", EMPTY),
        ("ж" * 4001, LONG),
        (None, UNREADABLE),
        (17, UNREADABLE),
        (True, UNREADABLE),
        (["a"], UNREADABLE),
        ({"text": "a"}, UNREADABLE),
    ],
    ids=["nothing", "blanks", "invisible", "control", "long", "null", "number", "bool", "list", "object"],
)
async def test_what_is_no_message_is_refused_in_a_sentence(hardened: Server, text: Any, sentence: str):
    one = await Intruder.at(hardened.url)

    assert await one.refusal_of(text, "the-one") == sentence

    assert one.messages() == []
    await one.send("Здравствуйте")
    await one.until(lambda: len(one.messages()) == 2, "the next message is taken, and answered")
    await one.close()


async def test_control_characters_and_tags_arrive_as_harmless_text(hardened: Server):
    one = await Intruder.at(hardened.url)

    await one.send("<script>alert(1)</script>\x00\u202eмир\r\n<img src=x onerror=alert(1)>", '"><svg/onload=alert(1)>')
    await one.until(one.messages, "the message")

    message = one.messages()[0]
    assert "<script" not in message["html"]
    assert "<img" not in message["html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;мир<br>&lt;img" in message["html"]
    assert message["client_id"] == '"><svg/onload=alert(1)>'
    await one.close()


@pytest.mark.parametrize(
    "payload",
    [
        {"text": [1], "client_id": [1], "number": [1]},
        {"text": {"a": 1}, "client_id": {"a": 1}, "number": None},
        {"text": "Здравствуйте", "number": "another"},
        {},
        {"text": "Здравствуйте", "extra": 1},
        {"self": 1},
        {"form": {"text": "Здравствуйте"}},
    ],
    ids=str,
)
async def test_a_message_of_another_shape_harms_nothing(hardened: Server, payload: Any):
    one = await Intruder.at(hardened.url)

    await one.act("send", payload)

    await one.send("Здравствуйте")
    await one.until(lambda: len(one.messages()) == 2, "the next message")
    await one.close()


@pytest.mark.parametrize(
    "event",
    [
        17,
        "text",
        None,
        [],
        {},
        {"name": 5},
        {"name": "no.such.handler", "payload": {}},
        {"name": f"{CHAT}.no_such", "payload": {}},
        {"name": f"{CHAT}._redraw", "payload": {}},
        {"name": f"{CHAT}.setvar", "payload": {"var_name": "status", "value": "closed"}},
        {"name": f"{CHAT}.send", "payload": "text"},
        {"name": f"{CHAT}.rate", "payload": {"stars": "five"}},
        {"name": f"{CHAT}.rate", "payload": {"stars": {"a": 1}}},
        {"name": f"{CHAT}.rate", "payload": {"stars": 10**30}},
        {"name": f"{CHAT}.rate", "payload": {}},
        {"name": f"{CHAT}.call_operator", "payload": {"who": "me"}},
        {"name": f"{CHAT}.watch", "payload": {}},
        {"name": f"{ROOT}.reflex___state____update_vars_internal_state.update_vars_internal", "payload": {"vars": 5}},
        {"name": f"{ROOT}.hydrate_and_load", "payload": {"vars": "x", "hashes": 7}},
        {"name": f"{ROOT}.hydrate_and_load", "payload": {"hashes": 7}},
        {"name": f"{ROOT}.hydrate_and_load", "payload": {"vars": {"x": "a", "no.such.state.x": "a", f"{CHAT}.x": "a"}}},
        {"name": f"{ROOT}.hydrate_and_load", "payload": {}, "router_data": {"pathname": 5}},
        {"name": f"{ROOT}.hydrate_and_load", "payload": {}, "router_data": {"pathname": "/", "query": "x"}},
        {"name": f"{ROOT}.hydrate_and_load", "payload": {}, "router_data": {"pathname": "/", "query": {"lang": 5}}},
        {"name": f"{ROOT}.hydrate_and_load", "payload": {}, "router_data": {"pathname": "/", "asPath": 7}},
        {"name": f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception", "payload": {}},
    ],
    ids=lambda event: str(event)[-60:],
)
async def test_an_event_nobody_should_send_is_passed_over(hardened: Server, event: Any):
    one = await Intruder.at(hardened.url)
    other = await Intruder.at(hardened.url)

    await one.send_event(event)

    await other.send("Здравствуйте")
    await other.until(lambda: len(other.messages()) == 2, "somebody else is served")
    await one.close()
    await other.close()


@pytest.mark.parametrize(
    "packet",
    [
        "45",
        "4x",
        "42/_event,5",
        "42/_event,[]",
        "42/_event,[5]",
        '42/_event,["event"]',
        '42/_event,["event",{},{}]',
        '42/_event,["disconnect"]',
        '42/_event,["connect"]',
        '42/_event,["connect",{"QUERY_STRING":"token=another","asgi.scope":{"client":["203.0.113.9",1],"headers":[]}},{}]',
        "451-/_event," + '["event",{"_placeholder":true,"num":0}]',
    ],
)
async def test_a_packet_no_page_sends_ends_its_own_socket_only(hardened: Server, packet: str):
    one, other = await Intruder.at(hardened.url), await Intruder.at(hardened.url)

    await one.send_packet(packet)

    assert await one.is_closed()
    await other.send("Здравствуйте")
    await other.until(lambda: len(other.messages()) == 2, "the other one's answer")
    await other.close()


async def test_who_sends_packets_without_end_is_cut_off(hardened: Server):
    one, other = await Intruder.at(hardened.url), await Intruder.at(hardened.url)

    with contextlib.suppress(ConnectionClosed):
        for _ in range(1000):
            await one.send_event({"name": "no.such.handler", "payload": {}})

    assert await one.is_closed()
    await other.send("Здравствуйте")
    await other.until(lambda: len(other.messages()) == 2, "the other one's answer")
    await other.close()


async def test_a_megabyte_ends_its_own_socket_only(hardened: Server):
    one, other = await Intruder.at(hardened.url), await Intruder.at(hardened.url)
    await one.send("Здравствуйте")
    await one.until(lambda: len(one.messages()) == 2, "an answer")

    with contextlib.suppress(ConnectionClosed):
        await one.send("м" * 1_000_000)

    assert await one.is_closed()
    await other.send("Здравствуйте")
    await other.until(lambda: len(other.messages()) == 2, "the other one's answer")
    again = await Intruder.at(hardened.url, one.secret)
    assert len(again.messages()) == 2
    await other.close()
    await again.close()


async def test_a_hundred_messages_a_minute_slow_nobody_else(hardened: Server):
    flood, other = await Intruder.at(hardened.url), await Intruder.at(hardened.url)

    names = [uuid4().hex for _ in range(100)]
    sending = asyncio.gather(*(flood.send(f"Сообщение {number}", name) for number, name in enumerate(names)))
    started = time.perf_counter()
    await other.send("Здравствуйте")
    await other.until(lambda: len(other.messages()) == 2, "the other one's answer", 5)
    waited = time.perf_counter() - started
    await sending

    assert waited < 2
    await flood.until(
        lambda: flood.panel["refusal"]["text"].startswith("Слишком много сообщений подряд."), "a sentence"
    )

    # A tab's events wait for each other: once the last is refused, all were worked off. (The door may drop it: again.)
    last = uuid4().hex
    async with asyncio.timeout(30):
        while flood.panel["refusal"]["client_id"] != last:
            with contextlib.suppress(TimeoutError):
                await flood.send("", last)
                await flood.until(lambda: flood.panel["refusal"]["client_id"] == last, "the last refusal", 1)
    # Another tab reads what is stored, whatever the first one was shown so far.
    again = await Intruder.at(hardened.url, flood.secret)
    own = [message["client_id"] for message in again.messages() if message["who"] == "visitor"]
    assert len(own) == 30
    assert set(own) <= set(names)
    for each in (flood, other, again):
        await each.close()


@pytest.mark.parametrize(
    "secret", [["a" * 43], {"a": 1}, 5, True, "", "short", "с" * 43, "a" * 101, "../../etc/passwd"]
)
async def test_what_is_no_secret_makes_a_new_visitor(hardened: Server, secret: Any):
    one = await Intruder.at(hardened.url, secret)

    assert isinstance(one.panel["secret"], str)
    assert len(one.panel["secret"]) >= 43
    assert one.messages() == []
    await one.close()


async def test_the_id_of_a_visitor_opens_no_thread(hardened: Server):
    victim = await Intruder.at(hardened.url, new_secret())
    await victim.send("Моя тайна")
    await victim.until(victim.messages, "the message")

    for guess in (str(visitor_id(victim.secret)), visitor_id(victim.secret).hex):
        thief = await Intruder.at(hardened.url, guess)
        assert thief.messages() == []
        await thief.close()
    await victim.close()


async def test_a_tab_without_a_secret_is_introduced_in_vain(hardened: Server):
    one, other = await Intruder.at(hardened.url), await Intruder.at(hardened.url)

    await one.send_event(load({}, "/sign-in"))
    await one.send_event(event(INTRODUCE, {"form": {"name": "Анна"}}, "/sign-in"))

    await one.refusal_of("Здравствуйте", "after it")
    await other.send("Здравствуйте")
    await other.until(lambda: len(other.messages()) == 2, "somebody else is served, and the log is clean")
    await one.close()
    await other.close()
