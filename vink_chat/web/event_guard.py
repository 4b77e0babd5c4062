"""The gate in front of Reflex's event queue, which has no limits of its own.

Every public handler can be called by any client, with anything, as often as it likes. Here the rate and the form are
held; who may do what is each handler's own question.
"""

import inspect
import logging
from collections.abc import Callable
from functools import cache
from typing import Any, Final, get_origin

import reflex as rx

from vink_chat.kit.errors import VinkError
from vink_chat.web import origins, reflex_internals
from vink_chat.web.reflex_internals import Call
from vink_chat.web.socket_packets import SocketPackets
from vink_chat.web.tab_owners import Identify, TabOwners

log = logging.getLogger(__name__)

_KINDS: Final = (str, bool, int, float, dict, list)
_SHOWN: Final = 300
_STORED: Final = 4096
# The last two the server starts itself, with the page; called by a client a watch would never end.
_FORBIDDEN_NAMES: Final = ("setvar", "handle_frontend_exception", ".enter", ".watch")


def install(app: rx.App, identify: Identify) -> None:
    """Put the gate in front of an application's sockets; ``identify`` says who opens one."""
    if app.event_namespace is None or app.sio is None:
        return
    owners = TabOwners(identify)
    reflex_internals.wrap_events(app, connect=lambda inner: _received(_with_origin(inner), owners), event=_checked)
    reflex_internals.allow_origins(app, _origin_allowed)
    SocketPackets(app.sio)


def _checked(inner_event: Call) -> Call:
    """Pass on only events that a page of ours could send."""

    async def on_event(sid: str, data: Any) -> None:
        if _well_formed(data):
            _keep_text(data.get("payload", {}))
            await inner_event(sid, data)

    return on_event


def _received(inner_connect: Call, owners: TabOwners) -> Call:
    """See to it that a tab finds nothing of whoever had it before."""

    async def on_connect(sid: str, environ: dict[str, Any], auth: Any = None) -> Any:
        await owners.receive(environ, auth)
        return await inner_connect(sid, environ, auth)

    return on_connect


def _with_origin(inner_connect: Call) -> Call:
    """Give a sandboxed frame's socket the origin it came from: Reflex finds no page under «null»."""

    async def on_connect(sid: str, environ: dict[str, Any], auth: Any = None) -> Any:
        scope = environ.get("asgi.scope", {})
        headers: list[tuple[bytes, bytes]] = scope.get("headers", [])
        if (b"origin", b"null") in headers:
            host = b"http://" + dict(headers).get(b"host", b"")
            scope["headers"] = [(name, host if name == b"origin" else value) for name, value in headers]
        return await inner_connect(sid, environ, auth)

    return on_connect


def _well_formed(data: Any) -> bool:
    if not isinstance(data, dict) or not isinstance(name := data.get("name"), str):
        return False
    if name.endswith(_FORBIDDEN_NAMES):
        return False
    payload = data.get("payload", {})
    if not isinstance(payload, dict) or not _is_place(data.get("router_data", {})):
        return False
    if name.endswith(".set_is_hydrated") and payload.get("value") is not True:
        return False
    # What a browser keeps comes as a table, whichever event brings it.
    if not isinstance(payload.get("vars", {}), dict) or not _are_texts(payload.get("hashes", [])):
        return False
    return matches_signature(name, payload)


def matches_signature(name: str, payload: dict[str, Any]) -> bool:
    """Tell whether there is a handler of this name, and whether it takes these arguments of these kinds."""
    function = reflex_internals.handler(name)
    if function is None:
        return False
    signature, kinds = _signature_of(function)
    try:
        signature.bind(None, **payload)
    except TypeError:
        return False
    return all(_is_a(payload[argument], kind) for argument, kind in kinds.items() if argument in payload)


def _is_a(value: object, kind: type) -> bool:
    # To Python a truth is a number; a handler that counts would be surprised.
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


@cache
def _signature_of(function: Callable[..., Any]) -> tuple[inspect.Signature, dict[str, type]]:
    signature = inspect.signature(function)
    named = {name: get_origin(one.annotation) or one.annotation for name, one in signature.parameters.items()}
    return signature, {name: kind for name, kind in named.items() if kind in _KINDS}


def _is_place(router_data: Any) -> bool:
    """Tell whether this is what a browser says of its address."""
    if not isinstance(router_data, dict) or not isinstance(query := router_data.get("query", {}), dict):
        return False
    return _are_texts([value for name, value in router_data.items() if name != "query"] + list(query.values()))


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _keep_text(payload: dict[str, Any]) -> None:
    """Leave of what a browser's storage sends only what can stand in one: short text under a name we gave."""
    if "vars" in payload:
        names = reflex_internals.storage_names()
        payload["vars"] = {
            name: value
            for name, value in payload["vars"].items()
            if reflex_internals.variable_name(name) in names and isinstance(value, str) and len(value) <= _STORED
        }


def _origin_allowed(origin: str, environ: dict[str, Any]) -> bool:
    """Let in our own pages only; a sandboxed frame («null») only while it brings no cookie."""
    if origin == "null":
        return not environ.get("HTTP_COOKIE")
    scheme = environ.get("asgi.scope", {}).get("scheme", "")
    return origins.is_ours(origin, environ.get("HTTP_HOST", ""), scheme)


def on_fault(exception: Exception) -> None:
    """Log a handler's fault; the page keeps what was typed and says that it was not sent."""
    if isinstance(exception, VinkError):
        # Nobody pressed anything that could be answered: a read mark, a beat.
        log.warning("A background event of a page was refused: %s", exception)
        return
    log.error("A handler failed", exc_info=exception)


def on_page_fault(exception: Exception) -> None:
    """Log what a browser reports, on one line and no longer than fits."""
    log.warning("Browser error: %s", " ".join(str(exception).split())[:_SHOWN])
