"""The tree that docs/architecture.md draws is the tree that stands, and its rules hold."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.workers import RUN_AGAIN
from vink_chat.conversations.lifecycle import MOVES

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "vink_chat"
TESTS = ROOT / "tests"
LONGEST = 400
FRAGMENT = 40
ROOMS = ("conversations", "handover", "knowledge", "operators", "preferences", "answering", "channels")
# One reader of conversations each: what it returns, and the statements that read it.
READERS = {f"conversations/{reader}.py" for reader in ("attention", "delivery", "overview", "queue", "visitors")}
STATEMENTS = {"select", "insert", "update", "delete", "text", "col"}


@cache
def _modules() -> list[tuple[Path, ast.Module]]:
    return [(path.relative_to(CODE), ast.parse(path.read_text())) for path in sorted(CODE.rglob("*.py"))]


def _drawn() -> set[str]:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return set(re.findall(r"^[├└]─ (\w+(?:/|\.py))", text, re.MULTILINE))


def _standing() -> set[str]:
    packages = {f"{path.parent.name}/" for path in CODE.glob("*/__init__.py")}
    return packages | {path.name for path in CODE.glob("*.py") if path.name != "__init__.py"}


def _tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("needs the git checkout")
    listed = subprocess.run(  # noqa: S603  git lists its own files
        [git, "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def test_the_drawn_tree_is_the_standing_one():
    assert _drawn() == _standing()


def test_the_drawn_moves_are_those_of_the_lifecycle():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^    ([A-Z]+) --> ([A-Z]+)", text, re.MULTILINE))

    assert drawn == {(before.name, after.name) for before, afters in MOVES.items() for after in afters}


def test_no_file_outgrows_its_idea():
    files = [path for folder in (CODE, TESTS) for path in folder.rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _fragments(folder: Path) -> set[str]:
    """Return the short files of a folder that only one other file imports: they belong into that file."""
    files = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    importers: dict[str, set[Path]] = {}
    for path, text in files.items():
        for name in _imported(ast.parse(text)):
            importers.setdefault(name, set()).add(path)
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in files}
    return {
        str(path.relative_to(ROOT))
        for name, path in modules.items()
        if len(files[path].splitlines()) < FRAGMENT and len(importers.get(name, set()) - {path}) == 1
    }


def test_no_file_is_a_fragment_of_the_only_one_that_imports_it():
    assert _fragments(CODE) | _fragments(TESTS) == set()


def test_every_module_says_what_belongs_there():
    assert [str(path) for path, tree in _modules() if not ast.get_docstring(tree)] == []


def test_the_environment_is_read_in_one_place():
    # A child's environment may be put together elsewhere; PATH is the machine's, not a setting of ours.
    asking = re.compile(r"os\.getenv\(|os\.environ(?:\.get\(|\[)(?!\s*[\"']PATH[\"'])|from os import")
    readers = [
        str(path) for path, _ in _modules() if path.name != "config.py" and asking.search((CODE / path).read_text())
    ]

    assert readers == []


def test_transactions_are_committed_in_one_place():
    committers = [
        f"{path}:{node.lineno}"
        for path, tree in _modules()
        if path.as_posix() != "kit/db.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]

    assert committers == []


def test_tables_are_nouns_and_stand_in_model_py():
    strays = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in _modules()
        if path.name != "model.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(keyword.arg == "table" for keyword in node.keywords)
    ]

    assert strays == []


def test_sql_is_written_in_a_rooms_store():
    strays = [
        f"{path}:{node.lineno}"
        for path, tree in _modules()
        if path.parts[0] in ROOMS and path.name != "model.py" and "store" not in (path.stem, *path.parts)
        if path.as_posix() not in READERS
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] in {"sqlalchemy", "sqlmodel"}
        and any(alias.name in STATEMENTS for alias in node.names)
    ]

    assert strays == []


def test_a_store_is_used_by_its_own_room_only():
    strays = []
    for path, tree in _modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("vink_chat."):
                continue
            names = [f"{node.module}.{alias.name}".split(".") for alias in node.names]
            strays += [f"{path}:{node.lineno}" for name in names if name[2:3] == ["store"] and name[1] != path.parts[0]]

    assert strays == []


def test_the_tests_need_no_bench():
    imports = re.compile(r"^\s*(?:from|import) bench\b", re.MULTILINE)

    assert [str(path) for path in (ROOT / "tests").rglob("*.py") if imports.search(path.read_text())] == []


def test_one_client_speaks_the_protocol_of_the_pages():
    written = [path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py")]

    assert {path.name for path in written if "transport=websocket" in path.read_text()} == {"wire.py", "test_tree.py"}


def test_three_tests_at_most_are_run_again_and_each_says_why():
    assert len(RUN_AGAIN) <= 3
    assert all(RUN_AGAIN.values())
    for name in RUN_AGAIN:
        path, _, function = name.partition("[")[0].partition("::")
        assert f"def {function}(" in (ROOT / path).read_text(), name


def test_no_file_knows_one_machine_or_one_registry():
    machine = re.compile(r"(?<![\w.])/(?:root|work|tmp|home|Users)/[a-z]")
    registry = re.compile(
        r"(?<!emit-)index-url|https?://[^\s\"']*(?:registry|artifactory|nexus|/simple\b|pypi\.)", re.IGNORECASE
    )
    told = []
    for path in _tracked():
        if path == Path(__file__) or path.suffix in {".png", ".jpg", ".ico", ".woff2", ".gz"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if machine.search(line) or registry.search(line):
                told.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")

    assert told == []
