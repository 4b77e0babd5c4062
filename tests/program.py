"""The program as people run it: `python -m vink_chat` in a process of its own, with its log read at the end."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from tests import quick
from tests.forked import Forked
from tests.schema import ROOT, sqlite_file
from tests.servers import free_port
from vink_chat.config import Settings

_TROUBLE = re.compile(r"^Traceback|\b(ERROR|CRITICAL)\b")


def environment(settings: dict[str, str]) -> dict[str, str]:
    """Return this process's environment with every setting of the project at its default, but for the given ones."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("VINK_")}
    # Written out one by one, so that a developer's .env cannot leak into a test.
    defaults = {f"VINK_{name.upper()}": str(field.default) for name, field in Settings.model_fields.items()}
    return own | defaults | {"VINK_SECRET": "a-secret-for-tests-of-32-letters"} | settings


class Program:
    """One process of the project and its log.

    Attributes:
        allowed: Patterns of log lines with an error that this test provokes.
        forked: Fork it from a process that imported it, and do not start Python for it.
        cheap: Forked, it hashes passwords for next to nothing.
        module: What Python runs when it is not forked.
        cwd: The folder of the sources it runs from.
    """

    forked = False
    cheap = True
    module = "vink_chat"
    cwd = ROOT

    def __init__(self, folder: Path, *arguments: str, settings: dict[str, str] | None = None) -> None:
        self.log_path = folder / f"{'-'.join(arguments) or 'web'}-{free_port()}.log"
        self.arguments = arguments
        self.settings = settings or {}
        self.allowed: list[str] = []
        self.process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def log(self) -> str:
        """Everything the program wrote so far, over all its starts."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def launch(self) -> None:
        """Start the process, in a process group of its own, and wait for nothing."""
        assert self.process is None, "it is running already"
        if self.forked:
            self.process = Forked(self.arguments, environment(self.settings), self.log_path, cheap=self.cheap)
            return
        command = [sys.executable, "-u", "-m", self.module, *self.arguments]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  the project's own program
                command,
                cwd=self.cwd,
                env=environment(self.settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float = 120) -> None:
        """Wait until a condition holds; a program that ended, or is too slow, fails the test with its log."""
        deadline = time.monotonic() + seconds
        while not ready():
            ended = self.process is None or self.process.poll() is not None
            assert not ended, f"the program ended before {what}:\n{self.log[-4000:]}"
            assert time.monotonic() < deadline, f"{what} did not come in {seconds} s:\n{self.log[-4000:]}"
            time.sleep(0.02)

    def wait_for_log(self, pattern: str, seconds: float = 120) -> None:
        """Wait until a line of the log matches."""
        self.wait_until(lambda: re.search(pattern, self.log, re.MULTILINE) is not None, f"«{pattern}»", seconds)

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL to the whole group."""
        self._end(signal.SIGKILL, 10)

    def finish(self) -> None:
        """End it at once; where coverage is measured, it writes down first which lines it ran."""
        self._end(quick.LAST_SIGNAL, 60)

    def stop(self, seconds: float = 20) -> int:
        """Ask it to end (SIGTERM) and return its exit status."""
        return self._end(signal.SIGTERM, seconds)

    def _end(self, number: signal.Signals, seconds: float) -> int:
        process, self.process = self.process, None
        if process is None:
            return 0
        try:
            os.killpg(process.pid, number)
            return process.wait(seconds)
        except ProcessLookupError:
            # It has ended, or is so young that it leads no group yet.
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
            message = f"the program did not end {seconds} s after SIGTERM:\n{self.log[-4000:]}"
            raise AssertionError(message) from None

    def check_log(self) -> None:
        """Fail when the log tells of an error the test did not allow."""
        lines = self.log.splitlines()
        for number, line in enumerate(lines):
            if _TROUBLE.search(line) and not any(re.search(pattern, line) for pattern in self.allowed):
                around = "\n".join(lines[max(0, number - 3) : number + 25])
                message = f"the log of {self.log_path.stem} tells of an error:\n{around}"
                raise AssertionError(message)


class Server(Program):
    """A web process: `python -m vink_chat` on a free port, with a database of its own.

    Unless it is to be its first start, the database is there, as another first start left it.
    """

    def __init__(self, folder: Path, settings: dict[str, str] | None = None, *, first_start: bool = False) -> None:
        self.port = free_port()
        if not first_start and not (folder / "shop.db").exists():
            shutil.copy(sqlite_file(furnished=True), folder / "shop.db")
        own = {"VINK_PORT": str(self.port), "VINK_DATABASE_URL": f"sqlite:///{folder / 'shop.db'}"}
        super().__init__(folder, settings=own | (settings or {}))

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start_now(self, seconds: float = 180) -> None:
        """Start it and block until `/healthz` answers 200."""
        self.launch()
        with httpx.Client(timeout=2, trust_env=False) as client:
            self.wait_until(lambda: self._healthy(client), "GET /healthz → 200", seconds)

    def _healthy(self, client: httpx.Client) -> bool:
        try:
            return client.get(f"{self.url}/healthz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    async def start(self, seconds: float = 180) -> None:
        """Start it and wait until `/healthz` answers 200, letting other tasks run."""
        await asyncio.to_thread(self.start_now, seconds)

    async def restart(self) -> None:
        """Kill it and start it again on the same port and database."""
        self.kill()
        await self.start()


def end(programs: Sequence[Program]) -> None:
    """End programs that belong together, and fail when the log of one tells of an error the test did not allow."""
    for program in programs:
        program.finish()
    for program in programs:
        program.check_log()
