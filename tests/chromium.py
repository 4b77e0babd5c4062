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
    ways = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        ways += [["apt-get", "update"]]
        ways += [["apt-get", "install", "-y", "--no-install-recommends", name] for name in _NAMES[:2]]
    for way in ways:
        sys.stdout.write(f"No Chromium yet: {' '.join(way[-4:])}\n")
        sys.stdout.flush()
        subprocess.run(way, check=False)  # noqa: S603  the commands above, word for word
        find.cache_clear()
        if find():
            return


def main() -> int:
    """Print where Chromium is, having installed it if need be."""
    if not find():
        _install()
    sys.stdout.write(f"Chromium: {find() or 'not found: install the package chromium, then try again'}\n")
    return 0 if find() else 1


if __name__ == "__main__":
    sys.exit(main())
