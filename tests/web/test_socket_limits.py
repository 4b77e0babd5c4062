"""One connection neither holds everybody up nor fills the memory, the files or the log."""

import asyncio
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from uvicorn.server import ServerState

from tests.program import Server, environment
from tests.schema import ROOT as SOURCES
from tests.web.connections import OUTSIDER, PING, PONG, TEXT, connection, frame, send, until_closed, websocket
from vink_chat.kit import rate_limit
from vink_chat.web.protocols import LimitedHttp
from vink_chat.web.server import ServerConfig
from vink_chat.web.socket_guard import SocketPackets
from vink_chat.web.socket_limits import AddressCounter, ConnectionRegistry, TokenBucket

EVENT = b'42/_event,["event",{"name":"reflex___state____state.set_is_hydrated","payload":{"value":true}}]'


@pytest.mark.parametrize("payload", [b"0123456789", b""])
async def test_a_socket_that_sends_pings_is_closed_before_many_are_answered(shared_server: Server, payload: bytes):
    line = await websocket(shared_server.port)

    await send(line, frame(PING, payload) * 20_000)

    assert (await until_closed(line)).count(frame(PONG, payload)[:1]) <= 120


@pytest.mark.parametrize("what", [frame(TEXT, EVENT), frame(TEXT, b"3"), frame(PONG, b"")])
async def test_a_socket_that_sends_on_and_on_is_closed_at_once(shared_server: Server, what: bytes):
    line = await websocket(shared_server.port)

    sent = 0
    while await send(line, what * 100):
        sent += 100
        # What the buffers of both ends hold at most.
        assert sent * len(what) < 30_000_000

    # Not asked to leave by a Close frame, whose answer would be waited for.
    assert bytes([0x88]) not in (await until_closed(line))[-4:]


@pytest.mark.parametrize("packet", [b"0", b"2", b"5", b"6", b"8", b"9", b"", b"abc", b"4[[[[", b"3[[[["])
async def test_what_is_no_packet_of_a_page_ends_the_socket_and_leaves_no_trace(shared_server: Server, packet: bytes):
    before = len(shared_server.log)
    for _ in range(5):
        line = await websocket(shared_server.port, "127.0.0.1")
        await send(line, frame(TEXT, packet) * 50)
        await until_closed(line)

    said = shared_server.log[before:]
    assert len(said.splitlines()) <= 1, said
    assert "Traceback" not in said


async def test_the_log_holds_one_line_a_minute_of_each_kind_whatever_comes(make_server: Callable[..., Server]):
    server = make_server()
    await server.start()
    before = len(server.log)

    for number in range(15):
        line = await connection(server.port, "127.0.0.1")
        await send(line, b"rubbish %d\r\n\r\n" % number)
        await until_closed(line)
        line = await websocket(server.port, "127.0.0.1")
        await send(line, frame(TEXT, b"\xff\xfe"))
        await until_closed(line)
        line = await websocket(server.port, "127.0.0.1")
        said = b'42/_event,["client_error",{"%d":"%s"}]' % (number, b"x" * 900)
        await send(line, frame(TEXT, b"40/_event,") + frame(TEXT, said) * 60)
        line.close()

    server.allowed += ["Invalid UTF-8", "Traceback"]
    assert len(server.log) - before < 10_000, server.log[before:]


async def test_an_address_has_so_many_connections_and_others_are_served(make_server: Callable[..., Server]):
    server = make_server({"VINK_CONNECTIONS_PER_ADDRESS": "20"})
    await server.start()

    lines = [await connection(server.port) for _ in range(30)]
    refused = [line for line in lines if await _closed(line)]

    assert len(refused) == 10
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as other:
        assert (await other.get("/healthz")).status_code == httpx.codes.OK
    assert len(re.findall(f"Refusing connections: .*{OUTSIDER}", server.log)) == 1
    for line in lines:
        line.close()


async def _closed(line: Any) -> bool:
    try:
        await until_closed(line, 0.2)
    except TimeoutError:
        return False
    return True


