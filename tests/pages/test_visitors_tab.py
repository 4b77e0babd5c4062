"""The key of a visitor's tab, which stands in an address, opens nothing by itself."""

from uuid import uuid4

from tests.program import Server
from tests.wire import CHAT, Wire
from vink_chat.conversations import new_secret

WORDS = "Меня зовут Анна Петрова"


async def left(server: Server, secret: str) -> str:
    """Return the key of a visitor's tab that has gone."""
    token = str(uuid4())
    async with Wire(server.url, stored={f"{CHAT}.secret_rx_state_": secret}, token=token) as wire:
        await wire.call(f"{CHAT}.send", {"form": {"text": WORDS, "client_id": "one"}})
        await wire.until(lambda: WORDS in wire.text, "the tab shows its thread")
    return token


async def test_who_knows_the_key_of_a_tab_alone_reads_nothing_of_its_visitor(shared_server: Server):
    secret = new_secret()
    token = await left(shared_server, secret)

    for stored in ({}, {f"{CHAT}.secret_rx_state_": new_secret()}):
        async with Wire(shared_server.url, stored=stored, token=token) as stranger:
            assert [word for word in (secret, WORDS) if word in stranger.text] == []


async def test_the_visitor_who_comes_back_goes_on(shared_server: Server):
    secret = new_secret()
    token = await left(shared_server, secret)

    async with Wire(shared_server.url, stored={f"{CHAT}.secret_rx_state_": secret}, token=token) as wire:
        assert WORDS in wire.text
