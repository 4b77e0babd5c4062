"""``vink-chat``, or ``python -m vink_chat``: checks the settings, migrates, builds the pages, serves on one port."""

import asyncio
import contextlib
import errno
import fcntl
import gc
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, TextIO

from vink_chat import __version__, config
from vink_chat.kit import db_errors, files
from vink_chat.kit.errors import VinkError

log = logging.getLogger("vink_chat")

_LOG_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_SETTINGS: Final = (
    "Settings come from the environment or from .env in this folder, for instance VINK_PORT and VINK_DATA (the folder\n"
    "of the database, ./data by itself). Without any of them it serves on http://localhost:3000."
)
_COLLECT: Final = (20_000, 20, 20)
# Reflex reads these at import, so they are set before that.
_REFLEX: Final = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "REFLEX_SOCKET_INTERVAL": "10",
    "REFLEX_SOCKET_TIMEOUT": "10",
    "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": "65536",
    "REFLEX_TELEMETRY_ENABLED": "false",
    # A build leaves both forms beside each file; the first one that the browser accepts is sent.
    "REFLEX_FRONTEND_COMPRESSION_FORMATS": "brotli,gzip",
}


def main() -> int:
    """Run one command, ``serve`` when none is named."""
    commands = {
        "serve": serve,
        "run": serve,
        "worker": worker,
        "migrate": migrate,
        "admin": admin,
        "evaluate": evaluate,
    }
    if not files.IS_INSTALLED:
        commands |= {"build": build, "dev": dev}
    name, *rest = sys.argv[1:] or ["serve"]
    if name in {"--version", "--help", "-h", "help"}:
        print(f"vink_chat {__version__}" if name == "--version" else _usage(commands))  # noqa: T201  it was asked for
        return 0
    if name not in commands:
        return _refuse(f"There is no command «{name}»: choose one of {', '.join(commands)}.")
    if rest and name not in {"admin", "evaluate"}:
        return _refuse(f"The command «{name}» takes nothing after it: settings come from the environment or from .env.")
    try:
        settings = config.current()
    except config.SettingsError as error:
        return _refuse(str(error))
    logging.basicConfig(level=settings.log_level, format=_LOG_FORMAT)
    for chatty in ("httpx", "httpcore", "alembic", "taskiq", "pymorphy3"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))
    return commands[name](settings)


def _usage(commands: dict[str, Callable[[config.Settings], int]]) -> str:
    descriptions = {name: (command.__doc__ or "").partition("\n")[0] for name, command in commands.items()}
    descriptions["run"] = "The same as serve."
    lines = [f"  {name:<9} {sentence}" for name, sentence in descriptions.items()]
    return "\n".join(["vink-chat [command]; without one it serves.", "", *lines, "", _SETTINGS])


def serve(settings: config.Settings) -> int:
    """Serve the pages, the REST interface and the assistant on one port."""
    for warning in config.unknown_names():
        log.warning("%s", warning)
    if trouble := _sqlite_trouble(settings):
        return _refuse(trouble)
    with _alone(settings) as free:
        if not free:
            return _refuse("Another process already serves this SQLite database: stop it, or set VINK_DATABASE_URL.")
        # Bind the port before the first build, which takes a minute, not after it.
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        with socket.socket(family) as port:
            port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                port.bind((settings.host, settings.port))
            except OSError as error:
                if error.errno == errno.EADDRNOTAVAIL:
                    return _refuse(f"VINK_HOST: this machine has no address {settings.host}: write another one.")
                return _refuse(
                    f"VINK_PORT: port {settings.port} cannot be opened ({error.strerror}): write another one."
                )
            if migrate(settings) or build(settings):
                return 1
            return _serve(settings, port)


def migrate(settings: config.Settings) -> int:
    """Bring the database to the newest schema."""
    from alembic.config import Config  # noqa: PLC0415

    from alembic import command  # noqa: PLC0415  not needed by every command

    if trouble := _sqlite_trouble(settings):
        return _refuse(trouble)
    try:
        if (path := _sqlite_file(settings)) and not path.exists():
            # SQLite's other files inherit this mode, so nobody else on the machine can read the conversations.
            path.touch(mode=0o600)
        command.upgrade(Config(files.MIGRATIONS), "head")
    except Exception as error:
        if sentence := db_errors.cannot_start(settings.database_url, error):
            return _refuse(sentence)
        raise
    return 0


def build(_settings: config.Settings) -> int:
    """Build the pages if their sources changed."""
    from vink_chat.web import build as pages  # noqa: PLC0415  not needed by every command

    if pages.is_fresh():
        return 0
    print("Building the pages; this happens once per version…", flush=True)  # noqa: T201  for the person at the terminal
    try:
        pages.build()
    except pages.BuildFailed as error:
        return _refuse(f"The pages could not be built.\n{error}")
    return 0