async def test_a_websocket_counts_until_it_is_closed(make_server: Callable[..., Server]):
    server = make_server({"VINK_CONNECTIONS_PER_ADDRESS": "10"})
    await server.start()
    lines = [await websocket(server.port) for _ in range(10)]
    refused = await connection(server.port)
    assert await until_closed(refused) == b""

    lines[0].close()

    async with asyncio.timeout(20):
        while await _closed(again := await connection(server.port)):
            again.close()


class Listener:
    """A server of one protocol class on a port of this process, and what it let in."""

    def __init__(self, kind: type[LimitedHttp], application: Any = None) -> None:
        self.configuration = ServerConfig(application or _answer, http=kind, ws="none", log_level="warning")
        self.configuration.load()
        self.configuration.registry = ConnectionRegistry(100, 100)
        self.state = ServerState()

    async def __aenter__(self) -> int:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(
            lambda: self.configuration.http_protocol_class(  # pyright: ignore[reportCallIssue]
                config=self.configuration, server_state=self.state, app_state={}
            ),
            "127.0.0.1",
            0,
        )
        return self.server.sockets[0].getsockname()[1]

    async def __aexit__(self, *error: object) -> None:
        self.server.close()
        await asyncio.gather(*self.state.tasks, return_exceptions=True)


async def _answer(scope: Any, receive: Any, send: Any) -> None:
    while (message := await receive())["type"] == "http.request" and message["more_body"]:
        pass
    if message["type"] == "http.request":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


class Hasty(LimitedHttp):
    seconds_for_headers = 0.05
    seconds_for_body = 0.05
    seconds_without_reading = 0.05


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost:",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHos",
    ],
)
async def test_a_request_that_does_not_come_is_not_waited_for(said: bytes):
    async with Listener(Hasty) as port:
        line = await connection(port)
        await send(line, said)

        await until_closed(line, 30)


async def test_headers_without_end_are_not_kept():
    async with Listener(LimitedHttp) as port:
        line = await connection(port)
        await send(line, b"GET / HTTP/1.1\r\n")
        sent = 0
        while await send(line, b"X-Filler: 0123456789\r\n" * 100):
            sent += 2200
            assert sent < 10_000_000

        line.close()


async def test_a_body_in_crumbs_is_refused():
    async with Listener(LimitedHttp) as port:
        line = await connection(port)
        await send(line, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 1000)

        assert (await until_closed(line, 30)).startswith(b"HTTP/1.1 400")


