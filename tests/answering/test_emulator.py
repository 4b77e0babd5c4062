"""The stand-in is as strict and as odd as the service it stands for."""

from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.emulators.yandexgpt import API_KEY, FOLDER, Emulator, Fault, running
from tests.emulators.yandexgpt_answers import GENERIC, grounded, growth, tokens
from vink_chat.answering.prompt import without_fence_marks

COMPLETION = "/foundationModels/v1/completion"


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with running() as emulator:
        yield emulator


@pytest.fixture
async def client(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Api-Key {API_KEY}"}
    async with httpx.AsyncClient(base_url=emulator.url, headers=headers) as client:
        yield client


def body(text: str = "Привет", role: str = "user", model: str = "yandexgpt-lite", **options: Any) -> dict[str, Any]:
    return {
        "modelUri": f"gpt://{FOLDER}/{model}",
        "completionOptions": options,
        "messages": [{"role": role, "text": text}],
    }


async def test_an_answer_is_wrapped_and_counted_in_strings(client: httpx.AsyncClient):
    response = await client.post(COMPLETION, json=body(maxTokens=100), headers={"x-client-request-id": "mine"})

    assert response.headers["x-client-request-id"] == "mine"
    assert response.headers["server"] == "ycalb"
    assert response.text.endswith("\n")
    result = response.json()["result"]
    assert result["alternatives"] == [
        {"message": {"role": "assistant", "text": GENERIC}, "status": "ALTERNATIVE_STATUS_FINAL"}
    ]
    assert result["usage"]["inputTextTokens"] == "2"
    assert result["usage"]["completionTokens"] == str(tokens(GENERIC))


@pytest.mark.parametrize(
    ("wrong", "status", "message"),
    [
        (body(text=" "), 400, "empty message text"),
        (body(role="tool"), 400, "invalid role"),
        (body(temperature=1.1), 400, "temperature"),
        (body(maxTokens="0"), 400, "maxTokens"),
        (body(maxTokens="many"), 400, "int64"),
        (body(maxTokens=True), 400, "int64"),
        (body(stream="yes"), 400, "stream"),
        (body(model="yandexgpt-9"), 404, "Failed to get model"),
        (body(model="qwen3-235b-a22b-fp8/latest"), 501, "not supported"),
        (body() | {"modelUri": "yandexgpt-lite"}, 400, "Failed to parse model URI"),
        (body() | {"modelUri": "gpt://other/yandexgpt"}, 400, "does not match with service account folder ID"),
        (body() | {"messages": []}, 400, "messages"),
        (body(text="я" * 99_000), 400, "no more than 32768, got 33000"),
        (body(text="я" * 100_001), 400, "text length is 100001"),
    ],
)
async def test_what_the_service_refuses(client: httpx.AsyncClient, wrong: dict[str, Any], status: int, message: str):
    response = await client.post(COMPLETION, json=wrong)

    assert response.status_code == status
    error = response.json()["error"]
    assert error["httpCode"] == status
    assert message in error["message"]


@pytest.mark.parametrize(
    ("header", "message"),
    [("", "has to be passed"), ("Api-Key other", "Unknown api key"), ("Bearer t1.other", "The token is invalid")],
)
async def test_who_may_not_ask(client: httpx.AsyncClient, header: str, message: str):
    response = await client.post(COMPLETION, json=body(), headers={"Authorization": header})

    assert response.status_code == 401
    assert message in response.json()["error"]["message"]


async def test_a_token_is_exchanged_and_accepted(client: httpx.AsyncClient):
    issued = (await client.post("/iam/v1/tokens", json={"jwt": "…"})).json()

    response = await client.post(COMPLETION, json=body(), headers={"Authorization": f"Bearer {issued['iamToken']}"})

    assert response.status_code == 200
    assert issued["expiresAt"].endswith("Z")
    assert (await client.post("/iam/v1/tokens", json={})).json()["code"] == 3


async def test_the_other_doors(client: httpx.AsyncClient):
    listed = (await client.get("/v1/models")).json()
    counted = (
        await client.post(
            "/foundationModels/v1/tokenize", json={"modelUri": f"gpt://{FOLDER}/yandexgpt", "text": "ping"}
        )
    ).json()
    unknown = await client.get("/foundationModels/v2/completion")
    broken = await client.post(COMPLETION, content=b"{oops")

    assert listed["data"][0]["id"].startswith(f"gpt://{FOLDER}/")
    assert [token["text"] for token in counted["tokens"]] == ["<s>", "pin", "g"]
    assert (unknown.status_code, unknown.text) == (404, "404 page not found\n")
    assert broken.status_code == 400
    assert isinstance(broken.json()["error"], str)


async def test_faults_are_queued_by_the_control_door(client: httpx.AsyncClient):
    await client.post("/_control", json={"fault": "unavailable", "times": 2})

    statuses = [(await client.post(COMPLETION, json=body())).status_code for _ in range(3)]
    seen = (await client.get("/_control/requests")).json()
    await client.delete("/_control/requests")

    assert statuses == [503, 503, 200]
    assert [one["path"] for one in seen["requests"]] == [COMPLETION] * 3
    assert API_KEY not in str(seen)
    assert (await client.get("/_control/requests")).json()["requests"] == []


async def test_a_flaky_call_succeeds_when_repeated(client: httpx.AsyncClient):
    statuses = [(await client.post(COMPLETION, json=body(f"#{Fault.FLAKY}"))).status_code for _ in range(2)]

    assert statuses == [503, 200]


async def test_a_stream_is_cumulative_lines(client: httpx.AsyncClient):
    response = await client.post(COMPLETION, json=body(stream=True))

    lines = response.text.split("\n")
    assert lines[-1] == ""
    assert len(lines) > 5
    assert response.headers["content-type"] == "application/json"
    assert response.headers["transfer-encoding"] == "chunked"


def test_the_answer_rests_on_the_first_passage():
    system = "Правила: ссылайся так: [1].\n<<<\n[1] Сколько?\nСто рублей.\nИли двести.\n[2] Где?\nТут\n>>>"

    assert grounded([system, without_fence_marks("[1] Что ты знаешь?")]) == "Сто рублей.\nИли двести. [1]"
    assert grounded(["Правила", "Вопрос"]) == GENERIC


@pytest.mark.parametrize("text", ["", "Да", "Да, конечно", GENERIC])
def test_drafts_grow_to_the_whole_text(text: str):
    told = growth(text)

    assert told[-1] == text
    assert all(later.startswith(draft) and later != draft for draft, later in pairwise(told))
