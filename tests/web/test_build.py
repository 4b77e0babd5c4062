"""The pages are built from the present sources and from nothing else."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from vink_chat.web import build


def test_a_copy_that_is_newer_than_its_source_does_not_get_into_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "vink_chat").mkdir()
    (tmp_path / ".web/public").mkdir(parents=True)
    (tmp_path / ".web/public/desk.js").write_text("of yesterday")
    monkeypatch.chdir(tmp_path)

    def export(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        client = tmp_path / ".web/build/client"
        client.mkdir(parents=True)
        for path in (tmp_path / ".web/public").glob("*"):
            (client / path.name).write_text(path.read_text())
        (client / "widget.js").write_text("")
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(subprocess, "run", export)
    monkeypatch.setattr(build, "digest", lambda: "present")
    monkeypatch.setattr(build, "_minify", lambda path: None)

    build.build()

    assert not (tmp_path / ".web/built/present/desk.js").exists()