async def test_an_answer_that_is_not_read_is_not_kept():
    async def much(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(200):
            await send({"type": "http.response.body", "body": bytes(100_000), "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    listener = Listener(Hasty, much)
    async with listener as port:
        line = await connection(port)
        await send(line, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

        async with asyncio.timeout(30):
            while not listener.state.tasks:  # noqa: ASYNC110  the server's own set
                await asyncio.sleep(0)
            await asyncio.gather(*listener.state.tasks, return_exceptions=True)
        line.close()

    assert not listener.state.connections


async def test_whoever_said_nothing_longest_makes_room_when_all_connections_are_in_use():
    class Line:
        ended = False

        def get_extra_info(self, name: str) -> Any:
            return ("203.0.113.9", 1)

        def abort(self) -> None:
            self.ended = True

    registry, lines = ConnectionRegistry(100, 3), [Line() for _ in range(5)]

    assert [registry.admit(line) for line in lines[:3]] == ["", "", ""]
    registry.spoke(lines[0])
    assert registry.admit(lines[3]) == ""
    assert [line.ended for line in lines] == [False, True, False, False, False]
    registry.spoke(lines[2])
    registry.spoke(lines[3])

    assert "connections are in use" in registry.admit(lines[4])


def test_a_trusted_proxy_and_this_machine_may_have_any_number():
    class Line:
        def __init__(self, address: str) -> None:
            self.address = address

        def get_extra_info(self, name: str) -> Any:
            return (self.address, 1)

        def abort(self) -> None: ...

    registry = ConnectionRegistry(2, 1000, "10.0.0.0/8")

    def let_in(address: str) -> int:
        return sum(registry.admit(Line(address)) == "" for _ in range(5))

    assert [let_in(one) for one in ("10.1.2.3", "127.0.0.1", "203.0.113.1", "2001:db8::1")] == [5, 5, 2, 2]


def test_a_counter_forgets_who_has_left():
    counter, first, second = AddressCounter(2), "203.0.113.1", "203.0.113.2"

    assert [counter.enter(one) for one in (first, first, first, second)] == [True, True, False, True]
    counter.leave(first)

    assert counter.enter(first)


def test_an_ipv6_network_has_four_times_what_one_address_may_open_however_many_it_takes():
    counter = AddressCounter(2)
    households = [f"2001:db8:0:1{number:02x}::1" for number in range(20)]

    entered = [one for one in households for _ in range(3) if counter.enter(one)]

    assert len(entered) == 8
    assert counter.enter("2001:db8:0:200::1")
    for one in entered:
        counter.leave(one)
    assert counter.enter(households[-1])


def test_a_bucket_holds_no_more_than_its_burst(monkeypatch: pytest.MonkeyPatch):
    bucket = TokenBucket(3, 1)

    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


async def test_those_furthest_behind_of_one_address_are_closed(monkeypatch: pytest.MonkeyPatch):
    ended: list[str] = []
    engine = Engine()
    server = Socketio(engine)
    packets = SocketPackets(server)
    text = Packet("ж" * 100_000)
    for number in range(60):
        engine.sockets[str(number)] = Socket(str(number), engine)
        address = "203.0.113.7" if number < 50 else "203.0.113.8"
        scope = {"client": (address, 1), "vink_chat.hang_up": lambda sid=str(number): ended.append(sid)}
        server.environ[str(number)] = {"asgi.scope": scope}

    for _ in range(3):
        for sid in list(engine.sockets):
            await packets._send_packet(sid, text)
            for one in ended:
                engine.sockets.pop(one, None)

    held = sum(engine.sockets[str(n)].queue.size for n in range(50) if str(n) in engine.sockets)
    assert held <= 8 * 1024 * 1024 + 200_000
    assert [sid for sid in ended if int(sid) >= 50] == []
    for _ in range(10):
        await packets._send_packet("55", text)
    assert "55" in ended


class Packet:
    def __init__(self, data: str) -> None:
        self.data = data


class Engine:
    """Of the library's engine, what the gate touches."""

    def __init__(self) -> None:
        self.handlers = {"message": None}
        self.sockets: dict[str, Socket] = {}
        self._async = {"websocket": object}
        self.create_queue: Any = None

    def on(self, name: str, handler: Any) -> None: ...

    async def send_packet(self, sid: str, packet: Packet) -> None:
        if sid in self.sockets:
            await self.sockets[sid].queue.put(packet)


class Socket:
    def __init__(self, sid: str, engine: Engine) -> None:
        self.sid, self.closed = sid, False
        self.queue = engine.create_queue()


class Socketio:
    def __init__(self, engine: Engine) -> None:
        self.eio = engine
        self.environ: dict[str, Any] = {}

    async def _handle_event(self, *arguments: Any) -> None: ...


def test_the_program_opens_as_many_files_as_it_may():
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 4096));"
        "from vink_chat.web.socket_limits import raise_file_limit;"
        "print(raise_file_limit(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 4096:
        pytest.skip("this machine allows fewer files")

    done = subprocess.run(  # noqa: S603  our own code
        [sys.executable, "-c", code], cwd=SOURCES, env=environment({}), capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["3968", "4096"]


@pytest.fixture(autouse=True)
def _alone():
    rate_limit.use(rate_limit.RateLimiter())
    yield
    rate_limit.use(rate_limit.RateLimiter())
