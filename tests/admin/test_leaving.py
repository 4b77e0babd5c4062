"""Who may not administer any more keeps nothing of it in an open tab."""

from typing import Any

import httpx
import pytest

from tests.admin.conftest import LOGIN
from tests.program import Server
from tests.wire import ROOT, Wire
from vink_chat.pages.admin.frame import PAGES

ADMIN = f"{ROOT}.vink_chat___pages___admin___"
FRAME = f"{ADMIN}frame____admin_frame"
PEOPLE = f"{ADMIN}people_state____people_state"
# What one may keep: that a refusal was shown, and the words of the pages.
KEPT = {"refusal", "refusal_number", "t"}


async def _enter(shop: Server, **form: str) -> str:
    async with httpx.AsyncClient(base_url=shop.url, trust_env=False, timeout=30) as client:
        answer = await client.post("/auth/accept" if "token" in form else "/auth/sign-in", data=form)
    return answer.cookies["vink_session"]


async def _colleague(shop: Server, boss: Wire, login: str) -> tuple[str, str]:
    """Return the id and the cookie of another administrator."""
    await boss.call(f"{PEOPLE}.invite", {"form": {"name": login, "role": "admin"}})
    token = boss.shown[PEOPLE]["link"]["text"].partition("token=")[2]
    cookie = await _enter(shop, token=token, login=login, password=f"{login}-secret-1", name=login)
    await boss.call(f"{PEOPLE}.open", {})
    return next(one["id"] for one in boss.shown[PEOPLE]["people"] if one["name"] == login), cookie


def _left(tab: Wire) -> dict[str, Any]:
    """Return what a tab still holds of the administrators' pages."""
    return {
        f"{state.removeprefix(ADMIN)}.{name}": value
        for state, shown in tab.shown.items()
        if state.startswith(ADMIN)
        for name, value in shown.items()
        if value and name not in KEPT and not name.startswith("is_")
    }


@pytest.mark.parametrize("path", [path for _, path in PAGES])
async def test_who_leaves_in_another_tab_takes_the_page_along(shop: Server, path: str):
    cookie = await _enter(shop, **LOGIN)
    async with Wire(shop.url, cookie=cookie, path=path) as tab:
        await tab.until(lambda: tab.shown.get(FRAME, {}).get("name"), "the page")
        await tab.settle()
        assert len(_left(tab)) > 1

        async with httpx.AsyncClient(base_url=shop.url, trust_env=False, cookies={"vink_session": cookie}) as client:
            await client.post("/auth/sign-out")

        await tab.until(lambda: "/sign-in" in tab.redirects, "the way to the sign-in")
        await tab.settle()
        assert _left(tab) == {}


async def test_a_disabled_administrator_sees_nothing_more(shop: Server, session: str):
    async with Wire(shop.url, cookie=session, path="/admin/operators") as boss:
        operator, cookie = await _colleague(shop, boss, "switched-off")
        async with Wire(shop.url, cookie=cookie, path="/admin/operators") as tab:
            await tab.until(lambda: tab.shown.get(PEOPLE, {}).get("people"), "the accounts")
            await tab.call(f"{PEOPLE}.invite", {"form": {"name": "somebody", "role": "operator"}})
            assert "link" in str(_left(tab))

            await boss.call(f"{PEOPLE}.disable", {"operator": operator})

            await tab.until(lambda: "/sign-in" in tab.redirects, "the way to the sign-in")
            await tab.settle()
            assert _left(tab) == {}
        assert boss.redirects == []


async def test_who_is_made_an_operator_again_is_told_so_and_sees_nothing_more(shop: Server, session: str):
    async with Wire(shop.url, cookie=session, path="/admin/operators") as boss:
        operator, cookie = await _colleague(shop, boss, "demoted")
        async with Wire(shop.url, cookie=cookie, path="/admin/operators") as tab:
            await tab.until(lambda: tab.shown.get(PEOPLE, {}).get("people"), "the accounts")

            await boss.call(f"{PEOPLE}.set_role", {"operator": operator, "role": "operator"})

            await tab.until(lambda: tab.shown[FRAME].get("refusal"), "the refusal")
            await tab.settle()
            assert _left(tab) == {}
            assert tab.redirects == []
