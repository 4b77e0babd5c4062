"""The environment of a run: the program on its own core, its database, and the resources that it used."""

import asyncio
import contextlib
import os
import resource
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psutil

from tests.program import Server, environment
from tests.schema import ROOT
from tests.servers import PostgresServer, free_port, valkey
from vink_chat import operators, preferences
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database
from vink_chat.operators import AccountStatus, Presence
from vink_chat.operators.model import Operator, Session
from vink_chat.preferences import Handover

SERVER_CORE, CLIENT_CORE = 0, 1
_FILES = 20_000
_A_DAY = timedelta(days=1)
# All visitors share one address here, so only that limit is raised.
_ROOMY = preferences.Limits(address_per_minute=100_000, conversations_per_hour=100_000, calls_per_hour=100_000)


@dataclass(frozen=True)
class Options:
    """How to start the program.

    Attributes:
        processes: Web processes; more than one run over PostgreSQL and Valkey.
        model: Answer with the emulated YandexGPT, at no latency, instead of the knowledge alone.
        server: What serves ASGI: empty for the program as it is, or a name of ``bench/serve.py``.
        alone: The assistant answers nobody who waits for a person.
    """

    processes: int = 1
    model: bool = False
    server: str = ""
    alone: bool = False


@dataclass(frozen=True)
class Spent:
    """The processor time in seconds and the memory in bytes that the program's processes have used."""

    seconds: float
    bytes: int
    at: float = field(default_factory=time.perf_counter)


class Stage:
    """The running program: one web process, or several."""

    def __init__(self, servers: list[Server]) -> None:
        self._servers = servers
        self.urls = [server.url for server in servers]

    async def staff(self) -> None:
        """Put an operator on shift, so that waiting visitors have a place in the queue and no contact form."""
        operator = Operator(name="Анна", status=AccountStatus.ACTIVE, presence=Presence.HERE)
        session = Session(operator_id=operator.id, token_hash=secrets.token_hex(), expires_at=now() + _A_DAY)
        database = Database(self._servers[0].settings["VINK_DATABASE_URL"])
        async with database.transaction() as tx:
            tx.session.add(operator)
            await tx.flush()
            tx.session.add(session)
        async with database.transaction() as tx:
            await operators.open_desk(tx, session.id, operator.id, _A_DAY)
        await database.close()

    def spent(self) -> Spent:
        """Return what the program has used so far."""
        seconds, size = 0.0, 0
        for server in self._servers:
            assert server.process
            own = psutil.Process(server.process.pid)
            for process in [own, *own.children(recursive=True)]:
                times = process.cpu_times()
                seconds += times.user + times.system
                size += process.memory_info().rss
        return Spent(seconds, size)

    @property
    def pids(self) -> list[int]:
        """Return the web processes' ids, for a profiler."""
        return [server.process.pid for server in self._servers if server.process]


@contextlib.contextmanager
def stage(folder: Path, options: Options) -> Iterator[Stage]:
    """Start everything for a run, the program on one core and the rest on the other; stop it afterwards."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, max(_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    os.sched_setaffinity(0, {CLIENT_CORE})
    with contextlib.ExitStack() as stack:
        settings = {"VINK_LOG_LEVEL": "WARNING"}
        if options.model:
            settings |= stack.enter_context(_emulator(folder))
        if options.processes > 1:
            database = stack.enter_context(PostgresServer()).new_database()
            redis = stack.enter_context(valkey()).connection_url
            settings |= {"VINK_DATABASE_URL": database, "VINK_REDIS_URL": f"{redis}/0"}
        servers = [_Variant(folder, settings, options.server) for _ in range(options.processes)]
        _prepare(servers[0].settings, options)
        for server in servers:
            stack.callback(server.check_log)
            stack.callback(server.kill)
            with _on_core(SERVER_CORE):
                server.launch()
            server.start_now()
        yield Stage(list(servers))


class _Variant(Server):
    """The program, served by its own or by another ASGI server."""

    def __init__(self, folder: Path, settings: dict[str, str], kind: str) -> None:
        super().__init__(folder, settings)
        self._kind = kind

    def launch(self) -> None:
        if self.process:
            return
        if not self._kind:
            super().launch()
            return
        self.process = _spawn(self.log_path, "-u", "-m", "bench.serve", self._kind, settings=self.settings)


def _spawn(log_path: Path, *arguments: str, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    with log_path.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment(settings),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@contextlib.contextmanager
def _on_core(core: int) -> Iterator[None]:
    # Child processes and their threads inherit it.
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def _emulator(folder: Path) -> Iterator[dict[str, str]]:
    port = free_port()
    arguments = ["-m", "tests.emulators.yandexgpt", "--port", str(port), "--latency", "0", "--pace", "0"]
    process = _spawn(folder / "emulator.log", *arguments, settings={})
    try:
        deadline = time.monotonic() + 20
        while not _listens(port):
            assert time.monotonic() < deadline, (folder / "emulator.log").read_text()
            time.sleep(0.05)
        yield {
            "VINK_YANDEX_API_KEY": "a-key-of-the-emulator",
            "VINK_YANDEX_FOLDER_ID": "b1gemulatedfolder",
            "VINK_YANDEX_BASE_URL": f"http://127.0.0.1:{port}",
        }
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _prepare(settings: dict[str, str], options: Options) -> None:
    command = [sys.executable, "-m", "vink_chat", "migrate"]
    subprocess.run(command, cwd=ROOT, env=environment(settings), check=True, capture_output=True)
    asyncio.run(_prefer(settings["VINK_DATABASE_URL"], _ROOMY, Handover(answers_while_waiting=not options.alone)))


async def _prefer(url: str, *sections: preferences.Section) -> None:
    database = Database(url)
    async with database.transaction() as tx:
        for section in sections:
            await preferences.save(tx, section)
    await database.close()
