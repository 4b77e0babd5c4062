"""HTTP of both model APIs: a body as lines, and vendors' errors as ours.

No log line and no exception contains a body or a key: vendors echo both.
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
_MAX_LINE_BYTES: Final = 4_000_000
_RETRYABLE: Final = frozenset({429, 500, 502, 503, 504})
_SETTINGS: Final = frozenset({301, 302, 307, 308, 401, 403, 404, 405, 501})

# Parts of vendors' messages that explain a 400, and our wording: theirs may quote the visitor.
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
    """An error object in any of the shapes that vendors use."""

    message: str = ""
    code: int | str | None = None
    httpCode: int | None = None  # noqa: N815  the vendor's spelling
    error: Any = None

    @property
    def status(self) -> int:
        """The HTTP status that the object names, or zero."""
        return self.httpCode or (self.code if isinstance(self.code, int) and self.code >= 400 else 0)  # noqa: PLR2004


@asynccontextmanager
async def post(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], body: object
) -> AsyncGenerator[httpx.Response, None]:
    """POST, and turn network errors and refusals into our exceptions.

    Raises:
        ProviderUnavailable: The call failed, or broke while the caller was reading.
    """
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        raise ProviderMisconfigured("the key or the folder contains characters that no key or folder has")
    request_id = ""
    # A lone surrogate typed by a visitor cannot be encoded as UTF-8.
    content = json.dumps(body, ensure_ascii=False).encode(errors="replace")
    headers = {"Content-Type": "application/json", **headers}
    try:
        async with client.stream("POST", url, headers=headers, content=content) as response:
            request_id = response.headers.get("x-request-id", "")
            if response.status_code != HTTPStatus.OK:
                text = (await response.aread())[:100_000].decode(errors="replace")
                raise refusal(response, error_in(text) or VendorError(message=text))
            yield response
    except httpx.InvalidURL as error:
        raise ProviderMisconfigured("the address of the provider is malformed") from error
    except httpx.HTTPError as error:
        log.warning("Call to the model failed: %s, request %s", type(error).__name__, request_id or "-")
        raise ProviderUnavailable(f"the call failed: {type(error).__name__}", request_id=request_id) from error


async def lines(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    r"""Yield the non-blank lines of a body, split at ``\n`` only.

    ``aiter_lines`` of httpx also splits at U+2028 and similar, which vendors send unescaped inside JSON.
    """
    rest = b""
    async for chunk in response.aiter_bytes():
        *complete, rest = (rest + chunk).split(b"\n")
        for line in complete:
            if line.strip():
                yield line.strip()
        if len(rest) > _MAX_LINE_BYTES:
            raise ProviderUnavailable("the response is too long for an answer", retryable=False)
    # An error in mid-stream comes without a line end.
    if rest.strip():
        yield rest.strip()


async def last_lines(rest: AsyncGenerator[bytes, None]) -> list[bytes]:
    """Read what follows a final status, so that the connection can be reused; the answer does not depend on it."""
    lines_read: list[bytes] = []
    with contextlib.suppress(httpx.HTTPError, ProviderUnavailable, TimeoutError):
        async with asyncio.timeout(LAST_LINES_SECONDS):
            async for line in rest:
                lines_read.append(line)  # noqa: PERF401  what was read before a timeout must stay
    return lines_read


def error_in(body: str | bytes) -> VendorError | None:
    """Return the error that a body describes, in any of the known shapes; None if it describes none."""
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


def refusal(response: httpx.Response, error: VendorError) -> ProviderUnavailable:
    """Log an error response with its ids, and return it as an exception that says whether a retry can help."""
    status = response.status_code if response.status_code != HTTPStatus.OK else error.status
    message = error.message.lower()
    reason = next((ours for theirs, ours in _MISCONFIGURED.items() if theirs in message), "")
    request_id = response.headers.get("x-request-id", "")
    trace = response.headers.get("x-server-trace-id", "")
    log.warning(
        "The model API refused a request: HTTP %s, %s, request %s, trace %s",
        status,
        reason or "-",
        request_id or "-",
        trace or "-",
    )
    summary = f"HTTP {status}" + (f": {reason}" if reason else "")
    if status in _RETRYABLE:
        wait = response.headers.get("retry-after", "")
        seconds = float(wait) if wait.isdecimal() else 0.0
        return ProviderUnavailable(summary, request_id=request_id, retry_after=seconds)
    if reason or status in _SETTINGS:
        return ProviderMisconfigured(summary, request_id=request_id)
    return ProviderUnavailable(summary, retryable=False, request_id=request_id)


async def whole(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Yield a body that is one JSON value, however many lines it has."""
    yield await response.aread()


def cut_short(response: httpx.Response) -> ProviderUnavailable:
    """Return the exception for a body that ended before the answer did."""
    request_id = response.headers.get("x-request-id", "")
    log.warning("The model's answer was cut short, request %s", request_id or "-")
    return ProviderUnavailable("the answer was cut short", request_id=request_id)
