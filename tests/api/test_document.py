"""The OpenAPI document tells the truth: schemathesis asks what it allows, and what it forbids."""

import asyncio
import json
import os
import sys
from pathlib import Path

from tests.program import Server
from tests.schema import ROOT
from vink_chat.api import contract, rest

DOCUMENT = json.loads(rest.DOCUMENT.read_text(encoding="utf-8"))


async def test_the_server_keeps_what_the_document_says(rest_server: Server, tmp_path: Path):
    ours = {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.api.schemathesis_hooks", "NO_COLOR": "1"}
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{rest_server.url}/api/openapi.json"),
        *("--checks", "all", "--continue-on-failure", "--max-examples", "60"),
        cwd=tmp_path,
        env={**os.environ, **ours},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )

    said = (await program.communicate())[0].decode()

    assert program.returncode == 0, said
    assert "No issues found" in said, said


def test_the_document_names_the_addresses_that_stand():
    assert set(DOCUMENT["paths"]) == {contract.ASK_PATHS[0], contract.READ_PATHS[0]}


def test_every_answer_has_an_example():
    operations = [operation for path in DOCUMENT["paths"].values() for operation in path.values()]
    answers = [answer for operation in operations for answer in operation["responses"].values()]
    bodies = [body for answer in answers for body in answer.get("content", {}).values()]

    assert bodies
    assert all("example" in body or "examples" in body for body in bodies)
