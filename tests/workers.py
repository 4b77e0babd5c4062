"""Which worker runs which tests, and in what order; `pytest -n` asks the two hooks."""

from collections.abc import Generator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# The tests of these folders share a server, so a folder goes to one worker; everything else goes file by file.
_WHOLE = {"desk", "journeys", "admin", "widget", "walk", "staff", "api"}
# The first server builds the pages, and meanwhile the others had better not wait for them; then the longest.
_EARLY = ["desk", "handover", "answering", "journeys", "admin", "widget"]
_ORDER = [*_EARLY, "walk", "channels", "staff", "api", "jobs", "house"]


class _ByServer(LoadScopeScheduling):
    """Give one worker all tests that share a server."""

    def _split_scope(self, nodeid: str) -> str:
        path = Path(nodeid.split("::", 1)[0])
        return path.parent.name if path.parent.name in _WHOLE else str(path)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Say who runs what when there are several workers."""
    return _ByServer(config, log)


# Tests that failed once and passed the next time, by the reason we know. They alone are run again, and the list only
# shrinks: what fails is mended or stands here, and tests/house/test_tree.py lets three stand here at most.
RUN_AGAIN: dict[str, str] = {}

# Whoever has one of these starts another process: a browser, a database server, the program itself. The emulated Bot
# API is served in the same process, but a hundred HTTP calls over a socket for each test take most of a minute.
_PROCESSES = {
    *("browser", "page", "people_browser", "postgres_server", "valkey", "valkey_url"),
    *("server", "make_server", "make_program", "shared_server", "rest_server"),
    *("office", "shop", "staffed", "chat", "front", "walked", "make_disk", "hardened", "edge"),
    "bot",
}
_ALL_OF_THEM = {"crash", "jobs", "walk"}


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Mark the tests of `make check`, and put all into a good order after others have chosen and shuffled them."""
    for item in items:
        fixtures: set[str] = set(getattr(item, "fixturenames", ()))
        apart = any(item.get_closest_marker(name) for name in ("browser", "servers", "long"))
        if not apart and not fixtures & _PROCESSES and item.path.parent.name not in _ALL_OF_THEM:
            item.add_marker("inside")
        if item.nodeid in RUN_AGAIN:
            item.add_marker(pytest.mark.flaky(reruns=2))
    yield
    items.sort(key=lambda item: _ORDER.index(name) if (name := item.path.parent.name) in _ORDER else len(_ORDER))
