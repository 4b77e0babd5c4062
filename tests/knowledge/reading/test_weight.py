"""The server's start and memory do not grow with what the readers need."""

import json
import subprocess
import sys

import pytest

PARSERS = {
    "charset_normalizer",
    "docx",
    "lxml",
    "pdfminer",
    "pdfplumber",
    "PIL",
    "protego",
    "python_calamine",
    "trafilatura",
}

SERVER = "import json, sys, vink_chat.bootstrap, vink_chat.knowledge.reading"


@pytest.mark.long
def test_the_server_loads_no_parser():
    loaded = subprocess.run(  # noqa: S603  our own interpreter
        [sys.executable, "-c", f"{SERVER}; print(json.dumps([*sys.modules]))"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert PARSERS & {name.partition(".")[0] for name in json.loads(loaded)} == set()
