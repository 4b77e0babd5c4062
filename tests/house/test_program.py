"""The program as people start it: what it says, and how it ends."""

import asyncio
import re
import signal
from pathlib import Path

import httpx
import pytest

from tests.program import Program
from vink_chat import __version__, operators
from vink_chat.kit.db import Database

ENDED = (0, -signal.SIGTERM)


@pytest.fixture
def _as_people_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Program, "forked", False)


@pytest.mark.usefixtures("_as_people_do")
async def test_it_serves_on_one_port_and_ends_when_asked(server):
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        pages = [(await client.get(path)).status_code for path in ("/healthz", "/", "/embed/")]

    assert pages == [200, 200, 200]
    assert f":{server.port}" in server.log
    assert server.stop() in ENDED


@pytest.mark.usefixtures("_as_people_do")
@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"VINK_PORT": "chat"}, "VINK_PORT"),
        ({"VINK_YANDEX_API_KEY": "AQVN", "VINK_YANDEX_FOLDER_ID": ""}, "VINK_YANDEX_FOLDER_ID"),
    ],
)
async def test_a_wrong_setting_stops_the_start_with_one_sentence(make_program, settings: dict[str, str], named: str):
    program = make_program(settings=settings)

    program.launch()
    status = await asyncio.to_thread(program.process.wait, 60)

    assert status == 1
    assert named in program.log
    assert len(program.log.splitlines()) == 1


async def test_a_taken_port_is_named_before_anything_is_built(server, make_program, tmp_path: Path):
    late = make_program(settings={"VINK_PORT": str(server.port), "VINK_DATABASE_URL": f"sqlite:///{tmp_path}/other.db"})

    late.launch()
    status = await asyncio.to_thread(late.process.wait, 60)

    assert status == 1
    assert "VINK_PORT" in late.log
    assert len(late.log.splitlines()) == 1
    assert not (tmp_path / "other.db").exists()


async def test_nobody_else_on_the_machine_reads_the_database(make_program, tmp_path: Path):
    kept = tmp_path / "new" / "shop.db"
    program = make_program("migrate", settings={"VINK_DATABASE_URL": f"sqlite:///{kept}"})

    program.launch()
    status = await asyncio.to_thread(program.process.wait, 60)

    assert status == 0
    assert kept.stat().st_mode & 0o077 == 0


async def test_a_second_process_does_not_write_the_same_sqlite_file(server, make_program):
    intruder = make_program(settings={**server.settings, "VINK_PORT": "1"})

    intruder.launch()
    status = await asyncio.to_thread(intruder.process.wait, 60)

    assert status == 1
    assert "VINK_DATABASE_URL" in intruder.log


async def _said(program: Program) -> str:
    program.launch()
    assert await asyncio.to_thread(program.process.wait, 60) == 0
    return program.log


async def test_it_names_its_version_and_its_commands(make_program):
    assert await _said(make_program("--version")) == f"vink_chat {__version__}\n"

    told = await _said(make_program("--help"))
    commands = re.findall(r"^  (\w+) ", told, re.MULTILINE)
    assert commands == ["serve", "run", "worker", "migrate", "admin", "evaluate", "build", "dev"]
    assert all(sentence.endswith(".") for sentence in re.findall(r"^  \w+ +(.*)", told, re.MULTILINE))


async def test_what_a_command_does_not_know_is_refused(make_program):
    for arguments, named in ((("start",), "«start»"), (("serve", "--port"), "«serve»")):
        program = make_program(*arguments)
        program.launch()

        assert await asyncio.to_thread(program.process.wait, 60) == 1
        assert named in program.log
        assert len(program.log.splitlines()) == 1


async def test_a_command_lets_another_administrator_in_once_while_the_chat_runs(server, make_program):
    told = await _said(make_program("admin", "Анна", settings=server.settings))
    link = re.search(rf"http://localhost:{server.port}/welcome\?token=(\S+)", told)
    assert link

    database = Database(server.settings["VINK_DATABASE_URL"])
    try:
        account = await operators.accept(database.transaction, link[1], "anna", "a-long-phrase-of-hers")
        assert (account.name, account.role) == ("Анна", operators.Role.ADMIN)
        with pytest.raises(operators.LinkExpired):
            await operators.accept(database.transaction, link[1], "eve", "a-long-phrase-of-hers")
    finally:
        await database.close()


@pytest.mark.parametrize("arguments", [("admin",), ("evaluate", "questions.jsonl")])
async def test_where_no_chat_was_started_nothing_is_begun(make_program, tmp_path: Path, arguments: tuple[str, ...]):
    missing = tmp_path / "elsewhere.db"
    program = make_program(*arguments, settings={"VINK_DATABASE_URL": f"sqlite:///{missing}"})
    program.launch()

    assert await asyncio.to_thread(program.process.wait, 60) == 1
    assert str(missing) in program.log
    assert len(program.log.splitlines()) == 1
    assert not missing.exists()


async def test_an_administrator_without_a_fit_name_is_refused(make_program, tmp_path: Path):
    settings = {"VINK_DATABASE_URL": f"sqlite:///{tmp_path}/shop.db"}
    await _said(make_program("migrate", settings=settings))
    program = make_program("admin", "\x07", settings=settings)
    program.launch()

    assert await asyncio.to_thread(program.process.wait, 60) == 1
    assert len(program.log.splitlines()) == 1


@pytest.mark.servers
@pytest.mark.usefixtures("_as_people_do")
async def test_two_web_processes_and_a_worker_share_one_house(make_server, make_program, postgres_url, valkey_url):
    shared = {"VINK_DATABASE_URL": postgres_url, "VINK_REDIS_URL": valkey_url}
    first, second, worker = make_server(shared), make_server(shared), make_program("worker", settings=shared)

    worker.launch()
    await asyncio.gather(first.start(), second.start())
    await asyncio.to_thread(worker.wait_for_log, "The worker is ready")

    assert [program.stop() in ENDED for program in (first, second, worker)] == [True, True, True]
