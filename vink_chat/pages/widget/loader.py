"""Serves the loader for other sites: small, with the shop's look filled in, cached by browsers for minutes."""

import gzip
import hashlib
import json
import re
from functools import lru_cache
from typing import Final

from fastapi import APIRouter, Request, Response

from vink_chat import preferences
from vink_chat.kit import files
from vink_chat.kit.words import say
from vink_chat.web import build

router = APIRouter(include_in_schema=False)

_SOURCE: Final = files.ASSETS / "widget.js"
_LOOK: Final = re.compile(r'\{\s*colour:\s*"#ffd500",\s*position:\s*"right",\s*names:\s*\[[^\]]*\]\s*\}')
_CACHE_CONTROL: Final = "public, max-age=300, stale-while-revalidate=86400"


@router.api_route("/widget.js", methods=["GET", "HEAD"])
async def widget(request: Request) -> Response:
    """Send the loader."""
    look = preferences.current(preferences.Look)
    whole, packed, tag = _served(
        look.colour, look.position.value, tuple(say(look.title, language) for language in ("ru", "en"))
    )
    headers = {
        "cache-control": _CACHE_CONTROL,
        "content-type": "text/javascript; charset=utf-8",
        # Sites with a strict Cross-Origin-Embedder-Policy may load it too.
        "cross-origin-resource-policy": "cross-origin",
        "etag": tag,
        "vary": "accept-encoding",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers=headers | {"content-encoding": "gzip"})
    return Response(whole, headers=headers)


@lru_cache(maxsize=4)
def _served(colour: str, position: str, names: tuple[str, ...]) -> tuple[bytes, bytes, str]:
    built = build.folder() / _SOURCE.name
    text = (built if built.exists() else _SOURCE).read_text(encoding="utf-8")
    values = {"colour": colour, "position": position, "names": names}
    look = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    text, count = _LOOK.subn(lambda _: look, text)
    if count != 1:
        message = f"{_SOURCE} has no look to fill in"
        raise RuntimeError(message)
    whole = text.encode()
    tag = f'W/"{hashlib.sha256(whole).hexdigest()[:16]}"'
    return whole, gzip.compress(whole, 9, mtime=0), tag
