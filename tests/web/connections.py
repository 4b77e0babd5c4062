"""Connections that speak bytes: they send what no browser would, and read only when they are asked to."""

import asyncio
import base64
import secrets
import socket

from tests.wire import SUBPROTOCOL, address

OUTSIDER = "127.0.0.2"
"""An address that is limited; 127.0.0.1 is the machine itself, which is not."""
TEXT, PING, PONG = 1, 9, 10


def frame(opcode: int, payload: bytes) -> bytes:
    """Return a client's frame, masked with zeros."""
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + bytes(4) + payload


async def connection(port: int, source: str = OUTSIDER) -> socket.socket:
    """Open a TCP connection, and send nothing."""
    made = socket.socket()
    made.setblocking(False)
    made.bind((source, 0))
    await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", port))
    return made


async def websocket(port: int, source: str = OUTSIDER) -> socket.socket:
    """Open a websocket as a page does, up to the first packet of Engine.IO."""
    made = await connection(port, source)
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    request = (
        f"GET {address('')} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\nOrigin: http://127.0.0.1:{port}\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    )
    await send(made, request.encode())
    answer = b""
    while b"pingInterval" not in answer:
        answer += await received(made)
        assert answer.startswith(b"HTTP/1.1 101"), answer
    return made


async def send(to: socket.socket, data: bytes) -> bool:
    """Send bytes; false when the server has ended the connection."""
    try:
        await asyncio.get_running_loop().sock_sendall(to, data)
    except ConnectionError:
        return False
    return True


async def received(of: socket.socket) -> bytes:
    """Return what comes next; nothing when the server has ended the connection."""
    try:
        return await asyncio.get_running_loop().sock_recv(of, 65536)
    except ConnectionError:
        return b""


async def until_closed(of: socket.socket, seconds: float = 60) -> bytes:
    """Return everything that comes until the server ends the connection."""
    whole = b""
    async with asyncio.timeout(seconds):
        while data := await received(of):
            whole += data
    return whole
