"""What is installed is pinned, and the lock follows the requirements."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[\w,]+\])?==(\S+)$")


def _lines(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(("#", "-r "))]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _locked() -> list[tuple[str, set[str], str]]:
    """Return the names, extras and versions of the lock."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[([\w,-]+)\])?==([^\s;\\]+)", text, re.MULTILINE)
    return [(name, set(filter(None, extras.split(","))), version) for name, extras, version in found]


def test_the_package_asks_for_what_is_required():
    # pip reads requirements.txt, a wheel carries its own list; what only builds is left out of it.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    building = project["dependency-groups"]["build"]

    assert project["project"]["dependencies"] == [line for line in _lines("requirements.txt") if line not in building]
    assert set(building) <= set(_lines("requirements.txt"))
    assert project["build-system"]["requires"] == [line for line in building if line.startswith("hatchling==")]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_direct_requirement_is_pinned_exactly(name: str):
    assert [line for line in _lines(name) if not PIN.match(line)] == []


def test_the_lock_follows_the_requirements():
    locked = {name: version for name, _, version in _locked()}

    wanted = {_normal(found[1]): found[2] for line in _lines("requirements.txt") if (found := PIN.match(line))}

    assert {name: version for name, version in wanted.items() if locked.get(name) != version} == {}, "run `make lock`"


def test_the_lock_names_the_extras_that_are_asked_for():
    # pip takes «granian[reload]» for another requirement than «granian», and would look for its newest version.
    locked = {_normal(name): extras for name, extras, _ in _locked()}
    asked = [
        wish
        for one in metadata.distributions()
        if (extras := locked.get(_normal(one.name))) is not None
        for line in one.requires or []
        if (wish := Requirement(line)).extras and _applies(wish, extras)
    ]

    assert "granian" in {wish.name for wish in asked}
    assert [str(wish) for wish in asked if not wish.extras <= locked[_normal(wish.name)]] == []


def _applies(wish: Requirement, extras: set[str]) -> bool:
    return wish.marker is None or any(wish.marker.evaluate({"extra": extra}) for extra in (*extras, ""))


def test_what_installs_is_locked_in_the_version_that_locks():
    pinned = [line for line in _lines("requirements-dev.txt") if line.startswith("uv==")]

    assert pinned
    assert pinned == re.findall(r"^uv==\S+", (ROOT / "bin/uv.txt").read_text(), re.MULTILINE)
