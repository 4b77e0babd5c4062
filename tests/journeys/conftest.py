"""One server for everything that tries to harm one."""

from collections.abc import Iterator

import pytest

from tests.program import Server, end


@pytest.fixture(scope="module")
def hardened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A started server whose log must stay clean, whatever a module of tests does to it."""
    server = Server(tmp_path_factory.mktemp("hardened"))
    server.start_now()
    yield server
    end([server])
