"""The key of a visitor's tab, which stands in an address, opens nothing by itself."""

from uuid import uuid4

import pytest

from tests.program import Server
from tests.wire import CHAT, Wire
from vink_chat.conversations import new_secret

WORDS = "Меня зовут Анна Петрова"


async def left(server: Server, stored: dict[str, str]) -> tuple[str, str]:
    """Return the key of a visitor's tab that has gone, and the visitor's secret; one who stored none is given one."""
    token = str(uuid4())
    async with Wire(server.url, stored=stored, token=token) as wire:
        await wire.call(f"{CHAT}.send", {"text": WORDS, "client_id": uuid4().hex})
        await wire.until(lambda: WORDS in wire.text, "the tab shows its thread")
        return token, wire.shown[CHAT]["secret"]


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("stranger_known", [False, True])
async def test_who_knows_the_key_of_a_tab_alone_reads_nothing_of_its_visitor(
    shared_server: Server, *, known: bool, stranger_known: bool
):
    own, others = ({f"{CHAT}.secret_rx_state_": new_secret()} if has else {} for has in (known, stranger_known))
    token, secret = await left(shared_server, own)

    async with Wire(shared_server.url, stored=others, token=token) as stranger:
        assert [word for word in (secret, WORDS) if word in stranger.text] == []


async def test_the_visitor_who_comes_back_goes_on(shared_server: Server):
    stored = {f"{CHAT}.secret_rx_state_": new_secret()}
    token, _ = await left(shared_server, stored)

    async with Wire(shared_server.url, stored=stored, token=token) as wire:
        assert WORDS in wire.text
