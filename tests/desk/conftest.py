"""One shop for all tests of the desk: the program, its people, and the emulated model it asks."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.desk.shop import Shop
from tests.emulators.yandexgpt import API_KEY, FOLDER
from tests.program import Server, end, environment
from tests.schema import ROOT
from tests.servers import free_port


@pytest.fixture(scope="package")
def model() -> Iterator[str]:
    """The address of an emulated YandexGPT that answers at once; `#refusal` and the like make it fail."""
    port = free_port()
    command = [sys.executable, "-m", "tests.emulators.yandexgpt", "--port", str(port), "--latency", "0", "--pace", "0"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment({}), stdout=subprocess.DEVNULL)  # noqa: S603
    deadline = time.monotonic() + 60
    while not _listens(port):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="package")
def shop(tmp_path_factory: pytest.TempPathFactory, model: str) -> Iterator[Shop]:
    """The running program with Анна (administrator), Олег and Вера; its log must stay clean."""
    folder = tmp_path_factory.mktemp("desk")
    yandex = {"VINK_YANDEX_API_KEY": API_KEY, "VINK_YANDEX_FOLDER_ID": FOLDER, "VINK_YANDEX_BASE_URL": model}
    made = Shop(Server(folder, yandex))
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, made.hire()).result()
    made.server.start_now()
    yield made
    end([made.server])


@pytest.fixture
async def staffed(shop: Shop) -> Shop:
    """The shop with everybody on shift."""
    await shop.shift()
    return shop


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
