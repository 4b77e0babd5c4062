"""Any server with OpenAI's chat completions API: Yandex's ``/v1``, vLLM, Ollama and others.

Source: https://platform.openai.com/docs/api-reference/chat; what Yandex does otherwise:
https://yandex.cloud/ru/docs/ai-studio/concepts/openai-compatibility.
"""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Final
from uuid import uuid4

import httpx
from pydantic import BaseModel, ValidationError

from vink_chat.answering.provider import Draft, Outcome, Prompt, ProviderUnavailable, Usage
from vink_chat.answering.providers import http

_OUTCOMES: Final = {
    "stop": Outcome.COMPLETE,
    "length": Outcome.TRUNCATED,
    "content_filter": Outcome.FILTERED,
}


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message | None = None
    delta: _Message | None = None
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: http.Count = 0
    completion_tokens: http.Count = 0


class _Completion(BaseModel):
    choices: list[_Choice]
    usage: _Usage | None = None
    model: str = ""

    def continue_(self, draft: Draft) -> Draft:
        """Return the draft with this piece of the answer appended."""
        usage = Usage(self.usage.prompt_tokens, self.usage.completion_tokens) if self.usage else draft.usage
        draft = replace(draft, usage=usage, model=self.model or draft.model)
        for choice in self.choices[:1]:
            piece = ((choice.message or choice.delta or _Message()).content) or ""
            outcome = _OUTCOMES.get(choice.finish_reason, Outcome.UNKNOWN) if choice.finish_reason else draft.outcome
            # The filter's sentence replaces the text.
            text = piece if piece and outcome is Outcome.FILTERED else draft.text + piece
            draft = replace(draft, text=text, outcome=outcome)
        return draft


class OpenAIProvider:
    """A model behind a ``/chat/completions`` address.

    Args:
        base_url: With or without a final ``/v1``.
        api_key: Sent as ``Bearer``; empty for servers that need none.
        model: As the server names it (Yandex: a whole ``gpt://<folder>/…``).
        project: Sent as ``OpenAI-Project`` (Yandex: the folder).
        client: Used instead of a client of its own, and not closed here.
    """

    name = "openai_compatible"

    def __init__(
        self, base_url: str, api_key: str, model: str, project: str = "", client: httpx.AsyncClient | None = None
    ) -> None:
        base_url = base_url.rstrip("/")
        self._url = f"{base_url if base_url.endswith('/v1') else base_url + '/v1'}/chat/completions"
        self._api_key = api_key.strip()
        self._model = model.strip()
        self._project = project.strip()
        self._owned = client is None
        self._client = client or httpx.AsyncClient(timeout=http.TIMEOUT, limits=http.LIMITS)

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Draft, None]:
        """Yield drafts of one answer, the last one final.

        Raises:
            ProviderUnavailable: No whole answer came.
        """
        async with http.post(self._client, self._url, self._headers(), self._body(prompt)) as response:
            draft = Draft("", Outcome.PARTIAL, request_id=response.headers.get("x-request-id", ""))
            events = "event-stream" in response.headers.get("content-type", "")
            lines = http.lines(response) if events else http.whole(response)
            async for line in lines:
                before, draft = draft.text, _continued(draft, line, response)
                if draft.outcome is not Outcome.PARTIAL:
                    for rest in await http.last_lines(lines):
                        draft = _usage_of(draft, rest)
                    yield draft
                    return
                if prompt.stream and draft.text != before:
                    yield draft
            raise http.cut_short(response)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._owned:
            await self._client.aclose()

    def _headers(self) -> dict[str, str]:
        headers = {"x-data-logging-enabled": "false", "x-client-request-id": str(uuid4())}
        if self._api_key:
            headers["Authorization"] = f"Bearer {self._api_key}"
        if self._project:
            headers["OpenAI-Project"] = self._project
        return headers

    def _body(self, prompt: Prompt) -> dict[str, object]:
        turns = [turn for turn in prompt.turns if turn.text.strip()]
        return {
            "model": prompt.model or self._model,
            "messages": [{"role": turn.role.value, "content": turn.text} for turn in turns],
            "stream": prompt.stream,
            "temperature": min(max(prompt.temperature, 0.0), 1.0),
            "max_tokens": prompt.max_tokens,
        }


def _continued(draft: Draft, line: bytes, response: httpx.Response) -> Draft:
    value = line
    if "event-stream" in response.headers.get("content-type", ""):
        name, _, value = line.partition(b":")
        # Comments keep the connection alive; the names of the events do not matter.
        if name != b"data":
            return draft
    if value.strip() == b"[DONE]":
        return replace(draft, outcome=Outcome.UNKNOWN)
    error = http.error_in(value)
    if error:
        raise http.refusal(response, error)
    try:
        return _Completion.model_validate_json(value).continue_(draft)
    except ValidationError:
        raise ProviderUnavailable("the response is not a model's answer", request_id=draft.request_id) from None


def _usage_of(draft: Draft, line: bytes) -> Draft:
    try:
        usage = _Completion.model_validate_json(line.partition(b":")[2]).usage
    except ValidationError:
        return draft
    return replace(draft, usage=Usage(usage.prompt_tokens, usage.completion_tokens)) if usage else draft
