"""Every handler of every page is called by those who may not, and gives and takes nothing."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.program import Server, end
from tests.schema import sqlite_file
from tests.walk import payloads
from tests.walk.handlers import Handler, collect
from tests.walk.planted import Planted, photograph, plant
from tests.wire import CHAT, THREAD, Wire, decoded
from vink_chat.conversations import new_secret, visitor_id

_OWN = ("visitor", "conversation", "message", "run", "conversation_call", "search_entry")
_THE_CLOCKS = ("alerted_at", "form_offered_at", "promised_at")
# The door lets a socket send sixty events at once, and each case is two.
_AT_ONCE = 25


@dataclass
class Caller:
    """Somebody who tries every door."""

    name: str
    cookie: str = ""
    secret: str = field(default_factory=new_secret)
    cases: int = 0

    def wire(self, server: Server, planted: Planted, path: str = "/") -> Wire:
        """Make a tab that claims to have another's conversation open."""
        stored = {f"{CHAT}.secret_rx_state_": self.secret, f"{THREAD}.opened_rx_state_": planted.ids["attended"]}
        return Wire(server.url, cookie=self.cookie, stored=stored, path=path)


@pytest.fixture(scope="module")
def handlers() -> list[Handler]:
    """Every handler there is."""
    return collect()[0]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """A shop with secrets."""
    folder = tmp_path_factory.mktemp("walk")
    shutil.copy(sqlite_file(furnished=True), folder / "shop.db")
    return asyncio.run(plant(folder))


@pytest.fixture(scope="module")
def walked(planted: Planted) -> Iterator[Server]:
    """The program over that shop; whatever is sent to it, its log stays clean."""
    server = Server(planted.folder)
    server.start_now()
    yield server
    end([server])


@pytest.fixture
async def callers(planted: Planted) -> list[Caller]:
    """Those who are signed in nowhere: a stranger, another visitor, one who was disabled, one who signed out."""
    return [
        Caller("anonymous"),
        Caller("visitor", secret=planted.other.secret),
        Caller("disabled", planted.cookies["fired"]),
        Caller("signed out", planted.cookies["gone"]),
    ]


async def test_who_is_not_signed_in_gets_and_changes_nothing(
    walked: Server,
    planted: Planted,
    handlers: list[Handler],
    callers: list[Caller],
    capsys: pytest.CaptureFixture[str],
):
    await asyncio.to_thread(_wait_for_ends, planted.path)
    before = photograph(planted.path)
    found = await asyncio.gather(*(_walk(walked, planted, caller, handlers) for caller in callers))
    changed = _changes(before, photograph(planted.path))

    assert [trouble for troubles in found for trouble in troubles] == []
    assert [change for change in changed if not _is_own(change, before, callers)] == []
    _tell(capsys, handlers, callers)


async def test_an_operator_gets_and_changes_nothing_of_the_administrators(
    walked: Server, planted: Planted, handlers: list[Handler], capsys: pytest.CaptureFixture[str]
):
    caller = Caller("operator", planted.cookies["oleg"])
    theirs = [one for one in handlers if one.admin]

    await asyncio.to_thread(_wait_for_ends, planted.path)
    before = photograph(planted.path)
    troubles = await _walk(walked, planted, caller, theirs)
    changed = _changes(before, photograph(planted.path))

    assert troubles == []
    assert [change for change in changed if change[0][0] != "operator_session"] == []
    _tell(capsys, theirs, [caller])


async def test_an_operator_cannot_hurt_the_desk_or_read_its_secrets(
    walked: Server, planted: Planted, handlers: list[Handler], capsys: pytest.CaptureFixture[str]
):
    caller = Caller("operator", planted.cookies["oleg"])
    theirs = [one for one in handlers if not one.admin]

    troubles = await _walk(walked, planted, caller, theirs)

    assert troubles == []
    _tell(capsys, theirs, [caller])


