"""What strangers do is in the log once a minute, whichever part of the program says it."""

import logging
from uuid import uuid4

from tests.program import Server
from tests.wire import CHAT, Wire, event
from vink_chat.conversations import new_secret
from vink_chat.web.server import OncePerMinute

INTRODUCTION = f"{CHAT}.vink_chat___pages___visitor___embed____visitor_introduction"


async def test_wrong_signatures_do_not_fill_the_log(shared_server: Server):
    before = len(shared_server.log)
    form = {"user": "1", "signature": "1700000000.ff", "name": "Иван"}

    for _ in range(3):
        async with Wire(shared_server.url, stored={f"{CHAT}.secret_rx_state_": new_secret()}) as tab:
            for number in range(4):
                await tab.call(f"{INTRODUCTION}.introduce", {"form": {**form, "number": str(number)}})

    assert shared_server.log[before:].count("Invalid or expired identity signature") <= 1


async def test_pages_that_leave_before_their_answer_do_not_fill_the_log(shared_server: Server):
    before = len(shared_server.log)

    for _ in range(4):
        async with Wire(shared_server.url, stored={f"{CHAT}.secret_rx_state_": new_secret()}) as tab:
            for number in range(30):
                form = {"user": "1", "signature": "1700000000.ff", "number": str(number)}
                await tab.send_event(event(f"{INTRODUCTION}.introduce", {"form": form}))
    async with Wire(shared_server.url, stored={f"{CHAT}.secret_rx_state_": new_secret()}) as last:
        await last.settle()

    assert shared_server.log[before:].count("disconnected client") <= 1


def test_lines_from_one_place_are_one_kind_even_when_each_names_somebody_else():
    limit = OncePerMinute()

    def line(token: str) -> bool:
        said = f"Attempting to send delta to disconnected client {token!r}"
        return limit.filter(logging.LogRecord("reflex.app", logging.WARNING, "app.py", 2363, said, (), None))

    assert [line(str(uuid4())) for _ in range(3)] == [True, False, False]
