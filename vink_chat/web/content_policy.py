"""Content-Security-Policy of every answer: which scripts may run, where pictures come from, who may frame the chat.

The built pages hold inline scripts of React Router, of Reflex and of ours. Each page names the hashes of its own, so
that a script somebody smuggles into a page does not run. Styles may be inline: React writes ``style`` attributes.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from vink_chat import config, preferences
from vink_chat.web import build

_INLINE: Final = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_FIXED: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'"
)
# A logo is shown there as it is typed, before it is saved.
_PREVIEW: Final = "/admin/look"


def policy(path: str) -> bytes:
    """Return the policy of the answer at a path."""
    page = path.rstrip("/")
    parts = [
        _FIXED,
        _directive("script-src", *script_hashes(page)),
        _directive("img-src", "data:", *_logo_sources(page)),
        _directive("connect-src", *_public_socket()),
    ]
    # Any site: not even «*» lets in a sandboxed page, which has no origin to be matched.
    sites = preferences.current(preferences.Look).allowed_sites if page == "/embed" else ()
    if page != "/embed" or sites:
        parts.append(_directive("frame-ancestors", *sites))
    return "; ".join(parts).encode()


def script_hashes(page: str) -> tuple[str, ...]:
    """Return the sources of a built page's inline scripts; an address without a page has those of «not found».

    Args:
        page: Its path without the closing slash.
    """
    name = page.strip("/")
    pages = _hashes_of_pages()
    return pages.get(name or "index", pages.get("404", ()))


@cache
def _hashes_of_pages() -> dict[str, tuple[str, ...]]:
    root = build.folder()
    return {path.relative_to(root).with_suffix("").as_posix(): _hashes(path) for path in sorted(root.rglob("*.html"))}


def _hashes(page: Path) -> tuple[str, ...]:
    scripts = dict.fromkeys(_INLINE.findall(page.read_bytes()))
    return tuple(f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts)


def _directive(name: str, *sources: str) -> str:
    return " ".join((name, "'self'", *sources))


def _logo_sources(page: str) -> tuple[str, ...]:
    if page == _PREVIEW:
        return ("https:",)
    logo = urlsplit(preferences.current(preferences.Look).logo_url)
    return (f"https://{logo.netloc}",) if logo.netloc else ()


def _public_socket() -> tuple[str, ...]:
    # Older Safari does not take a websocket of the same origin for «self».
    public = urlsplit(config.current().public_url)
    return (f"{public.scheme.replace('http', 'ws')}://{public.netloc}",) if public.netloc else ()
