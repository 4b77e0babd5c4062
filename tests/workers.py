"""Which worker runs which tests, and in what order; `pytest -n` asks the two hooks."""

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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests into a good order, after all others have shuffled them."""
    items.sort(key=lambda item: _ORDER.index(name) if (name := item.path.parent.name) in _ORDER else len(_ORDER))
