"""Servers that speak almost as OpenAI does."""

import json

import httpx
import pytest

from vink_chat.answering.provider import Draft, Outcome, Prompt, ProviderMisconfigured, ProviderUnavailable, Role, Turn
from vink_chat.answering.providers import OpenAIProvider

PROMPT = Prompt((Turn(Role.USER, "Вопрос"),), stream=True)


async def told(
    answer: httpx.Response, base_url: str = "http://model", api_key: str = ""
) -> tuple[list[Draft], httpx.Request]:
    seen: list[httpx.Request] = []

    def answering(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(answering)) as client:
        provider = OpenAIProvider(base_url, api_key, "qwen", client=client)
        return [draft async for draft in provider.generate(PROMPT)], seen[0]


def events(*values: object) -> httpx.Response:
    lines = [value if isinstance(value, str) else "data: " + json.dumps(value) for value in values]
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, text="\r\n\r\n".join(lines) + "\r\n\r\n")


def piece(content: str | None, finish: str | None = None) -> dict[str, object]:
    return {"model": "qwen", "choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]}


@pytest.mark.parametrize(
    ("base_url", "address"),
    [
        ("http://model", "http://model/v1/chat/completions"),
        ("http://model/v1/", "http://model/v1/chat/completions"),
        ("http://model/api/v1", "http://model/api/v1/chat/completions"),
    ],
)
async def test_the_address_may_end_with_its_version(base_url: str, address: str):
    _, request = await told(events(piece("Да", "stop")), base_url)

    assert str(request.url) == address


async def test_a_server_without_keys_is_sent_none():
    _, request = await told(events(piece("Да", "stop")))

    assert "authorization" not in request.headers
    assert request.headers["x-data-logging-enabled"] == "false"


async def test_roles_comments_and_usage_stand_between_the_words():
    usage = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2}}
    first = {"model": "qwen", "choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}]}

    drafts, _ = await told(
        events(
            ": ping",
            "event: message",
            first,
            piece("Да,"),
            piece(None),
            piece(" есть"),
            piece("", "stop"),
            usage,
            "data: [DONE]",
        )
    )

    assert [draft.text for draft in drafts] == ["Да,", "Да, есть", "Да, есть"]
    assert drafts[-1].outcome is Outcome.COMPLETE
    assert (drafts[-1].usage.input_tokens, drafts[-1].usage.output_tokens) == (5, 2)


async def test_a_server_that_cannot_stream_answers_at_once():
    message = {"message": {"role": "assistant", "content": "Да"}, "finish_reason": "stop"}

    drafts, _ = await told(httpx.Response(200, text=json.dumps({"choices": [message]}, indent=2)))

    assert [(draft.text, draft.outcome) for draft in drafts] == [("Да", Outcome.COMPLETE)]


async def test_an_end_without_a_reason_is_no_whole_answer():
    drafts, _ = await told(events(piece("Да, но"), "data: [DONE]"))

    assert drafts[-1].outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(401, json={"error": {"message": "Incorrect API key provided"}}), ProviderMisconfigured),
        (httpx.Response(404, json={"error": "model 'qwen' not found"}), ProviderMisconfigured),
        (httpx.Response(307, headers={"location": "https://model/v1"}), ProviderMisconfigured),
        (httpx.Response(400, json={"message": "Failed to parse model URI"}), ProviderMisconfigured),
        (httpx.Response(400, json={"message": "context is too long"}), ProviderUnavailable),
        (httpx.Response(200, json={"error": {"error": "overloaded", "code": 503}}), ProviderUnavailable),
        (httpx.Response(200, json=[1, 2]), ProviderUnavailable),
        (events(piece("Да"), {"error": {"message": "overloaded"}}), ProviderUnavailable),
        (events(piece("Да"), "data: {oops"), ProviderUnavailable),
        (events(piece("Да")), ProviderUnavailable),
    ],
)
async def test_errors_come_in_many_shapes(answer: httpx.Response, kind: type[ProviderUnavailable]):
    with pytest.raises(ProviderUnavailable) as caught:
        await told(answer)

    assert type(caught.value) is kind
