"""What the service refuses: keys, folders, models, and every field of a request that is not as documented."""

import re
from collections.abc import Mapping
from typing import Any

from tests.emulators.yandexgpt_answers import tokens
from tests.emulators.yandexgpt_faults import MISMATCH, OVERFLOW, Refused

CONTEXT = 32768
LONGEST_TEXT = 100_000
ROLES = {"system", "user", "assistant"}
MODELS = {
    "yandexgpt": "Yandex",
    "yandexgpt-lite": "Yandex",
    "yandexgpt-5-lite": "Yandex",
    "yandexgpt-5-pro": "Yandex",
    "yandexgpt-5.1": "Yandex",
    "aliceai-llm": "Yandex",
}
COMPATIBLE_ONLY = {"aliceai-llm-flash": "Yandex", "qwen3-235b-a22b-fp8": "Alibaba", "gpt-oss-120b": "OpenAI"}
_URI = re.compile(r"gpt://(?P<folder>[^/]+)/(?P<model>[a-z0-9.-]+)(?:/(?:latest|rc|deprecated)(?:@[\w-]+)?)?")


def invalid(message: str) -> Refused:
    """Refuse an argument."""
    return Refused(400, 3, message)


def authorize(header: str, api_key: str, issued: set[str]) -> None:
    """Check who asks.

    Args:
        header: The ``Authorization`` header.
        api_key: The only right key; empty accepts any.
        issued: IAM tokens given out by this server.

    Raises:
        Refused: 401.
    """
    scheme, _, secret = header.partition(" ")
    if scheme not in {"Api-Key", "Bearer"} or not secret:
        raise Refused(401, 16, "IAM token or API key has to be passed in request")
    if scheme == "Bearer" and secret.startswith("t1."):
        if api_key and secret not in issued:
            raise Refused(401, 16, "The token is invalid")
    elif api_key and secret != api_key:
        raise Refused(401, 16, "Unknown api key")


def model(uri: object, folder: str, header_folder: str = "", *, native: bool = True) -> None:
    """Check the model's address and its folder.

    Raises:
        Refused: 400 or 404.
    """
    found = _URI.fullmatch(uri) if isinstance(uri, str) else None
    if found is None:
        raise invalid("Failed to parse model URI")
    for given in filter(None, (found["folder"], header_folder)):
        if folder and given != folder:
            raise invalid(MISMATCH.format(given, folder))
    if found["model"] in COMPATIBLE_ONLY and native:
        raise Refused(501, 12, "model is not supported by this API")
    if found["model"] not in MODELS | COMPATIBLE_ONLY:
        raise Refused(404, 5, f"Failed to get model {uri}")


def number(value: object, default: int, name: str) -> int:
    """Read an int64, a JSON string or a JSON number.

    Raises:
        Refused: 400.
    """
    if value is None:
        return default
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
        raise invalid(f"invalid value for int64 type: {value!r}")
    if int(str(value)) <= 0:
        raise invalid(f"{name} must be greater than 0")
    return int(str(value))


def temperature(value: object) -> None:
    """Check a temperature, 0 to 1 inclusive.

    Raises:
        Refused: 400.
    """
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise invalid("temperature must be in the range [0, 1]")


def texts(messages: object, field: str) -> list[str]:
    """Check messages and return their texts, the oldest first.

    Args:
        messages: As they stand in the request.
        field: ``text`` (native) or ``content``.

    Raises:
        Refused: 400.
    """
    if not isinstance(messages, list) or not messages:
        raise invalid("messages must not be empty")
    found = [_text(message, field) for message in messages]
    size = sum(map(len, found))
    if size > LONGEST_TEXT:
        raise invalid(f"text length is {size}, which is outside the range (0, {LONGEST_TEXT}]")
    if sum(map(tokens, found)) > CONTEXT:
        raise invalid(OVERFLOW.format(sum(map(tokens, found))))
    return found


def _text(message: Any, field: str) -> str:
    if not isinstance(message, Mapping) or message.get("role") not in ROLES:
        raise invalid("invalid role: expected one of system, user, assistant")
    kinds = [kind for kind in (field, "toolCallList", "toolResultList") if kind in message]
    if len(kinds) != 1:
        raise invalid("message must have exactly one of text, toolCallList, toolResultList")
    text = message[kinds[0]]
    if kinds[0] != field:
        return ""
    if not isinstance(text, str) or not text.strip():
        raise invalid("empty message text")
    return text
