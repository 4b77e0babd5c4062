"""The contract for people and programs: the OpenAPI document, and a page to read and try it.

Swagger UI comes with a package and is served from here: the page asks no other host for anything.
"""

from importlib.resources import files
from pathlib import Path
from typing import Final

import fastapi_swagger
from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

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
# In a file of its own: no page of ours may run an inline script that its policy does not name.
_SCRIPT: Final = """
SwaggerUIBundle({url: "/api/openapi.json", dom_id: "#manual", deepLinking: true, validatorUrl: null});
"""

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
    """Return what starts Swagger UI."""
    return Response(_SCRIPT, media_type="text/javascript")


@router.get("/swagger/{name}")
async def part(name: str) -> Response:
    """Return a file of Swagger UI."""
    if name not in _FILES:
        return Response(status_code=404)
    found = files(fastapi_swagger) / "resources" / name
    return Response(found.read_bytes(), media_type=_FILES[name])
