"""Loaded by schemathesis: every request comes from an address of its own, so that no limit is met on the way.

A token that others may send as well, such as «00000000», is refused, which no pattern of the document can say.
"""

import itertools
import re
from uuid import uuid4

import schemathesis

from vink_chat import conversations

_numbers = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs) -> None:
    number = next(_numbers)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    case.headers = {**(case.headers or {}), "x-forwarded-for": address}
    token = str(case.headers.get("chat-token", ""))
    if re.fullmatch(r"[A-Za-z0-9_-]{8,100}", token) and not conversations.is_secret(token):
        case.headers["chat-token"] = str(uuid4())
