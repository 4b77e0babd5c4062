"""Find a Chromium for the browser journeys; `python -m tests.chromium` installs one when there is none."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from playwright.sync_api import sync_playwright

# The headless shell draws the same for three quarters of the processor time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
)


@cache
def find() -> str:
    """Return the path of a Chromium, or an empty string."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else ""


def _install() -> None:
    playwright = (sys.executable, "-m", "playwright")
    root = os.geteuid() == 0 and shutil.which("apt-get")
    apt = ("apt-get", "install", "-y", "--no-install-recommends")
    # What Playwright's own Chromium needs beside itself is installed once that Chromium is here.
    if _did(*playwright, "install", "chromium"):
        _did(*playwright, "install-deps", "chromium")
    elif root and _did("apt-get", "update"):
        any(_did(*apt, name) for name in _NAMES[:2])
    find.cache_clear()


def _did(*command: str) -> bool:
    sys.stdout.write(f"{' '.join(command)}\n")
    sys.stdout.flush()
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603  the commands above, word for word


def main() -> int:
    """Print where Chromium is, having installed it if need be."""
    if not find():
        _install()
    sys.stdout.write(f"Chromium: {find() or 'not found: install the package chromium, then try again'}\n")
    return 0 if find() else 1


if __name__ == "__main__":
    sys.exit(main())
