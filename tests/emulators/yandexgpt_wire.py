"""Bytes as the service sends them: frames, events, errors, and bodies that end in a bad way."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.emulators.yandexgpt_answers import tokens
from tests.emulators.yandexgpt_faults import Refused
from tests.emulators.yandexgpt_plans import FILTER, FINAL, PARTIAL, TOOLS, TRUNCATED, Ending, Plan

VERSION = "09.02.2025"
FINISH = {FINAL: "stop", TRUNCATED: "length", FILTER: "content_filter", TOOLS: "tool_calls", PARTIAL: None}


def dumps(value: Any) -> bytes:
    """Write JSON the service's way: compact, letters unescaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def headers(request: Request) -> dict[str, str]:
    """Return the headers of every answer."""
    trace = uuid4().hex[:16]
    return {
        "server": "ycalb",
        "x-client-request-id": request.headers.get("x-client-request-id", str(uuid4())),
        "x-request-id": str(uuid4()),
        "x-server-trace-id": f"{trace}:{uuid4().hex[:16]}:{trace}:1",
    }


def stream_error(refused: Refused) -> dict[str, Any]:
    """Return shape A, the error of a streaming method; also the last chunk of a broken stream."""
    error = {"grpcCode": refused.grpc, "httpCode": refused.status, "message": refused.message}
    return {"error": {**error, "httpStatus": HTTPStatus(refused.status).phrase, "details": []}}


def refusal(request: Request, refused: Refused) -> Response:
    """Return the response of a refused request."""
    message, grpc = refused.message, refused.grpc
    known = headers(request) | refused.headers
    body: dict[str, Any]
    match refused.shape:
        case "html" | "text":
            kind = "text/html" if refused.shape == "html" else "text/plain"
            return Response(message, refused.status, known, media_type=kind)
        case "unary":
            body = {"error": message, "code": grpc, "message": message, "details": []}
        case "envoy":
            kind = "type.googleapis.com/google.rpc.RequestInfo"
            body = {"code": grpc, "message": message, "details": [{"@type": kind, "requestId": str(uuid4())}]}
        case "responses":
            body = {"error": {"code": "model_call_error", "message": message}, "output": []}
        case "openai":
            body = {
                "error": {"message": message, "type": "invalid_request_error", "param": None, "code": refused.status}
            }
        case _:
            body = stream_error(refused)
    return Response(dumps(body), refused.status, known, media_type="application/json")


def frame(plan: Plan, text: str, status: str, asked: int) -> bytes:
    """Return one ``result`` object of the native API, with its line end."""
    spent = tokens(text)
    message: dict[str, Any] = {"role": "assistant", "text": text}
    if status == TOOLS:
        call = {"functionCall": {"name": "f", "arguments": {"a": 5.0}}}
        message = {"role": "assistant", "toolCallList": {"toolCalls": [call]}}
    alternative: dict[str, Any] = {"message": message, "status": status}
    usage: dict[str, Any] = {"inputTextTokens": str(asked), "completionTokens": str(spent)}
    usage |= {"totalTokens": str(asked + spent), "completionTokensDetails": {"reasoningTokens": "0"}}
    result: dict[str, Any] = {"alternatives": [alternative], "usage": usage, "modelVersion": VERSION}
    whole: dict[str, Any] = {"result": result}
    if plan.extra:
        for part in (message, alternative, usage, result, whole):
            part["novelty"] = {"since": "2027", "values": [1, None]}
    return dumps(whole) + b"\n"


def native(plan: Plan, asked: int, *, stream: bool) -> list[bytes]:
    """Return the chunks of a native answer."""
    texts = plan.texts if stream else plan.texts[-1:]
    clean = plan.status != PARTIAL
    last = len(texts) - 1
    chunks = [frame(plan, text, plan.status if clean and n == last else PARTIAL, asked) for n, text in enumerate(texts)]
    if plan.ending is Ending.ERROR:
        chunks = [*(chunks if stream else []), dumps(stream_error(Refused(500, 13, "internal error")))]
    elif not stream and plan.ending is not Ending.CLEAN:
        chunks = [chunk[: len(chunk) // 2] for chunk in chunks]
    return chunks


def compatible(plan: Plan, asked: int, *, stream: bool, model: str) -> list[bytes]:
    """Return the chunks of a ``/v1/chat/completions`` answer."""
    head: dict[str, Any] = {"id": str(uuid4()), "created": int(time.time()), "model": model}
    head["object"] = "chat.completion.chunk" if stream else "chat.completion"
    finish = FINISH.get(plan.status, "parse_error")
    error = {"error": {"message": "internal error", "code": 500}}
    if stream:
        chunks = [b"data: " + dumps(head | {"choices": [choice]}) + b"\n\n" for choice in _choices(plan, finish)]
        tail = {Ending.CLEAN: [b"data: [DONE]\n\n"], Ending.ERROR: [b"data: " + dumps(error) + b"\n\n"]}
        return chunks + (tail.get(plan.ending, []) if plan.status != PARTIAL or plan.ending is Ending.ERROR else [])
    if plan.ending is Ending.ERROR:
        return [dumps(error)]
    text = plan.texts[-1] if plan.texts else ""
    message = {"role": "assistant", "content": text} | ({"novelty": [1]} if plan.extra else {})
    usage = {"prompt_tokens": asked, "total_tokens": asked + tokens(text), "completion_tokens": tokens(text)}
    choices = [{"index": 0, "message": message, "finish_reason": finish}]
    body = dumps(head | {"choices": choices, "usage": usage})
    return [body if plan.ending is Ending.CLEAN else body[: len(body) // 2]]


def _choices(plan: Plan, finish: str | None) -> list[dict[str, Any]]:
    texts = [text for text in plan.texts if not text.endswith("\ufffd")]
    choices: list[dict[str, Any]] = []
    told = ""
    for text in texts:
        delta: dict[str, Any] = {"content": text.removeprefix(told)} if text.startswith(told) else {"content": text}
        choices.append({"index": 0, "delta": delta, "finish_reason": None})
        told = text
    if choices:
        choices[0]["delta"] = {"role": "assistant"} | choices[0]["delta"]
        choices[-1]["finish_reason"] = finish
        choices[-1] |= {"novelty": 1} if plan.extra else {}
    return choices


@dataclass
class Delivery:
    """A response told chunk by chunk, as well or as badly as planned."""

    plan: Plan
    chunks: list[bytes]
    headers: dict[str, str]
    latency: float
    pace: float
    closing: asyncio.Event
    done: Callable[[], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it (ASGI)."""
        try:
            await asyncio.sleep(self.latency)
            if self.plan.mute:
                await self._silence(receive)
                return
            raw = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
            await send({"type": "http.response.start", "status": 200, "headers": raw})
            async for chunk in self._pieces():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            if self.plan.ending is Ending.SILENCE:
                await self._silence(receive)
            # A return without the end of the body makes the server cut the connection.
            if self.plan.ending in {Ending.CLEAN, Ending.ERROR}:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.done()

    async def _pieces(self) -> AsyncIterator[bytes]:
        for number, chunk in enumerate(self.chunks):
            if number and self.pace:
                await asyncio.sleep(self.pace)
            size = self.plan.piece or len(chunk)
            for start in range(0, len(chunk), size):
                yield chunk[start : start + size]
                await asyncio.sleep(0)

    async def _silence(self, receive: Receive) -> None:
        waits = {asyncio.ensure_future(self._gone(receive)), asyncio.ensure_future(self.closing.wait())}
        _, rest = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()

    @staticmethod
    async def _gone(receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
