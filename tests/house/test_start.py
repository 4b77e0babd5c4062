"""A start that fails says one sentence; a disk that fills up is told to everybody."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.program import Program, Server
from tests.schema import sqlite_file
from tests.servers import PostgresServer, free_port
from tests.wire import CHAT, Wire
from vink_chat.conversations import new_secret

KEPT = "Не удалось сохранить"


async def refusal(program: Program) -> str:
    """Return the one line with which a program ended."""
    program.launch()
    assert program.process
    assert await asyncio.to_thread(program.process.wait, 90) == 1
    assert len(program.log.splitlines()) == 1, program.log
    return program.log


@pytest.fixture
def make_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Makes a small disk of its own: `make_disk("size=4m")`."""
    made: list[Path] = []

    def make(options: str) -> Path:
        disk = tmp_path / f"disk{len(made)}"
        disk.mkdir()
        mount = shutil.which("mount") or "mount"
        done = subprocess.run([mount, "-t", "tmpfs", "-o", options, "tmpfs", disk], check=False, capture_output=True)  # noqa: S603
        if done.returncode:
            pytest.skip("needs the right to mount")
        made.append(disk)
        return disk

    yield make
    for disk in made:
        subprocess.run([shutil.which("umount") or "umount", "-l", disk], check=True)  # noqa: S603


async def test_a_postgresql_that_is_not_there_is_named(make_program: Callable[..., Program]):
    url = "postgresql://anna:geheim@127.0.0.1:1/shop"

    for command in ([], ["migrate"], ["worker"]):
        settings = {"VINK_DATABASE_URL": url, "VINK_REDIS_URL": "redis://127.0.0.1:1/0"}
        said = await refusal(make_program(*command, settings=settings | _port()))
        assert "VINK_DATABASE_URL: PostgreSQL at 127.0.0.1:1 cannot be reached" in said
        assert "geheim" not in said


def _port() -> dict[str, str]:
    return {"VINK_PORT": str(free_port())}


@pytest.mark.servers
async def test_a_database_that_postgresql_does_not_have_is_named(make_program, postgres_url: str):
    said = await refusal(make_program(settings=_port() | {"VINK_DATABASE_URL": f"{postgres_url}_not"}))

    assert "VINK_DATABASE_URL: PostgreSQL at" in said
    assert "has no database" in said


@pytest.mark.servers
async def test_a_password_that_postgresql_refuses_is_named(make_program):
    # A PostgreSQL of its own: the one all tests share asks nobody for a password.
    with PostgresServer() as postgres:
        url = postgres.new_database().replace("vink@", "anna:geheim@")
        postgres.execute("CREATE ROLE anna LOGIN PASSWORD 'another'")
        rules = postgres.home / "data" / "pg_hba.conf"
        rules.write_text("host all vink 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        postgres.execute("SELECT pg_reload_conf()")
        for command in ([], ["worker"]):
            settings = _port() | {"VINK_DATABASE_URL": url, "VINK_REDIS_URL": "redis://127.0.0.1:1/0"}
            said = await refusal(make_program(*command, settings=settings))

            assert "refuses the user «anna»: check name and password" in said
            assert "geheim" not in said


async def test_a_sqlite_path_that_cannot_be_is_named(make_program, make_disk, tmp_path: Path):
    (tmp_path / "file").touch()
    (tmp_path / "rubbish.db").write_bytes(b"this is no database" * 100)
    disk = make_disk("size=4m,ro")

    for path, why in [
        (tmp_path, "is a folder"),
        (tmp_path / "file" / "shop.db", "not a folder"),
        (tmp_path / "rubbish.db", "not a database"),
        (disk / "shop.db", "Read-only file system"),
    ]:
        said = await refusal(make_program(settings=_port() | {"VINK_DATABASE_URL": f"sqlite:///{path}"}))
        assert "VINK_DATABASE_URL" in said
        assert why in said


async def test_a_full_disk_stops_the_start_with_one_sentence(make_program, make_disk):
    disk = make_disk("size=64k")

    said = await refusal(make_program(settings=_port() | {"VINK_DATABASE_URL": f"sqlite:///{disk / 'shop.db'}"}))

    assert "VINK_DATABASE_URL" in said
    assert "full" in said


async def test_a_link_to_a_database_is_the_same_database(make_server, make_program, tmp_path: Path):
    server = make_server()
    await server.start()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "link.db").symlink_to(tmp_path / "shop.db")

    said = await refusal(
        make_program(settings=_port() | {"VINK_DATABASE_URL": f"sqlite:///{tmp_path}/elsewhere/link.db"})
    )

    assert "Another process already serves this SQLite database" in said


