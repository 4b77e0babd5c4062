"""Checks the code that runs in browsers: form (Biome), types (TypeScript), modules without DOM (node --test).

The tools are pinned in ``package.json`` and ``bun.lock``; they are installed when that text has changed.
"""

import subprocess
import sys
from pathlib import Path

from vink_chat.web.build import environment

_LOCK = Path("bun.lock")
_STAMP = Path("node_modules/installed")
_TOOLS = Path("node_modules/.bin")


def main() -> int:
    """Run all checks, and return 0 when each of them passed."""
    if not _STAMP.is_file() or _STAMP.read_text(encoding="utf-8") != _LOCK.read_text(encoding="utf-8"):
        _run("bun", "install", "--frozen-lockfile", "--silent")
        _STAMP.write_text(_LOCK.read_text(encoding="utf-8"), encoding="utf-8")
    tests = sorted(str(path) for path in Path("tests/node").glob("*.test.js"))
    checks = (
        (str(_TOOLS / "biome"), "check", "--error-on-warnings"),
        (str(_TOOLS / "tsc"), "--project", "."),
        ("node", "--test", "--test-reporter=dot", *tests),
    )
    return max([_status(*command) for command in checks])


def _run(*command: str) -> None:
    if _status(*command):
        sys.exit(1)


def _status(*command: str) -> int:
    return subprocess.run(command, env=environment(), check=False).returncode  # noqa: S603  tools we pinned


if __name__ == "__main__":
    sys.exit(main())
