"""YandexGPT by its native REST API (POST /foundationModels/v1/completion).

Source: https://yandex.cloud/ru/docs/ai-studio/text-generation/api-ref/TextGeneration/completion; that page omits the
``result`` wrapper of every body. A stream is lines of JSON, each with the whole text so far; it ends with the body.
"""

from collections.abc import AsyncGenerator
from typing import Final
from uuid import uuid4

import httpx
from pydantic import BaseModel, Field, ValidationError

from vink_chat.answering.provider import Draft, Outcome, Prompt, ProviderUnavailable, Usage
from vink_chat.answering.providers import http

BASE_URL: Final = "https://llm.api.cloud.yandex.net"
_PATH: Final = "/foundationModels/v1/completion"
_OUTCOMES: Final = {
    "ALTERNATIVE_STATUS_PARTIAL": Outcome.PARTIAL,
    "ALTERNATIVE_STATUS_FINAL": Outcome.COMPLETE,
    "ALTERNATIVE_STATUS_TRUNCATED_FINAL": Outcome.TRUNCATED,
    "ALTERNATIVE_STATUS_CONTENT_FILTER": Outcome.FILTERED,
}


class _Message(BaseModel):
    text: str | None = None


class _Alternative(BaseModel):
    message: _Message = _Message()
    status: str = ""


class _Usage(BaseModel):
    inputTextTokens: http.Count = 0  # noqa: N815  the vendor's spelling
    completionTokens: http.Count = 0  # noqa: N815  the vendor's spelling


class _Result(BaseModel):
    alternatives: list[_Alternative] = Field(min_length=1)
    usage: _Usage | None = None
    modelVersion: str = ""  # noqa: N815  the vendor's spelling


class _Frame(BaseModel):
    result: _Result


class YandexProvider:
    """YandexGPT, and the other models that speak its native API.

    Args:
        api_key: The secret of an API key, or an IAM token (``t1.…``).
        folder_id: The folder of the key's service account.
        model: The tail of a model's address (``yandexgpt-lite/latest``) or a whole ``gpt://…``.
        base_url: Scheme and host.
        client: Used instead of a client of its own, and not closed here.
    """

    name = "yandex"

    def __init__(
        self,
        api_key: str,
        folder_id: str,
        model: str = "yandexgpt-lite/latest",
        base_url: str = BASE_URL,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        self._api_key = api_key.strip()
        self._folder_id = folder_id.strip()
        self._model = model.strip()
        self._url = base_url.rstrip("/") + _PATH
        self._owned = client is None
        self._client = client or httpx.AsyncClient(timeout=http.TIMEOUT, limits=http.LIMITS)

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Draft, None]:
        """Yield drafts of one answer, the last one final.

        Raises:
            ProviderUnavailable: No whole answer came.
        """
        last_text = ""
        async with http.post(self._client, self._url, self._headers(), self._body(prompt)) as response:
            lines = http.lines(response)
            async for line in lines:
                draft = _draft(line, response)
                if draft.outcome is not Outcome.PARTIAL:
                    await http.last_lines(lines)
                    yield draft
                    return
                # A four-byte character cut in half; the next frame has all of it.
                text = draft.text.rstrip("\ufffd")
                if prompt.stream and text and text != last_text:
                    last_text = text
                    yield Draft(text, Outcome.PARTIAL, draft.usage, draft.model, draft.request_id)
            raise http.cut_short(response)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._owned:
            await self._client.aclose()

    def _headers(self) -> dict[str, str]:
        scheme = "Bearer" if self._api_key.startswith("t1.") else "Api-Key"
        return {
            "Authorization": f"{scheme} {self._api_key}",
            "x-folder-id": self._folder_id,
            # Requests contain visitors' personal data, and by default the vendor logs them.
            "x-data-logging-enabled": "false",
            "x-client-request-id": str(uuid4()),
        }

    def _uri(self, model: str) -> str:
        return model if "://" in model else f"gpt://{self._folder_id}/{model}"

    def _body(self, prompt: Prompt) -> dict[str, object]:
        return {
            "modelUri": self._uri(prompt.model or self._model),
            "completionOptions": {
                "stream": prompt.stream,
                "temperature": min(max(prompt.temperature, 0.0), 1.0),
                "maxTokens": str(prompt.max_tokens),
            },
            # The API refuses an empty text with 400.
            "messages": [{"role": turn.role.value, "text": turn.text} for turn in prompt.turns if turn.text.strip()],
        }


def _draft(line: bytes, response: httpx.Response) -> Draft:
    try:
        result = _Frame.model_validate_json(line).result
    except ValidationError:
        error = http.error_in(line)
        if error:
            raise http.refusal(response, error) from None
        request_id = response.headers.get("x-request-id", "")
        raise ProviderUnavailable("the response is not the model's answer", request_id=request_id) from None
    first = result.alternatives[0]
    usage = result.usage or _Usage()
    return Draft(
        first.message.text or "",
        _OUTCOMES.get(first.status, Outcome.UNKNOWN),
        Usage(usage.inputTextTokens, usage.completionTokens),
        result.modelVersion,
        response.headers.get("x-request-id", ""),
    )
