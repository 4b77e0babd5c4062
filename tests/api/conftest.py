"""The REST contract in this process, on a database of its own, and on a server as people run it."""

import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import pytest

from tests.program import Server, end
from vink_chat import conversations, handover, preferences
from vink_chat.api import contract
from vink_chat.conversations import Author, Conversation
from vink_chat.kit import rate_limit
from vink_chat.kit.db import Database
from vink_chat.kit.rate_limit import RateLimiter

_addresses = (f"198.51.{high}.{low}" for high, low in itertools.product(range(100, 256), range(1, 255)))


async def _nobody(scope, receive, send) -> None:
    message = f"{scope['path']} is not the contract's"
    raise AssertionError(message)


@dataclass
class Front:
    """A front end written for the replaced system."""

    client: httpx.AsyncClient
    token: str

    @property
    def owner(self) -> UUID:
        """The visitor behind the token."""
        return conversations.visitor_id(self.token)

    async def ask(self, content: object, path: str = "/api/v1/gpt") -> httpx.Response:
        """Send a JSON body."""
        return await self.client.post(path, json=content, headers={"chat-token": self.token})

    async def send(self, body: bytes, kind: str) -> httpx.Response:
        """Send a body as it is."""
        return await self.client.post(
            "/api/v1/gpt", content=body, headers={"chat-token": self.token, "content-type": kind}
        )

    async def read(self, path: str = "/api/v1/message") -> list[dict[str, str]]:
        """Read what is new."""
        answer = await self.client.get(path, headers={"chat-token": self.token})
        assert answer.status_code == 200, answer.text
        return answer.json()["messages"]


@pytest.fixture
def _quiet() -> Iterator[None]:
    rate_limit.use(RateLimiter())
    preferences.cache.clear()
    yield
    preferences.cache.clear()


def _client() -> httpx.AsyncClient:
    transport = httpx.ASGITransport(contract.LegacyApiMiddleware(_nobody), client=(next(_addresses), 1))
    return httpx.AsyncClient(transport=transport, base_url="http://chat.test")


@pytest.fixture
async def front(database: Database, _quiet: None) -> AsyncIterator[Front]:
    """A front end, on SQLite."""
    async with _client() as client:
        yield Front(client, str(uuid4()))


@pytest.fixture
async def any_front(any_database: Database, _quiet: None) -> AsyncIterator[Front]:
    """As `front`, but the test runs twice: on SQLite and on PostgreSQL."""
    async with _client() as client:
        yield Front(client, str(uuid4()))


@pytest.fixture(scope="session")
def rest_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that believes 127.0.0.1 who is asking, so that each test has an address and limits of its own."""
    server = Server(tmp_path_factory.mktemp("rest"), {"VINK_TRUSTED_PROXIES": "127.0.0.1"})
    server.start_now()
    yield server
    end([server])


@pytest.fixture
async def wire(rest_server: Server) -> AsyncIterator[Front]:
    """A front end of the running server, from an address of its own."""
    headers = {"x-forwarded-for": next(_addresses), "origin": "https://shop.example"}
    async with httpx.AsyncClient(base_url=rest_server.url, headers=headers, trust_env=False) as client:
        yield Front(client, str(uuid4()))


async def says(database: Database, owner: UUID, text: str, author: Author, *, note: bool = False) -> None:
    """Put our side's message into a visitor's conversation."""
    async with database.transaction() as tx:
        await conversations.post(tx, await _conversation(tx, owner), author, text, note=note)


async def calls_a_person(database: Database, owner: UUID) -> None:
    """Hand a visitor's conversation over."""
    async with database.transaction() as tx:
        await handover.request(tx, await _conversation(tx, owner), conversations.Reason.WORDS)


async def ends(database: Database, owner: UUID) -> None:
    """End a visitor's conversation as an operator does."""
    async with database.transaction() as tx:
        await handover.end(tx, await _conversation(tx, owner), conversations.Reason.FINISHED)


async def thread(database: Database, owner: UUID) -> list[str]:
    """Read what is stored of a visitor's thread."""
    async with database.reading() as tx:
        return [message.text for message in await conversations.thread(tx, owner)]


async def _conversation(tx, owner: UUID) -> Conversation:
    conversation = await conversations.newest(tx, owner)
    assert conversation is not None
    return conversation