async def test_a_model_whose_key_is_wrong_is_told_at_the_start(make_server):
    settings = {
        "VINK_OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
        "VINK_OPENAI_MODEL": "m",
        "VINK_OPENAI_API_KEY": "geheim",
    }
    server = make_server(settings)
    await server.start()

    await asyncio.to_thread(server.wait_for_log, "The model «.*» does not answer", 20)

    assert "geheim" not in server.log


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(100)
        yield listening.getsockname()[1]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"VINK_REDIS_URL": "redis://127.0.0.1:{port}/0"}, "Redis is unreachable"),
        (
            {
                "VINK_OPENAI_BASE_URL": "http://127.0.0.1:{port}/v1",
                "VINK_OPENAI_MODEL": "m",
                "VINK_OPENAI_API_KEY": "k",
            },
            r"The model «.*» does not answer: \w",
        ),
        (
            {"VINK_TELEGRAM_TOKEN": "123456:" + "a" * 35, "VINK_TELEGRAM_BASE_URL": "http://127.0.0.1:{port}/bot"},
            r"Telegram does not answer: \w",
        ),
    ],
)
async def test_what_never_answers_is_told_within_ten_seconds(
    make_server, silent: int, settings: dict[str, str], sentence: str
):
    server = make_server({name: value.replace("{port}", str(silent)) for name, value in settings.items()})
    await server.start()

    await asyncio.to_thread(server.wait_for_log, sentence, 10)
    server.allowed.append("Could not receive Telegram updates|Redis|Telegram refused part")


@pytest.mark.parametrize("command", [[], ["migrate"]])
async def test_a_postgresql_that_never_answers_is_told_within_ten_seconds(
    make_program, silent: int, command: list[str]
):
    program = make_program(
        *command, settings=_port() | {"VINK_DATABASE_URL": f"postgresql://anna:geheim@127.0.0.1:{silent}/shop"}
    )
    program.launch()
    assert program.process

    # The interpreter's own start is not what is measured, and takes seconds where many tests run at once.
    assert await asyncio.to_thread(program.process.wait, 10 + 20) == 1
    assert "cannot be reached (no answer in time)" in program.log
    assert "geheim" not in program.log


async def test_a_full_disk_is_told_to_visitors_and_to_whoever_watches(make_server: Callable[..., Server], make_disk):
    disk = make_disk("size=24m")
    shutil.copy(sqlite_file(furnished=True), disk / "shop.db")
    server = make_server({"VINK_DATABASE_URL": f"sqlite:///{disk / 'shop.db'}"})
    await server.start()
    secret = new_secret()
    async with (
        httpx.AsyncClient(base_url=server.url, trust_env=False, headers={"chat-token": secret}) as client,
        Wire(server.url, stored={f"{CHAT}.secret_rx_state_": secret}) as tab,
    ):
        assert (await client.get("/readyz")).status_code == 200
        _fill(disk)

        answers = [await client.post("/gpt", json={"message": "ж" * 4000}) for _ in range(3)]
        await tab.call(f"{CHAT}.send", {"text": "ж" * 4000, "client_id": "one"})
        ready = await client.get("/readyz")

        assert {answer.status_code for answer in answers[-2:]} == {503}
        assert KEPT in answers[-1].json()["message"]
        await tab.until(lambda: KEPT in tab.text, "the page says that nothing was kept")
        assert tab.shown[CHAT]["refusal"]["client_id"] == "one"
        assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
        assert "disk" in ready.json()["reason"]

        (disk / "filler").unlink()
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.post("/gpt", json={"message": "Здравствуйте"})).status_code == 201
    server.allowed.append("The database cannot be written: .*disk")
    assert "Traceback" not in server.log


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as file:
        for size in (65536, 4096):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
