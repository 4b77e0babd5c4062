"""The faults of the service by name: ``#name`` in the visitor's last words, or queued through the control door."""

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What may go wrong, or merely look odd."""

    UNAUTHENTICATED = "unauthenticated"
    KEY_EXPIRED = "key-expired"
    PERMISSION_DENIED = "permission-denied"
    FOLDER_MISMATCH = "folder-mismatch"
    UNKNOWN_MODEL = "unknown-model"
    GAUGE = "gauge"
    RETRY_AFTER = "retry-after"
    HOURLY_RATE = "hourly-rate"
    OVERFLOW = "overflow"
    INTERNAL = "internal"
    UNIMPLEMENTED = "unimplemented"
    UNAVAILABLE = "unavailable"
    DEADLINE = "deadline"
    FLAKY = "flaky"
    HTML_502 = "html-502"
    TEXT_502 = "text-502"
    UNARY_ERROR = "unary-error"
    ENVOY_ERROR = "envoy-error"
    ERROR_AT_200 = "error-at-200"
    GARBAGE = "garbage"

    TRUNCATED = "truncated"
    FILTER_START = "filter-start"
    FILTER_LATE = "filter-late"
    REFUSAL = "refusal"
    EMPTY = "empty"
    TOOL_CALLS = "tool-calls"
    UNKNOWN_STATUS = "unknown-status"
    BROKEN_EMOJI = "broken-emoji"
    LINE_SEPARATORS = "line-separators"
    SEVEN_BYTES = "seven-bytes"
    SINGLE_FRAME = "single-frame"
    EXTRA_FIELDS = "extra-fields"
    ERROR_LATE = "error-late"
    RESET_EARLY = "reset-early"
    RESET_LATE = "reset-late"
    SILENCE_EARLY = "silence-early"
    SILENCE_LATE = "silence-late"
    SILENCE_AFTER = "silence-after"
    EOF_PARTIAL = "eof-partial"


@dataclass(eq=False)
class Refused(Exception):
    """The request is answered with an error instead of an answer.

    Attributes:
        shape: ``stream`` (A), ``unary`` (B), ``envoy`` (C), ``responses`` (E), ``html`` or ``text``.
    """

    status: int
    grpc: int
    message: str
    shape: str = "stream"
    headers: dict[str, str] = field(default_factory=dict)


GAUGE = "ai.textGenerationCompletionSessionsCount.count gauge quota limit exceed: allowed {} requests"
HOURLY = "ai.textGenerationCompletionRequestsPerHour.rate rate quota limit exceed: allowed 100 requests"
MISMATCH = "Specified folder ID '{}' does not match with service account folder ID '{}'"
OVERFLOW = "number of input tokens must be no more than 32768, got {}"
BALANCER = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"

REFUSALS = {
    Fault.UNAUTHENTICATED: Refused(401, 16, "Unknown api key"),
    Fault.KEY_EXPIRED: Refused(401, 16, "The apikey has expired"),
    Fault.PERMISSION_DENIED: Refused(403, 7, "Permission denied"),
    Fault.FOLDER_MISMATCH: Refused(400, 3, MISMATCH.format("xxx", "yyy")),
    Fault.UNKNOWN_MODEL: Refused(400, 3, "invalid model_uri"),
    Fault.GAUGE: Refused(429, 8, GAUGE.format(10)),
    Fault.RETRY_AFTER: Refused(429, 8, GAUGE.format(10), headers={"Retry-After": "1"}),
    Fault.HOURLY_RATE: Refused(429, 8, HOURLY),
    Fault.OVERFLOW: Refused(400, 3, OVERFLOW.format(56832)),
    Fault.INTERNAL: Refused(500, 13, "internal error"),
    Fault.UNIMPLEMENTED: Refused(501, 12, "method not implemented"),
    Fault.UNAVAILABLE: Refused(503, 14, "upstream is not available"),
    Fault.DEADLINE: Refused(504, 4, "context deadline exceeded"),
    Fault.FLAKY: Refused(503, 14, "upstream is not available"),
    Fault.HTML_502: Refused(502, 14, BALANCER, "html"),
    Fault.TEXT_502: Refused(502, 14, "upstream connect error or disconnect/reset before headers", "text"),
    Fault.UNARY_ERROR: Refused(500, 13, "internal error", "unary"),
    Fault.ENVOY_ERROR: Refused(401, 16, "IAM token or API key has to be passed in request", "envoy"),
    Fault.ERROR_AT_200: Refused(200, 3, OVERFLOW.format(56832), "responses"),
    Fault.GARBAGE: Refused(200, 0, "<!doctype html><p>Войдите в сеть гостиницы", "html"),
}


def triggered(text: str) -> Fault | None:
    """Find the first fault named in a text as ``#name``."""
    known = {str(fault): fault for fault in Fault}
    return next((known[word] for word in re.findall(r"#([a-z0-9-]+)", text) if word in known), None)
