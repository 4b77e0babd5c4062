"""What really goes over the wire, Reflex's own layers included."""

import asyncio
import re
import signal
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import Front, says
from tests.program import Server
from vink_chat import preferences
from vink_chat.conversations import Author
from vink_chat.kit.db import Database

CONTRACT = ["/api/v1/gpt", "/gpt/", "/api/v1/message/", "/message"]
LIMIT = preferences.Limits().address_per_minute


async def _answer(front: Front, seconds: float = 30) -> list[dict[str, str]]:
    async with asyncio.timeout(seconds):
        while not (messages := await front.read()):  # noqa: ASYNC110  the contract is made for polling
            await asyncio.sleep(0.05)
    return messages


@pytest.mark.parametrize("path", CONTRACT)
@pytest.mark.parametrize("origin", ["https://shop.example", "null"])
async def test_any_page_may_ask_but_without_cookies(wire: Front, path: str, origin: str):
    preflight = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "chat-token,content-type",
    }

    before = await wire.client.options(path, headers=preflight)
    after = await wire.client.request("GET" if "message" in path else "POST", path, headers={"origin": origin})

    assert before.status_code == 200
    assert before.headers["access-control-max-age"] == "86400"
    assert "chat-token" in before.headers["access-control-allow-headers"]
    assert {"GET", "POST"} <= set(before.headers["access-control-allow-methods"].split(", "))
    for answer in (before, after):
        assert answer.headers.get_list("access-control-allow-origin") == ["*"]
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
        assert "origin" in answer.headers["vary"]
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/openapi.json"])
async def test_no_other_address_is_open_to_foreign_pages(wire: Front, path: str):
    answer = await wire.client.get(path)

    assert answer.headers.get("access-control-allow-origin") in {None, ""}


async def test_a_question_is_answered_over_the_contract(wire: Front):
    asked = await wire.ask({"message": "Сколько стоит доставка?"})

    (answer,) = await _answer(wire)

    assert asked.status_code == 201
    assert answer["user"] == "GPT"
    assert "собственный транспорт" in answer["message"]


async def test_a_call_for_a_person_is_told_to_the_visitor(wire: Front):
    await wire.ask({"message": "Позовите, пожалуйста, оператора"})

    (notice,) = await _answer(wire)

    assert notice["user"] == "OPERATOR"


async def test_whoever_hangs_up_before_the_answer_has_not_read_it(wire: Front, rest_server: Server):
    host, port = wire.client.base_url.host, wire.client.base_url.port
    request = f"GET /message HTTP/1.1\r\nHost: chat\r\nchat-token: {wire.token}\r\n\r\n"
    await wire.ask({"message": "Сколько стоит доставка?"})
    await _answer(wire)
    database = Database(rest_server.settings["VINK_DATABASE_URL"])

    for number in range(10):
        await says(database, wire.owner, str(number), Author.OPERATOR)
        # The server is held still, so that it meets the request and the cut line at once.
        rest_server.process.send_signal(signal.SIGSTOP)
        _, writer = await asyncio.open_connection(host, port)
        writer.write(request.encode())
        writer.close()
        await writer.wait_closed()
        rest_server.process.send_signal(signal.SIGCONT)

        assert [one["message"] for one in await _answer(wire, 5)] == [str(number)]

    await database.close()


async def _knocks(client: httpx.AsyncClient, times: int, forwarded: str | None = None) -> list[int]:
    """Send empty messages, each as another visitor: they count, and cost nothing."""
    statuses: list[int] = []
    for number in range(times):
        headers = {"chat-token": str(uuid4()), "x-forwarded-for": forwarded or f"203.0.113.{number % 250}"}
        statuses.append((await client.post("/gpt", headers=headers)).status_code)
    return statuses


async def test_nobody_is_believed_who_is_asking_unless_named(make_server):
    server = make_server()
    await server.start()

    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        statuses = await _knocks(client, LIMIT + 1)

    assert statuses == [400] * LIMIT + [429]


async def test_behind_a_named_proxy_everybody_has_an_address_of_his_own(wire: Front):
    crowd = await _knocks(wire.client, LIMIT + 1)
    one = await _knocks(wire.client, LIMIT + 1, "192.0.2.1, 203.0.113.251, 127.0.0.1")
    pretending = await _knocks(wire.client, 1, "192.0.2.2, 203.0.113.251")

    assert crowd == [400] * (LIMIT + 1)
    assert one == [400] * LIMIT + [429]
    assert pretending == [429]


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/swagger/", "/swagger"])
async def test_the_manual_is_drawn_and_asks_no_other_host(rest_server, page, path: str):
    await page.goto(f"{rest_server.url}{path}")

    await page.get_by_text("Отправить сообщение").first.wait_for()
    headings = await page.locator(".opblock-summary-path").all_inner_texts()

    assert {re.sub(r"\W*$", "", text.replace("\u200b", "")) for text in headings} == {"/api/v1/gpt", "/api/v1/message"}
