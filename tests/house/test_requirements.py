"""What is installed is pinned, and the lock follows the requirements."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[\w,]+\])?==(\S+)$")


def _lines(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(("#", "-r "))]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_direct_requirement_is_pinned_exactly(name: str):
    assert [line for line in _lines(name) if not PIN.match(line)] == []


def test_the_lock_follows_the_requirements():
    locked = dict(
        re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    )

    wanted = {_normal(found[1]): found[2] for line in _lines("requirements.txt") if (found := PIN.match(line))}

    assert {name: version for name, version in wanted.items() if locked.get(name) != version} == {}, "run `make lock`"


def test_what_installs_is_locked_in_the_version_that_locks():
    pinned = [line for line in _lines("requirements-dev.txt") if line.startswith("uv==")]

    assert pinned
    assert pinned == re.findall(r"^uv==\S+", (ROOT / "bin/uv.txt").read_text(), re.MULTILINE)
