"""The private names of Reflex, Socket.IO and Engine.IO that the program needs: here and in no other file.

Each function says why it is needed. ``tests/web/test_reflex_internals.py`` uses every one of them against the installed
versions, and is the first to fail when an upgrade changes one. Values of these libraries are ``Any``: their own types
do not cover what is used here.
"""

from collections.abc import Awaitable, Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, cast

import reflex as rx
from reflex import constants
from reflex.istate.proxy import StateProxy
from reflex.state import StateUpdate
from reflex.utils import format as reflex_format
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.registry import RegistrationContext
from reflex_base.utils import serializers
from reflex_components_core.core.banner import has_connection_errors  # noqa: F401  for the pages

CONNECT_EVENT: Final = constants.CompileVars.CONNECT_AUTH_EVENT
"""The key of the first event that a page sends when it connects."""

Call = Callable[..., Awaitable[Any]]


def field_name(name: str) -> str:
    """Return the wire name of a State's variable."""
    return f"{name}{FIELD_MARKER}"


def variable_name(field: str) -> str:
    """Return the variable behind a wire name."""
    return field.removesuffix(FIELD_MARKER)


def socket_of(app: rx.App, token: str) -> str | None:
    """Return the id of a tab's socket; None when it is closed. Reflex's own lookup builds a table of all tabs."""
    namespace: Any = app.event_namespace
    if namespace is None:
        return None
    record = namespace._token_manager.token_to_socket.get(token)  # noqa: SLF001
    # A record may outlive its socket.
    return record.sid if record and namespace.sid_to_token.get(record.sid) == token else None


async def emit(app: rx.App, changes: dict[str, dict[str, Any]], sockets: list[str]) -> None:
    """Send changes, by full State name and wire field name, to many sockets; Reflex would encode them once per tab."""
    namespace: Any = app.event_namespace
    if namespace is not None:
        await namespace.emit("event", StateUpdate(delta=changes), room=sockets)


def forget_state(app: rx.App, token: str) -> None:
    """Drop the State stored for a tab: Reflex would hand it to whoever connects with that tab's key."""
    manager = _state_manager(app)
    entry = getattr(manager, "_token_expires_at", {}).get(token)
    if entry:
        manager._purge_token(entry[1])  # noqa: SLF001


def _state_manager(app: Any) -> Any:
    return app._state_manager  # noqa: SLF001


def renew_states(app: rx.App, is_open: Callable[[str], bool]) -> None:
    """Restart the State expiry timer of open tabs: Reflex itself restarts it only on events."""
    manager = _state_manager(app)
    deadlines: dict[str, Any] = getattr(manager, "_token_expires_at", {})
    for key in list(deadlines):
        token = deadlines[key][1]
        if is_open(getattr(token, "ident", key.split("/")[0])):
            manager._track_token(token)  # noqa: SLF001


def unwrap_proxy(state: rx.State) -> rx.State:
    """Return the stored State behind the proxy that a background event gets."""
    return cast("rx.State", state.__wrapped__ if isinstance(state, StateProxy) else state)


def values_of(state: rx.State) -> dict[str, Any]:
    """Return a State's values by name; reading and writing them bypasses Reflex's locks and checks."""
    return vars(state)


@cache
def storage_names() -> frozenset[str]:
    """Return the full names of variables kept in browser storage; an event may set any of them."""

    def names(kind: Any) -> Iterator[str]:
        for name, field in kind.get_fields().items():
            if kind._is_client_storage(field):  # noqa: SLF001
                yield f"{kind.get_full_name()}.{name}"
        for substate in kind.get_substates():
            yield from names(substate)

    return frozenset(names(rx.State))


def handler(name: str) -> Callable[..., Any] | None:
    """Return the function behind an event of this full name: Reflex does not check arguments against annotations."""
    registered = RegistrationContext.get().event_handlers.get(name)
    return registered.handler.fn if registered else None


def wrap_events(app: rx.App, *, connect: Call, event: Call) -> None:
    """Wrap Reflex's handling of a new socket and of an event: it has no middleware for either.

    Both get the wrapped handler as their first argument.
    """
    namespace: Any = app.event_namespace
    namespace.on_connect = partial(connect, namespace.on_connect)
    namespace.on_event = partial(event, namespace.on_event)


def allow_origins(app: rx.App, is_allowed: Callable[[str, dict[str, Any]], bool]) -> None:
    """Check the origin of sockets with a function: Reflex's setting takes fixed origins only."""
    cast("Any", app.sio).eio.cors_allowed_origins = is_allowed


def replace_packet_handlers(server: Any, *, message: Call, event: Call, send: Call) -> tuple[Call, Call, Call]:
    """Replace what decodes a message, dispatches an event and sends a packet; return the replaced ones, in this order.

    Args:
        server: The Socket.IO server; also below.
        message: Called with every received message.
        event: Called with every event decoded from one.
        send: Called with every packet to be sent.
    """
    eio = server.eio
    replaced = eio.handlers["message"], server._handle_event, eio.send_packet  # noqa: SLF001
    eio.on("message", message)
    server._handle_event, eio.send_packet = event, send  # noqa: SLF001
    return replaced


def use_queue(server: Any, kind: type) -> None:
    """Use this class for the queue of packets waiting for a client."""
    server.eio.create_queue = kind


def wrap_websocket(server: Any, wrap: Callable[[Any], Any]) -> None:
    """Replace the class by which Engine.IO reads a websocket."""
    eio = server.eio
    eio._async = {**eio._async, "websocket": wrap(eio._async["websocket"])}  # noqa: SLF001


def scope_of(server: Any, socket: Any) -> dict[str, Any]:
    """Return the ASGI scope of an Engine.IO socket."""
    return server.environ.get(socket.sid, {}).get("asgi.scope", {})


def use_json(app: rx.App, codec: type) -> None:
    """Encode and decode packets with this codec; the library keeps it on its class."""
    cast("Any", app.sio).packet_class.json = codec


def serialize(value: Any) -> Any:
    """Serialize a value that is not JSON as Reflex does."""
    return serializers.serialize(value)


def json_dumps(value: Any, **options: Any) -> str:
    """Write a value as Reflex does."""
    return reflex_format.json_dumps(value, **options)


json_loads: Final = reflex_format.json.loads
"""Reads JSON as Reflex does."""


def serve_pages_from(folder: Path) -> None:
    """Let Reflex serve the built pages of this folder, an absolute one: it reads a constant."""
    cast("Any", constants.Dirs).STATIC = folder.as_posix()
