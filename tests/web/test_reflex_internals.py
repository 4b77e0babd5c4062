"""Every private name of Reflex, Socket.IO and Engine.IO that the program uses is there and does what we take it for."""

import asyncio
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import reflex as rx
import socketio
from reflex import constants
from reflex.utils import prerequisites
from reflex_base.registry import RegistrationContext

from vink_chat.pages.visitor.state import VisitorChat
from vink_chat.web import reflex_internals

_REFLEX = "web/reflex_internals.py"
_HOMES = {
    r"_token_manager|_state_manager|_token_expires_at|_purge_token|_track_token": _REFLEX,
    r"token_to_socket|sid_to_token|event_namespace\.|StateProxy|StateUpdate": _REFLEX,
    r"_is_client_storage|FIELD_MARKER|RegistrationContext|CompileVars": _REFLEX,
    r"server\._handle_event|eio\._async|eio\.send_packet|\.create_queue\b": _REFLEX,
    r"packet_class|cors_allowed_origins =|reflex_base\.|reflex\.utils|reflex\.istate": _REFLEX,
    r"uvicorn\.protocols": "web/protocols.py",
    r"_MemoryStorage__schedule_expiry": "kit/rate_limit.py",
    r"_declare_consumer_group": "jobs/redis_broker.py",
    r"insert_prefetch|positiontup": "kit/prepared.py",
}


@pytest.fixture
def app() -> Iterator[rx.App]:
    """Another application of this process, with its own sockets and kept States."""
    with RegistrationContext.get().fork():
        app = rx.App()
        app._enable_state()
        yield app


def linked(app: rx.App, token: str, sid: str) -> None:
    """Note a tab's socket as Reflex does when it connects."""
    namespace: Any = app.event_namespace
    namespace._token_manager.token_to_socket[token] = SimpleNamespace(sid=sid)
    namespace._token_manager.sid_to_token[sid] = token


def test_a_tab_has_the_socket_that_connected_with_its_key(app: rx.App):
    assert reflex_internals.socket_of(app, "a tab") is None
    linked(app, "a tab", "a socket")
    assert reflex_internals.socket_of(app, "a tab") == "a socket"
    app.event_namespace.sid_to_token.pop("a socket")
    assert reflex_internals.socket_of(app, "a tab") is None, "a record that outlived its socket"


async def test_changes_reach_the_sockets_they_are_sent_to(app: rx.App, monkeypatch: pytest.MonkeyPatch):
    sent: list[Any] = []

    async def emit(event: str, update: Any, room: list[str]) -> None:
        sent.append((event, update.delta, room))

    monkeypatch.setattr(app.event_namespace, "emit", emit)
    changes = {"panel": {reflex_internals.field_name("text"): "Здравствуйте"}}

    await reflex_internals.emit(app, changes, ["a socket"])

    assert sent == [("event", changes, ["a socket"])]


async def test_a_unwrap_proxy_is_renewed_while_its_tab_is_open_and_can_be_forgotten(app: rx.App):
    manager: Any = app._state_manager
    state = await manager.get_state(f"a tab_{VisitorChat.get_full_name()}")
    assert state
    before = manager._token_expires_at["a tab"][0]
    await asyncio.sleep(0.01)

    reflex_internals.renew_states(app, lambda token: False)
    assert manager._token_expires_at["a tab"][0] == before
    reflex_internals.renew_states(app, lambda token: token == "a tab")
    assert manager._token_expires_at["a tab"][0] > before

    reflex_internals.forget_state(app, "a tab")
    assert "a tab" not in manager.states
    assert "a tab" not in manager._token_expires_at


def test_a_states_values_can_be_read_and_set_past_its_locks():
    state = VisitorChat(_reflex_internal_init=True)

    reflex_internals.values_of(reflex_internals.unwrap_proxy(state))["title"] = "Другое"

    assert state.title == "Другое"