def admin(settings: config.Settings) -> int:
    """Print a link that makes another administrator, once; a name may follow the command."""
    from vink_chat import bootstrap  # noqa: PLC0415  after the settings were checked

    if status := _open_existing(settings):
        return status
    try:
        address = asyncio.run(bootstrap.invite_admin(settings, " ".join(sys.argv[2:])))
    except VinkError as error:
        return _refuse(str(error))
    print(f"New administrator (the link works once, for 7 days): {address}", flush=True)  # noqa: T201  it was asked for
    return 0


def _open_existing(settings: config.Settings) -> int:
    """Bring the database of a chat that was started before to the newest schema; refuse to begin a new one."""
    if (path := _sqlite_file(settings)) and not path.exists():
        return _refuse(f"No chat keeps its data at {path}: start this in its folder, or set VINK_DATA as it does.")
    return migrate(settings)


def evaluate(settings: config.Settings) -> int:
    """Ask the questions of a file and print how well the knowledge base answers them."""
    from vink_chat.evaluation import command  # noqa: PLC0415  not needed by every command

    given = command.parse(sys.argv[2:])
    if given.articles is None and (status := _open_existing(settings)):
        return status
    return command.evaluate(given, settings.database_url)


def dev(settings: config.Settings) -> int:
    """Serve with hot reload, for those who change the pages."""
    from vink_chat.web import build as pages  # noqa: PLC0415  not needed by every command

    if migrate(settings):
        return 1
    command = [sys.executable, "-m", "reflex", "run", "--env", "dev", "--backend-port", str(settings.port + 1)]
    command += ["--frontend-port", str(settings.port)]
    environment = pages.environment() | {
        # The browser uses one port; dev.js forwards everything but pages to the other.
        "REFLEX_API_URL": f"http://localhost:{settings.port}",
        "VINK_DEV_BACKEND": f"http://127.0.0.1:{settings.port + 1}",
        # The same server as in production.
        "REFLEX_USE_GRANIAN": "false",
        # Not the whole folder: writes to the database would restart the server again and again.
        "REFLEX_HOT_RELOAD_OVERRIDE_PATHS": os.pathsep.join(("vink_chat", "assets")),
    }
    with contextlib.suppress(KeyboardInterrupt):
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603  our own command
    return 0


def worker(settings: config.Settings) -> int:
    """Run the tasks of the queue, beside the web processes."""
    if not settings.redis_url:
        return _refuse(
            "A worker needs VINK_REDIS_URL, e.g. redis://localhost:6379/0: without it tasks stay in one process."
        )
    if settings.database_url.startswith("sqlite"):
        return _refuse("A worker needs VINK_DATABASE_URL=postgresql://…: two processes must not write one SQLite file.")
    if migrate(settings):
        return 1
    asyncio.run(_work(settings))
    return 0


async def _work(settings: config.Settings) -> None:
    from vink_chat import bootstrap  # noqa: PLC0415  after the settings were checked

    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, done.set)
    runtime = await bootstrap.start(settings)
    print("The worker is ready.", flush=True)  # noqa: T201  for the person at the terminal
    await done.wait()
    await runtime.stop()


def _serve(settings: config.Settings, port: socket.socket) -> int:
    os.environ.update(_REFLEX | _reflex_folders(settings))
    # Reflex reads rxconfig.py from the current folder.
    with contextlib.chdir(files.ROOT):
        from vink_chat.vink_chat import app  # noqa: PLC0415  after Reflex's environment is set
    from vink_chat.web import build as pages  # noqa: PLC0415  the same
    from vink_chat.web import server as web  # noqa: PLC0415  the same

    pages.serve_built()

    application = app()
    # Everything created so far lives as long as the process, so the garbage collector need not scan it.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)
    server = web.server(application, settings)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[port])
    return 0 if server.started else 1


def _reflex_folders(settings: config.Settings) -> dict[str, str]:
    """Return the folder for Reflex's working files: an installed program uses its data folder."""
    if not files.IS_INSTALLED:
        return {}
    return {"REFLEX_WEB_WORKDIR": str(Path(settings.data).resolve() / "reflex")}


@contextlib.contextmanager
def _alone(settings: config.Settings):  # noqa: ANN202  a context of «nobody else serves this SQLite file»
    path = _sqlite_file(settings)
    if path is None:
        yield True
        return
    with path.with_suffix(".lock").open("w") as file:
        yield _locked(file)


def _sqlite_file(settings: config.Settings) -> Path | None:
    """Return the path of the SQLite file with links resolved, so that one file counts as one database."""
    if not settings.database_url.startswith("sqlite:///"):
        return None
    return Path(settings.database_url.removeprefix("sqlite:///")).resolve()


def _sqlite_trouble(settings: config.Settings) -> str:
    path = _sqlite_file(settings)
    return db_errors.check_file(path) if path else ""


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201  for the person at the terminal
    return 1


if __name__ == "__main__":
    sys.exit(main())
