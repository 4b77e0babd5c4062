"""Additions to the page builder: our Vite plugins, and the sources of our React components.

``slim.js`` drops unused library code from the built pages, a fifth of the first load; ``dev.js`` serves ``make dev`` on
one port.
"""

from pathlib import Path
from typing import Any, Final

from reflex.plugins import Plugin

_PACKAGE: Final = Path(__file__).parents[1]
_BROWSER_CODE: Final = (".js", ".jsx")
_FOLDER: Final = Path(__file__).with_name("vite")
_CONFIG: Final = "vite.config.js"
_HEAD: Final = "export default defineConfig"
_PLUGINS: Final = "alwaysUseReactDomServerNode(),"
_OURS: Final = {"slim.js": "slim()", "dev.js": "onePort()"}


class SlimPages(Plugin):
    """Adds our Vite plugins to those of the page builder."""

    def pre_compile(self, **context: Any) -> None:
        """Register the change of the builder's configuration."""
        context["add_modify_task"](_CONFIG, _complete)


def _complete(config: str) -> str:
    if "slim()," in config:
        return config
    if _HEAD not in config or _PLUGINS not in config:
        message = f"{_CONFIG} has changed: {_HEAD!r} or {_PLUGINS!r} is gone, so our plugins cannot be inserted"
        raise RuntimeError(message)
    sources = "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in _OURS)
    calls = "".join(f"{call},\n    " for call in _OURS.values())
    return config.replace(_HEAD, f"{sources}\n{_HEAD}", 1).replace(_PLUGINS, f"{calls}{_PLUGINS}", 1)


class BrowserCode(Plugin):
    """Copies our React components and their modules to the page builder.

    They are kept beside the Python that uses them, and copied with the same paths, so relative imports work in both
    places. They are bundled with the pages and not served by themselves.
    """

    def pre_compile(self, **context: Any) -> None:
        """Register the sources for copying."""
        context["add_save_task"](sources)


def sources() -> list[tuple[str, str]]:
    """Return each source with its path, the same below the builder's folder as below the project."""
    paths = (path for kind in _BROWSER_CODE for path in _PACKAGE.rglob(f"*{kind}"))
    return [(path.relative_to(_PACKAGE.parent).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(paths)]
