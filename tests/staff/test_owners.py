"""What a tab's State holds is nobody's but its operator's, whoever uses the tab next."""

from uuid import uuid4

import httpx
import pytest

from tests.program import Server
from tests.staff.conftest import LOGIN
from tests.wire import ROOT, Wire

PEOPLE = f"{ROOT}.vink_chat___pages___admin___people_state____people_state"
ADMIN = "/admin/operators"


@pytest.fixture
def session(client: httpx.Client) -> str:
    return client.post("/auth/sign-in", data=LOGIN).cookies["vink_session"]


async def invited(office: Server, session: str) -> tuple[str, str]:
    """Return the key of a tab that has gone, and the link to an account that its page showed."""
    token = str(uuid4())
    async with Wire(office.url, cookie=session, path=ADMIN, token=token) as wire:
        await wire.call(f"{PEOPLE}.invite", {"form": {"name": "Новенькая", "role": "admin"}})
        return token, wire.shown[PEOPLE]["link"]["text"]


async def test_one_who_reconnects_goes_on(office: Server, session: str):
    token, link = await invited(office, session)

    async with Wire(office.url, cookie=session, path=ADMIN, token=token) as wire:
        assert link in wire.text


async def test_nobody_finds_what_one_who_signed_out_has_left(office: Server, session: str):
    token, link = await invited(office, session)

    async with Wire(office.url, path="/sign-in", token=token) as wire:
        assert link not in wire.text


async def test_nor_does_a_session_that_was_ended_meanwhile(office: Server, session: str):
    token, link = await invited(office, session)
    async with httpx.AsyncClient(base_url=office.url, trust_env=False, cookies={"vink_session": session}) as client:
        await client.post("/auth/sign-out")

    async with Wire(office.url, cookie=session, path=ADMIN, token=token) as wire:
        assert link not in wire.text


async def test_a_page_that_is_loaded_begins_anew(office: Server, session: str):
    token, link = await invited(office, session)

    async with Wire(office.url, cookie=session, path=ADMIN, token=token, hashes=["of this page"]) as wire:
        assert link not in wire.text
