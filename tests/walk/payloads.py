"""What a caller may send to a handler: what fits, with ids that exist, and what never should."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from tests.walk.handlers import Handler
from tests.wire import CHAT, THREAD


def _nested(depth: int) -> Any:
    return [] if depth == 0 else [_nested(depth - 1)]


HOSTILE: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    1.5,
    "",
    # Longer than a message may be; many of them still fit into one frame.
    "x" * 4100,
    "' OR 1=1 --",
    "../../etc/passwd",
    "\u0000\u202e{name}%s",
    "\ud800",
    [],
    [[None]],
    {},
    {"a": {"b": [{}] * 50}},
    _nested(60),
)


def plausible(handler: Handler, ids: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Make arguments as a page would send them, about things that are not the caller's."""
    known = _known(ids)
    unknown = [name for name in handler.arguments if name not in known]
    assert not unknown, f"{handler.name} takes {unknown}: say in payloads.py what fits there"
    longest = max((len(known[name]) for name in handler.arguments), default=1)
    for number in range(longest):
        yield {name: known[name][number % len(known[name])] for name in handler.arguments}


def hostile(handler: Handler) -> Iterator[dict[str, Any]]:
    """Make arguments of every wrong kind: all at once, and inside of a form."""
    for value in HOSTILE:
        if handler.arguments:
            yield dict.fromkeys(handler.arguments, value)
    if "number" in handler.arguments:
        for value in HOSTILE:
            # That of nobody's introduction, which counts in a tab that no site introduced.
            yield {**dict.fromkeys(handler.arguments, value), "number": ""}
    if "form" in handler.arguments:
        for value in HOSTILE:
            yield {**dict.fromkeys(handler.arguments, "x"), "form": dict.fromkeys(_FIELDS, value)}
    yield {}
    yield dict.fromkeys((*handler.arguments, "more"), "x")


_FIELDS = (
    "text",
    "kind",
    "take",
    "note",
    "client_id",
    "quote",
    "to",
    "name",
    "email",
    "phone",
    "words",
    "id",
    "section",
    "role",
    "question",
)


def _known(ids: dict[str, str]) -> dict[str, list[Any]]:
    talks = [ids[kind] for kind in ("attended", "waiting", "assisted", "closed")]
    people = [ids[name] for name in ("anna", "oleg", "fired")]
    forms = [
        {"text": "Здравствуйте", "kind": "answer", "client_id": uuid4().hex},
        {"text": "Беру", "kind": "answer", "take": "take", "client_id": uuid4().hex},
        {"text": "Цитирую", "kind": "answer", "client_id": uuid4().hex, "quote": ids["message"]},
        {"text": "Заметка", "kind": "note", "client_id": uuid4().hex},
        {"to": ids["oleg"], "note": "Возьми"},
        {"name": "Мэлори", "email": "m@example.com", "phone": "+79990000000"},
        {"words": "kanarejka"},
        {"id": ids["article"], "question": "Взлом", "answer": "Взлом"},
        {"id": "", "question": "Взлом", "answer": "Взлом"},
        {"section": "assistant", "persona": "Взлом"},
        {"section": "limits", "visitor_per_minute": "1"},
        {"name": "Мэлори", "role": "admin"},
    ]
    return {
        "form": forms,
        "question": ["Как оплатить заказ?"],
        "conversation": talks,
        "conversation_id": talks,
        "visitor_id": [ids["visitor-closed"]],
        "place": [ids["blocked-address"]],
        "message_id": [ids["message"]],
        "imported": [uuid4().hex],
        "kind": ["answer", "note", "take"],
        "client_id": [uuid4().hex],
        "quote": ["", ids["message"]],
        "words": ["kanarejka"],
        "text": ["Исправлено"],
        "operator": people,
        "holder": people,
        "role": ["admin", "operator"],
        "session": [ids["session"]],
        "article": [ids["article"]],
        "enabled": [True, False],
        "box": ["waiting", "mine", "all", "closed"],
        "presence": ["here", "off"],
        "priority": ["urgent", "low"],
        "stars": [5],
        "number": ["", "1-0.5"],
        "draft_number": [0, 1],
        "field": ["name", "email", "phone"],
        "position": [1, 999, -1],
        "page": ["assistant", "handover", "questions", "look", "canned", "telegram"],
        "section": ["assistant", "canned", "questions", "telegram"],
        "key": ["0", "assistant"],
        "step": [1, -1],
        "name": ["colour"],
        "value": ["#ff0000", True],
        "var_name": ["secret", "opened", "rows"],
        "vars": [
            {f"{THREAD}.opened_rx_state_": ids["attended"]},
            {f"{CHAT}.secret_rx_state_": ids["visitor-attended"]},
        ],
        "hashes": [[]],
        "info": ["взлом"],
        "component_stack": ["взлом"],
    }
