"""Puts our own React components and their modules where the page builder finds them.

They stand in the tree beside the Python that uses them, and are copied with the same paths, so one imports another by
the same relative path in both places. They are bundled with the pages and served nowhere by themselves.
"""

from pathlib import Path
from typing import Any, Final

from reflex.plugins import Plugin

_PACKAGE: Final = Path(__file__).parents[1]
_KINDS: Final = (".js", ".jsx")


class BrowserCode(Plugin):
    """Adds our browser code to what the page builder bundles."""

    def pre_compile(self, **context: Any) -> None:
        """Ask for the sources to be copied."""
        context["add_save_task"](sources)


def sources() -> list[tuple[str, str]]:
    """Return each source with its path below the builder's folder, which is that below the project's."""
    paths = (path for kind in _KINDS for path in _PACKAGE.rglob(f"*{kind}"))
    return [(path.relative_to(_PACKAGE.parent).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(paths)]