async def test_no_page_opens_for_those_who_may_not(
    walked: Server, planted: Planted, callers: list[Caller], capsys: pytest.CaptureFixture[str]
):
    ids = planted.ids
    query = f"c={ids['attended']}&conversation={ids['closed']}&edit={ids['article']}&operator={ids['anna']}&q=kanarejka"
    pages = collect()[1]
    operator = Caller("operator", planted.cookies["oleg"])
    for page in pages:
        for caller in (*callers, operator):
            async with caller.wire(walked, planted, f"{page}?{query}") as wire:
                await wire.settle()
            kept = page.startswith(("/desk", "/admin", "/account"))
            assert _leaks(planted, caller, wire.frames) == [], (page, caller.name)
            if kept and caller is not operator:
                assert "/sign-in" in wire.redirects, (page, caller.name)
    with capsys.disabled():
        print(f"\npages: {len(pages)}, callers: {len(callers) + 1}")  # noqa: T201  the walk's result


async def _walk(server: Server, planted: Planted, caller: Caller, handlers: list[Handler]) -> list[str]:
    troubles: list[str] = []
    for handler in handlers:
        async with caller.wire(server, planted) as wire:
            for arguments in payloads.plausible(handler, planted.ids):
                frames = await wire.call(handler.name, arguments)
                troubles += _unguarded(caller, handler, frames)
                caller.cases += 1
        received = list(wire.frames)
        for some in batched(payloads.hostile(handler), _AT_ONCE):
            async with caller.wire(server, planted) as other:
                for arguments in some:
                    await other.call(handler.name, arguments)
                    caller.cases += 1
            received += other.frames
        leaks = _leaks(planted, caller, received)
        troubles += [f"{caller.name} reads {leak} from {handler.name}" for leak in leaks]
    return troubles


def batched(cases: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Cut cases into lists."""
    rest = iter(cases)
    while some := list(islice(rest, size)):
        yield some


def _unguarded(caller: Caller, handler: Handler, frames: list[str]) -> list[str]:
    """Ask a handler that is not for everybody what it answered: a refusal, and nothing else."""
    if not handler.staff or handler.closed or handler.module.startswith("vink_chat.pages.staff"):
        return []
    if caller.name == "operator":
        refused = not handler.admin or any("refusal_number" in frame for frame in frames)
    else:
        refused = any('"/sign-in"' in frame for frame in frames)
    return [] if refused else [f"{handler.name} does not ask {caller.name} who is there"]


def _leaks(planted: Planted, caller: Caller, frames: list[str]) -> list[str]:
    words = planted.secrets | (planted.admins - planted.own["oleg"] if caller.name == "operator" else planted.foreign)
    text = decoded(frames)
    return sorted(word for word in words if word in text)


def _changes(before: dict[Any, Any], after: dict[Any, Any]) -> list[tuple[Any, Any, Any]]:
    keys = before.keys() | after.keys()
    return [(key, before.get(key), after.get(key)) for key in keys if _still(before, key) != _still(after, key)]


def _still(rows: dict[Any, Any], key: Any) -> dict[str, Any] | None:
    """Return a row without what the clock writes into it by itself."""
    row = rows.get(key)
    return {name: value for name, value in row.items() if name not in _THE_CLOCKS} if row else None


def _wait_for_ends(path: Path) -> None:
    """Wait until what the walk before finished has ended: seconds later, which would look like a change of ours."""
    deadline = time.monotonic() + 60
    while _pending_ends(path):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _pending_ends(path: Path) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute("select count(*) from conversation where ends_at is not null").fetchone()[0]


def _is_own(change: tuple[Any, Any, Any], before: dict[Any, Any], callers: list[Caller]) -> bool:
    """Tell whether a row is of a caller's own thread, or of one that a caller began."""
    (table, _), was, now = change
    if table not in _OWN or now is None:
        return False
    if now.get("message_id"):
        # What the search keeps of a message belongs to whom the message does, and that row is looked at too.
        return was is None and ("message", now["message_id"]) not in before
    own = {visitor_id(caller.secret).hex for caller in callers}
    visitor = now["id"] if table == "visitor" else now.get("visitor_id")
    if visitor is None:
        foreign = {
            row["id"] for (kind, _), row in before.items() if kind == "conversation" if row["visitor_id"] not in own
        }
        return now["conversation_id"] not in foreign
    return visitor in own or ("visitor", visitor) not in before


def _tell(capsys: pytest.CaptureFixture[str], handlers: list[Handler], callers: list[Caller]) -> None:
    cases = ", ".join(f"{caller.name} {caller.cases}" for caller in callers)
    with capsys.disabled():
        print(f"\nhandlers: {len(handlers)}, cases: {sum(caller.cases for caller in callers)} ({cases})")  # noqa: T201  the walk's result
