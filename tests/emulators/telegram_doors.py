"""The HTTP side: forms, JSON and multipart in, Telegram's JSON out; and a door to play people and order faults."""

import asyncio
import json
import time
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.emulators.telegram_methods import BY_LOWER
from tests.emulators.telegram_state import Fault, Message, Refusal, Telegram


def application(telegram: Telegram) -> Starlette:
    """Return the Bot API server of one bot, and ``/_control``."""

    async def call(request: Request) -> Response:
        return await _call(telegram, request)

    async def controlled(request: Request) -> Response:
        return JSONResponse(control(telegram, await request.json()))

    routes = [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/_control", controlled, methods=["POST"]),
    ]
    return Starlette(routes=routes)


async def _call(telegram: Telegram, request: Request) -> Response:
    if request.path_params["token"] != telegram.token:
        return _refused(Refusal(401, "Unauthorized"))
    found = BY_LOWER.get(request.path_params["method"].lower())
    if found is None:
        return _refused(Refusal(404, "Not Found"))
    name, method = found
    given = await _given(request)
    telegram.calls.append((time.monotonic(), name, given))
    fault = _fault(telegram, name, given)
    if telegram.latency and name != "getUpdates":
        await asyncio.sleep(telegram.latency)
    try:
        await _go_wrong(telegram, fault, given)
        result = await method(telegram, given)
    except Refusal as refusal:
        telegram.refusals.append((name, refusal.code, refusal.description))
        return _refused(refusal)
    except ConnectionAbortedError:
        return _Cut()
    return await _answer(fault, result)


async def _answer(fault: Fault | None, result: Any) -> Response:
    """Answer a call that was done, or lose the answer on its way."""
    if fault and fault.kind == "hang_after":
        await asyncio.sleep(fault.seconds)
    if fault and fault.kind == "cut_after":
        return _Cut()
    if fault and fault.kind == "odd":
        return Response(fault.description, 200, media_type="application/json")
    return JSONResponse({"ok": True, "result": result})


def _fault(telegram: Telegram, name: str, given: dict[str, Any]) -> Fault | None:
    chat = given.get("chat_id")
    fault = next((one for one in telegram.faults if one.fits(name, int(chat) if chat else None)), None)
    if fault:
        fault.times -= 1
    return fault


async def _go_wrong(telegram: Telegram, fault: Fault | None, given: dict[str, Any]) -> None:
    if fault is None:
        return
    if fault.kind == "cut":
        raise ConnectionAbortedError
    if fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "refuse" and fault.retry_after:
        telegram.closed_until[int(given.get("chat_id") or 0)] = time.monotonic() + fault.retry_after
        raise Refusal(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)
    if fault.kind == "refuse":
        raise Refusal(fault.code, fault.description)


async def _given(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        body = await request.json()
        return dict(request.query_params) | (body if isinstance(body, dict) else {})
    fields: dict[str, Any] = dict(request.query_params)
    if kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        async with request.form() as form:
            for key, value in form.items():
                fields[key] = value if isinstance(value, str) else f"{value.filename}\n{(await value.read()).decode()}"
    return {key: _read(value) for key, value in fields.items()}


def _read(value: Any) -> Any:
    # In a form, objects and lists stand as JSON; everything else is text, digits included.
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _refused(refusal: Refusal) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return JSONResponse(body, refusal.code)


class _Cut(Response):
    """A connection that ends in the middle of the answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b'{"ok":tr', "more_body": True})
        raise ConnectionAbortedError


def control(telegram: Telegram, order: dict[str, Any]) -> dict[str, Any]:
    """Obey an order.

    ``{"do": "person", "id": 11, "name": "Ольга"}``, ``{"do": "group", "id": -1001}``,
    ``{"do": "say", "person": 11, "text": "/start", "chat": -1001, "thread": 5, "answers": 7}``,
    ``{"do": "press", "person": 11, "chat": 11, "message": 3, "data": "b:1:"}``, ``{"do": "block", "person": 11}``,
    ``{"do": "delete_topic", "chat": -1001, "thread": 5}``, ``{"do": "fail", "method": "sendMessage", "code": 500}``,
    ``{"do": "seen", "chat": 11}``, ``{"do": "counts"}``.
    """
    match order.pop("do"):
        case "say":
            said = telegram.say(order.pop("person"), order.pop("text", None), **order)
            return {"message": said.number}
        case "press":
            at = (order["chat"], order["message"])
            pressed: Message = next(one for one in telegram.messages if (one.chat_id, one.number) == at)
            return {"press": telegram.press_data(order["person"], pressed, order["data"])}
        case "seen":
            seen = telegram.seen(order["chat"], order.get("thread"), bot=False)
            return {"messages": [{"number": one.number, "text": one.text, "buttons": one.buttons} for one in seen]}
        case "counts":
            return {"calls": len(telegram.calls), "messages": len(telegram.messages)}
        case ("person" | "group" | "block" | "delete_topic" | "fail") as name:
            if "id" in order:
                order["number"] = order.pop("id")
            getattr(telegram, name)(**order)
    return {}
