"""The REST application around the pages: health checks, the manual of the contract, and Telegram's webhook.

Swagger UI comes with a package and is served from here: the manual asks no other host for anything.
"""

from importlib.resources import files
from pathlib import Path
from typing import Final

import fastapi_swagger
from fastapi import APIRouter, FastAPI, Request, Response
from starlette.responses import HTMLResponse

from vink_chat import channels
from vink_chat.kit import db

DOCUMENT: Final = Path(__file__).with_name("openapi.json")

_FILES: Final = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
_PAGE: Final = """<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Чат поддержки: REST</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/swagger/swagger-ui.css">
</head>
<body>
<main id="manual"></main>
<script src="/swagger/swagger-ui-bundle.js"></script>
<script src="/swagger/manual.js"></script>
</body>
</html>
"""
# A separate file, because the Content-Security-Policy forbids inline scripts that it does not name.
_SCRIPT: Final = """
SwaggerUIBundle({url: "/api/openapi.json", dom_id: "#manual", deepLinking: true, validatorUrl: null});
"""

_MAX_UPDATE_BYTES: Final = 1_000_000
_MAX_LENGTH_DIGITS: Final = 12

router = APIRouter()


@router.get("/api/openapi.json")
async def document() -> Response:
    """Return the OpenAPI document."""
    return Response(DOCUMENT.read_bytes(), media_type="application/json")


@router.get("/swagger")
@router.get("/swagger/")
async def manual() -> Response:
    """Return the page."""
    return HTMLResponse(_PAGE)


@router.get("/swagger/manual.js")
async def script() -> Response:
    """Return the script that starts Swagger UI."""
    return Response(_SCRIPT, media_type="text/javascript")


@router.get("/swagger/{name}")
async def part(name: str) -> Response:
    """Return a file of Swagger UI."""
    if name not in _FILES:
        return Response(status_code=404)
    path = files(fastapi_swagger) / "resources" / name
    return Response(path.read_bytes(), media_type=_FILES[name])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Report that the process runs."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(response: Response) -> dict[str, str]:
    """Report whether the database can be read and written, or why not."""
    reason = await db.trouble()
    if not reason:
        return {"status": "ok"}
    response.status_code = 503
    return {"status": "unavailable", "reason": reason}


@router.post("/api/telegram", include_in_schema=False)
async def receive_update(request: Request) -> Response:
    """Take one update of Telegram; any other request gets 404, as if this path did not exist.

    A genuine update that is too long, or has no Content-Length, gets 413 or 411 before its body is read.
    """
    secret = request.headers.get("x-telegram-bot-api-secret-token", "")
    length = request.headers.get("content-length", "")
    if not channels.accepts_secret(secret):
        return Response(status_code=404)
    if not length.isdecimal():
        return Response(status_code=411)
    if len(length) > _MAX_LENGTH_DIGITS or int(length) > _MAX_UPDATE_BYTES:
        return Response(status_code=413)
    accepted = await channels.deliver(secret, await request.body())
    return Response(status_code=200 if accepted else 404)


def application() -> FastAPI:
    """Return the REST application."""
    api = FastAPI(title="vink_chat", docs_url=None, redoc_url=None, openapi_url=None)
    api.include_router(router)
    return api