def test_what_browsers_store_is_known_by_name():
    name = f"{VisitorChat.get_full_name()}.secret"
    assert name in reflex_internals.storage_names()
    assert f"{VisitorChat.get_full_name()}.status" not in reflex_internals.storage_names()
    assert reflex_internals.variable_name(reflex_internals.field_name(name)) == name


def test_an_event_is_known_by_its_full_name():
    assert reflex_internals.handler(f"{VisitorChat.get_full_name()}.send") is VisitorChat.event_handlers["send"].fn
    assert reflex_internals.handler("nothing.of.the.kind") is None


async def test_our_handlers_stand_before_those_of_connections_events_and_packets(app: rx.App):
    passed: list[str] = []

    def before(name: str):
        async def outer(inner: Any, *arguments: Any) -> Any:
            passed.append(name)
            return inner

        return outer

    def instead(name: str):
        async def outer(*arguments: Any) -> Any:
            passed.append(name)

        return outer

    server: Any = app.sio
    reflex_internals.wrap_events(app, connect=before("connect"), event=before("event"))
    replaced = reflex_internals.replace_packet_handlers(
        server, message=instead("message"), event=instead("packet"), send=instead("send")
    )
    for call in (app.event_namespace.on_connect, app.event_namespace.on_event):
        assert callable(await call("a socket", {}))
    for call in (server.eio.handlers["message"], server._handle_event, server.eio.send_packet):
        await call("a socket", {})

    assert passed == ["connect", "event", "message", "packet", "send"]
    assert all(callable(handler) for handler in replaced)


def test_engine_io_takes_our_queue_websocket_and_judge_of_origins(app: rx.App):
    server: Any = app.sio

    class Queue(asyncio.Queue[Any]):
        pass

    def judge(origin: str, environ: dict[str, Any]) -> bool:
        return origin == "https://shop.example"

    reflex_internals.use_queue(server, Queue)
    reflex_internals.allow_origins(app, judge)
    inner = server.eio._async["websocket"]
    reflex_internals.wrap_websocket(server, lambda kind: (kind,))
    server.environ["a socket"] = {"asgi.scope": {"client": ("203.0.113.7", 1)}}

    assert isinstance(server.eio.create_queue(), Queue)
    assert server.eio.cors_allowed_origins is judge
    assert server.eio._async["websocket"] == (inner,)
    assert reflex_internals.scope_of(server, SimpleNamespace(sid="a socket"))["client"][0] == "203.0.113.7"
    assert reflex_internals.scope_of(server, SimpleNamespace(sid="another")) == {}


def test_packets_are_written_by_the_codec_that_was_given(app: rx.App, monkeypatch: pytest.MonkeyPatch):
    server: Any = app.sio
    monkeypatch.setattr(server.packet_class, "json", server.packet_class.json)
    codec = SimpleNamespace(dumps=lambda value, **_: "written", loads=reflex_internals.json_loads)

    reflex_internals.use_json(app, codec)  # pyright: ignore[reportArgumentType]

    packet = server.packet_class(socketio.packet.EVENT, data=["event", {}], namespace="/")
    assert "written" in packet.encode()
    written = reflex_internals.json_dumps({"до": date(2026, 11, 28)})
    assert reflex_internals.json_loads(written) == {"до": reflex_internals.serialize(date(2026, 11, 28))}


def test_reflex_serves_the_pages_of_the_folder_it_is_given(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(constants.Dirs, "STATIC", constants.Dirs.STATIC)

    reflex_internals.serve_pages_from(Path("/somewhere/built"))

    assert prerequisites.get_web_dir() / constants.Dirs.STATIC == Path("/somewhere/built")


@pytest.mark.parametrize(("names", "home"), _HOMES.items())
def test_a_private_name_of_a_library_stands_in_one_file(names: str, home: str):
    package = Path("vink_chat")
    holders = [path for path in package.rglob("*.py") if re.search(names, path.read_text(encoding="utf-8"))]

    assert [path.relative_to(package).as_posix() for path in holders] == [home]
