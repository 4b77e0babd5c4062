"""Whoever reads nothing of what they are sent keeps neither a line nor memory of ours."""

import asyncio
import re
import socket
from collections.abc import Callable

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.program import Server
from tests.wire import Wire, address, first_packet, load, packet, secret_of
from vink_chat.conversations import new_secret

WORDS = "ж" * 3900


async def test_who_asks_on_and_reads_nothing_is_let_go(make_server: Callable[..., Server]):
    server, secret = make_server(), new_secret()
    await server.start()
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, headers={"chat-token": secret}) as client:
        for _ in range(25):
            assert (await client.post("/gpt", json={"message": WORDS})).status_code == httpx.codes.CREATED
    whole = load(secret_of(secret))

    deaf = await _deaf(server)
    await deaf.send(first_packet(whole))
    while '"is_hydrated_rx_state_":true' not in str(await deaf.recv()):
        pass
    for _ in range(55):
        await deaf.send(packet(whole))

    await asyncio.to_thread(server.wait_for_log, re.escape("Closing socket: the client does not read"), 30)
    async with Wire(server.url, stored=secret_of(secret)) as other:
        await other.until(lambda: WORDS in other.text, "somebody else is served")
    async with asyncio.timeout(10):
        with pytest.raises(ConnectionClosed):
            await _hears_on(deaf)


async def _hears_on(line: ClientConnection) -> None:
    while True:
        await line.recv()


async def _deaf(server: Server) -> ClientConnection:
    """Open a websocket that takes in a few kilobytes, and then no more."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", server.port))
    return await connect(
        address(server.url),
        sock=line,
        origin=server.url,  # pyright: ignore[reportArgumentType]  a str is meant
        compression=None,
        ping_interval=None,
        max_queue=1,
    )
