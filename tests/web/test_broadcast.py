"""What the States hold already reaches every tab, whoever goes away meanwhile."""

import asyncio
from typing import Any

import pytest

from vink_chat.web import broadcast, tabs


class Panel:
    """A State with no socket behind it."""

    @staticmethod
    def get_full_name() -> str:
        return "panel"


async def test_whoever_sends_for_all_and_is_closed_still_sends_to_all(monkeypatch: pytest.MonkeyPatch):
    sent: list[tuple[Any, list[str]]] = []
    sending = asyncio.Event()

    async def emit(changes: Any, sockets: list[str]) -> None:
        sent.append((changes["panel"], sockets))
        sending.set()
        await asyncio.sleep(0)

    monkeypatch.setattr(tabs, "socket", lambda token: f"socket of {token}")
    monkeypatch.setattr(tabs, "emit", emit)
    open_tabs = [broadcast.Tab(name, Panel()) for name in ("first", "second")]  # pyright: ignore[reportArgumentType]
    task = asyncio.create_task(broadcast.send([(open_tabs[0], {"live": [1]}), (open_tabs[1], {"live": [1, 2]})]))
    await sending.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert [sockets for _, sockets in sent] == [["socket of first"], ["socket of second"]]
