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


_PLAYWRIGHT = (sys.executable, "-m", "playwright")
_APT = ("apt-get", "install", "-y", "--no-install-recommends")


@cache
def find() -> str:
    """Return the path of a Chromium, or an empty string."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    if not _drives():
        return ""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else ""


def _drives() -> bool:
    """Whether Playwright itself runs: its Node wants a library that the smallest systems lack."""
    return subprocess.run([*_PLAYWRIGHT, "--version"], check=False, capture_output=True).returncode == 0  # noqa: S603


def _install() -> None:
    apt = os.geteuid() == 0 and shutil.which("apt-get") and _did("apt-get", "update")
    if apt and not _drives():
        _did(*_APT, "libatomic1")
    find.cache_clear()
    if find():
        return
    # What Playwright's own Chromium needs beside itself is installed once that Chromium is here.
    if _did(*_PLAYWRIGHT, "install", "chromium"):
        _did(*_PLAYWRIGHT, "install-deps", "chromium")
    elif apt:
        _did(*_APT, _NAMES[0]) or _did(*_APT, _NAMES[1])
    find.cache_clear()


def _did(*command: str) -> bool:
    sys.stdout.write(f"{' '.join(command)}\n")
    sys.stdout.flush()
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603  the commands above, word for word


def main() -> int:
    """Print where Chromium is, having installed it if need be."""
    if not (_drives() and find()):
        _install()
    found = find() if _drives() else ""
    sys.stdout.write(
        f"Chromium: {found or 'not found: install the packages chromium and libatomic1, then try again'}\n"
    )
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
