"""A started program with one administrator, for the tests of the entrance."""

from collections.abc import Iterator

import httpx
import pytest

from tests.program import Server, end

LOGIN = {"login": "boss", "password": "boss-secret-1"}


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The program; its first administrator comes from the settings, and passwords take the time they take."""
    settings = {"VINK_ADMIN_LOGIN": LOGIN["login"], "VINK_ADMIN_PASSWORD": LOGIN["password"]}
    made = Server(tmp_path_factory.mktemp("office"), settings)
    made.cheap = False
    made.start_now()
    yield made
    end([made])


@pytest.fixture
def client(office: Server) -> Iterator[httpx.Client]:
    """A browser's HTTP side, without cookies."""
    with httpx.Client(base_url=office.url, trust_env=False, headers={"Origin": office.url}) as client:
        yield client
