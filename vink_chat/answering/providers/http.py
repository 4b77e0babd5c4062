"""What both model APIs share: how bytes become lines, and how vendor trouble becomes ours.

Nothing here logs or raises with a body or a key in it: vendors echo both.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Annotated, Any, Final

import httpx
from pydantic import BaseModel, BeforeValidator, ValidationError

from vink_chat.answering.provider import ProviderMisconfigured, ProviderUnavailable

log = logging.getLogger(__name__)

TIMEOUT: Final = httpx.Timeout(connect=5, read=60, write=10, pool=10)
LIMITS: Final = httpx.Limits(max_connections=32, max_keepalive_connections=16)
LAST_LINES_SECONDS: Final = 0.25
_LONGEST_LINE: Final = 4_000_000
_RETRYABLE: Final = frozenset({429, 500, 502, 503, 504})
_SETTINGS: Final = frozenset({301, 302, 307, 308, 401, 403, 404, 405, 501})

# Parts of the vendor's sentences that refine a 400; in our own words, since theirs may quote the visitor.
_MISCONFIGURED: Final = {
    "does not match with service account": "the folder is not the folder of the key's service account",
    "model_uri": "the model's name is wrong",
    "model uri": "the model's name is wrong",
    "get model": "there is no such model",
    "api key": "the key is unknown, or its scope is too narrow",
    "apikey has expired": "the key has expired",
    "token is invalid": "the token is invalid or has expired",
}


def _count(value: object) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0


Count = Annotated[int, BeforeValidator(_count)]


class VendorError(BaseModel):
    """An error object, in any of the shapes the vendors use."""

    message: str = ""
    code: int | str | None = None
    httpCode: int | None = None  # noqa: N815  the vendor's spelling
    error: Any = None

    @property
    def status(self) -> int:
        """The HTTP status the object names, or zero."""
        return self.httpCode or (self.code if isinstance(self.code, int) and self.code >= 400 else 0)  # noqa: PLR2004


@asynccontextmanager
async def asking(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], body: object
) -> AsyncGenerator[httpx.Response, None]:
    """POST, and turn every trouble of the network or a refusal into ours.

    Raises:
        ProviderUnavailable: The call did not succeed, or broke while the caller was reading.
    """
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        raise ProviderMisconfigured("the key or the folder has letters that cannot be in one")
    request_id = ""
    # A lone surrogate typed by a visitor has no UTF-8.
    content = json.dumps(body, ensure_ascii=False).encode(errors="replace")
    headers = {"Content-Type": "application/json", **headers}
    try:
        async with client.stream("POST", url, headers=headers, content=content) as response:
            request_id = response.headers.get("x-request-id", "")
            if response.status_code != HTTPStatus.OK:
                text = (await response.aread())[:100_000].decode(errors="replace")
                raise refused(response, error_in(text) or VendorError(message=text))
            yield response
    except httpx.InvalidURL as error:
        raise ProviderMisconfigured("the address of the provider is malformed") from error
    except httpx.HTTPError as error:
        log.warning("the call broke: %s, request %s", type(error).__name__, request_id or "-")
        raise ProviderUnavailable(f"the call broke: {type(error).__name__}", request_id=request_id) from error


async def lines(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    r"""Yield the non-blank lines of a body, cut at ``\n`` alone.

    ``aiter_lines`` of httpx cuts at U+2028 and its like too, which stand unescaped inside the vendor's JSON.
    """
    rest = b""
    async for chunk in response.aiter_bytes():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if line.strip():
                yield line.strip()
        if len(rest) > _LONGEST_LINE:
            raise ProviderUnavailable("the answer is too long to be one", retryable=False)
    # An error in mid-stream comes without the line end.
    if rest.strip():
        yield rest.strip()


async def last_lines(rest: AsyncGenerator[bytes, None]) -> list[bytes]:
    """Read what follows a final status, so that the connection can serve again; the answer does not depend on it."""
    found: list[bytes] = []
    with contextlib.suppress(httpx.HTTPError, ProviderUnavailable, TimeoutError):
        async with asyncio.timeout(LAST_LINES_SECONDS):
            async for line in rest:
                found.append(line)  # noqa: PERF401  what was read before a timeout must stay
    return found


def error_in(body: str | bytes) -> VendorError | None:
    """Find the error a body tells of, whichever of the known shapes it has."""
    try:
        whole = VendorError.model_validate_json(body)
    except ValidationError:
        return None
    if isinstance(whole.error, str):
        return whole.model_copy(update={"message": whole.message or whole.error})
    if not whole.error:
        return whole if whole.message else None
    try:
        inner = VendorError.model_validate(whole.error)
    except ValidationError:
        return VendorError(message=str(whole.error))
    return inner.model_copy(update={"message": inner.message or str(inner.error or "")})


def refused(response: httpx.Response, error: VendorError) -> ProviderUnavailable:
    """Name a refusal, log its ids, and say whether a retry or a person can help."""
    status = response.status_code if response.status_code != HTTPStatus.OK else error.status
    known = error.message.lower()
    reason = next((ours for theirs, ours in _MISCONFIGURED.items() if theirs in known), "")
    request_id = response.headers.get("x-request-id", "")
    trace = response.headers.get("x-server-trace-id", "")
    log.warning("refused: HTTP %s, %s, request %s, trace %s", status, reason or "-", request_id or "-", trace or "-")
    message = f"HTTP {status}" + (f": {reason}" if reason else "")
    if status in _RETRYABLE:
        wait = response.headers.get("retry-after", "")
        seconds = float(wait) if wait.isdecimal() else 0.0
        return ProviderUnavailable(message, request_id=request_id, retry_after=seconds)
    if reason or status in _SETTINGS:
        return ProviderMisconfigured(message, request_id=request_id)
    return ProviderUnavailable(message, retryable=False, request_id=request_id)


async def whole(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Yield a body that is one piece of JSON, however many lines it takes."""
    yield await response.aread()


def cut_short(response: httpx.Response) -> ProviderUnavailable:
    """Say that the body ended before the answer did."""
    request_id = response.headers.get("x-request-id", "")
    log.warning("the answer was cut short, request %s", request_id or "-")
    return ProviderUnavailable("the answer was cut short", request_id=request_id)
