"""The same program as `python -m vink_chat`, forked from a process that has imported it already: seconds sooner."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

from tests import quick
from tests.schema import ROOT
from vink_chat import __main__ as program

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.preloaded", "tests.forked"])


class Forked:
    """What `subprocess.Popen` is for a program that was forked; it leads a process group of its own."""

    def __init__(self, arguments: tuple[str, ...], environment: dict[str, str], log: Path, *, cheap: bool) -> None:
        # A daemon: whatever a broken test leaves running ends with the tests.
        self._process = _CONTEXT.Process(target=_run, args=(arguments, environment, log, cheap), daemon=True)
        self._process.start()
        assert self._process.pid
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Return its exit status, or nothing while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its exit status; `subprocess.TimeoutExpired` when it does not come."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("vink_chat", timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)


def _run(arguments: tuple[str, ...], environment: dict[str, str], log: Path, cheap: bool) -> None:
    if cheap:
        quick.hash_cheaply()
    quick.save_coverage_at_the_end()
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)
    sys.argv = ["vink_chat", *arguments]
    sys.exit(program.main())
