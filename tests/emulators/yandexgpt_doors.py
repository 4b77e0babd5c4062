"""The addresses of the emulated service."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.emulators import yandexgpt_answers as answers
from tests.emulators import yandexgpt_checks as checks
from tests.emulators import yandexgpt_wire as wire
from tests.emulators.yandexgpt_faults import Refused
from tests.emulators.yandexgpt_plans import Plan
from tests.emulators.yandexgpt_state import Emulator, Seen

JSON = "application/json"
Door = Callable[[Request], Awaitable[Any]]


def pick(body: Mapping[str, Any], name: str, snake: str) -> Any:
    """Read a field by its JSON name or by its proto name."""
    return body.get(name, body.get(snake))


def mapping(value: object, name: str) -> Mapping[str, Any]:
    """Check that a field is an object."""
    if value is not None and not isinstance(value, Mapping):
        raise checks.invalid(f"{name} must be an object")
    return value or {}


class Doors:
    """Every address, bound to one emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    async def body(self, request: Request) -> Mapping[str, Any]:
        """Read and record a request, then check who asks."""
        raw = await request.body()
        try:
            body = json.loads(raw) if raw else {}
        except ValueError as error:
            self.emulator.requests.append(Seen(request.method, request.url.path, dict(request.headers), None))
            raise Refused(400, 3, f"invalid character: {error}", "unary") from None
        self.emulator.requests.append(Seen(request.method, request.url.path, dict(request.headers), body))
        header = request.headers.get("authorization", "")
        checks.authorize(header, self.emulator.api_key, self.emulator.issued)
        return mapping(body, "body")

    async def completion(self, request: Request) -> wire.Delivery:
        """``POST /foundationModels/v1/completion``."""
        body = await self.body(request)
        uri = pick(body, "modelUri", "model_uri")
        checks.model(uri, self.emulator.folder, request.headers.get("x-folder-id", ""))
        options = mapping(pick(body, "completionOptions", "completion_options"), "completionOptions")
        checks.temperature(options.get("temperature"))
        most = checks.number(pick(options, "maxTokens", "max_tokens"), 2000, "maxTokens")
        stream = options.get("stream", False)
        if not isinstance(stream, bool):
            raise checks.invalid("stream must be a bool")
        texts = checks.texts(body.get("messages"), "text")
        plan = self.emulator.plan(texts, _last(body["messages"], "text"), most)
        chunks = wire.native(plan, sum(map(answers.tokens, texts)), stream=stream)
        return self._deliver(request, plan, chunks, JSON)

    async def chat(self, request: Request) -> wire.Delivery:
        """``POST /v1/chat/completions``."""
        body = await self.body(request)
        project = request.headers.get("openai-project", "")
        checks.model(body.get("model"), self.emulator.folder, project, native=False)
        checks.temperature(body.get("temperature"))
        most = checks.number(body.get("max_tokens"), 2000, "max_tokens")
        texts = checks.texts(body.get("messages"), "content")
        plan = self.emulator.plan(texts, _last(body["messages"], "content"), most)
        stream = body.get("stream") is True
        asked = sum(map(answers.tokens, texts))
        chunks = wire.compatible(plan, asked, stream=stream, model=str(body["model"]))
        return self._deliver(request, plan, chunks, "text/event-stream" if stream else JSON)

    def _deliver(self, request: Request, plan: Plan, chunks: list[bytes], kind: str) -> wire.Delivery:
        self.emulator.begin()
        known = wire.headers(request) | {"content-type": kind}
        one = self.emulator
        return wire.Delivery(plan, chunks, known, one.latency, one.pace, one.closing, one.end)

    async def tokenize(self, request: Request) -> Response:
        """``POST /foundationModels/v1/tokenize`` and ``tokenizeCompletion``."""
        body = await self.body(request)
        checks.model(pick(body, "modelUri", "model_uri"), self.emulator.folder)
        texts = checks.texts(body["messages"], "text") if "messages" in body else [str(body.get("text", ""))]
        pieces = ["<s>"] + [text[n : n + 3] for text in texts for n in range(0, len(text), 3)]
        found = [{"id": str(n + 1), "text": piece, "special": not n} for n, piece in enumerate(pieces)]
        return JSONResponse({"tokens": found, "modelVersion": wire.VERSION}, headers=wire.headers(request))

    async def models(self, request: Request) -> Response:
        """``GET /v1/models``."""
        await self.body(request)
        folder = self.emulator.folder or request.headers.get("openai-project", "folder")
        owners = checks.MODELS | checks.COMPATIBLE_ONLY
        listed = [
            {"id": f"gpt://{folder}/{name}/latest", "object": "model", "owned_by": owner, "created": 0}
            for name, owner in owners.items()
        ]
        return JSONResponse({"object": "list", "data": listed}, headers=wire.headers(request))

    async def token(self, request: Request) -> Response:
        """``POST /iam/v1/tokens``."""
        body = json.loads(await request.body() or b"{}")
        self.emulator.requests.append(Seen("POST", request.url.path, dict(request.headers), None))
        if not (body.get("jwt") or body.get("yandexPassportOauthToken")):
            raise Refused(400, 3, "one of jwt, yandexPassportOauthToken is required", "envoy")
        token = f"t1.{uuid4().hex}.{uuid4().hex}{uuid4().hex}{'a' * 22}"
        self.emulator.issued.add(token)
        expires = datetime.now(UTC) + timedelta(hours=12)
        return JSONResponse({"iamToken": token, "expiresAt": expires.isoformat().replace("+00:00", "Z")})

    async def control(self, request: Request) -> Response:
        """``POST /_control``: faults and settings."""
        self.emulator.control(await request.json())
        return JSONResponse({"ok": True})

    async def seen(self, request: Request) -> Response:
        """``GET``, ``DELETE /_control/requests``: read what was asked, or begin anew."""
        if request.method == "DELETE":
            self.emulator.reset()
        return JSONResponse({"requests": self.emulator.seen(), "peak": self.emulator.peak})


def _last(messages: list[dict[str, Any]], field: str) -> str:
    return next((str(one.get(field, "")) for one in reversed(messages) if one["role"] == "user"), "")


def application(emulator: Emulator) -> Starlette:
    """Return the ASGI application of an emulator."""
    doors = Doors(emulator)

    async def refused(request: Request, error: Exception) -> Response:
        known = error if isinstance(error, Refused) else Refused(500, 13, "internal error")
        if known.shape == "stream" and request.url.path.startswith("/v1/"):
            known.shape = "openai"
        elif known.shape == "stream" and not request.url.path.endswith("/completion"):
            known.shape = "unary"
        return wire.refusal(request, known)

    async def nowhere(request: Request, error: Exception) -> Response:
        return PlainTextResponse("404 page not found\n", 404)

    routes = [
        _post("/foundationModels/v1/completion", doors.completion),
        _post("/foundationModels/v1/tokenize", doors.tokenize),
        _post("/foundationModels/v1/tokenizeCompletion", doors.tokenize),
        _post("/v1/chat/completions", doors.chat),
        Route("/v1/models", doors.models),
        _post("/iam/v1/tokens", doors.token),
        _post("/_control", doors.control),
        Route("/_control/requests", doors.seen, methods=["GET", "DELETE"]),
    ]
    return Starlette(routes=routes, exception_handlers={Refused: refused, 404: nowhere, 405: nowhere})


def _post(path: str, door: Door) -> Route:
    return Route(path, door, methods=["POST"])
