"""What we add to the page builder: our Vite plugins, and the sources of our React components.

``slim.js`` leaves out of the built pages what none of them uses, a fifth of the first load; ``dev.js`` serves ``make
dev`` on one port.
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
    """Adds our plugins to those of the page builder."""

    def pre_compile(self, **context: Any) -> None:
        """Ask for the builder's configuration to be completed."""
        context["add_modify_task"](_CONFIG, _complete)


def _complete(config: str) -> str:
    if "slim()," in config:
        return config
    if _HEAD not in config or _PLUGINS not in config:
        message = f"{_CONFIG} has changed: {_HEAD!r} or {_PLUGINS!r} is gone, and our plugins have nowhere to go"
        raise RuntimeError(message)
    sources = "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in _OURS)
    calls = "".join(f"{call},\n    " for call in _OURS.values())
    return config.replace(_HEAD, f"{sources}\n{_HEAD}", 1).replace(_PLUGINS, f"{calls}{_PLUGINS}", 1)


class BrowserCode(Plugin):
    """Puts our React components and their modules where the page builder finds them.

    They stand beside the Python that uses them, and are copied with the same paths, so one imports another by the same
    relative path in both places. They are bundled with the pages and served nowhere by themselves.
    """

    def pre_compile(self, **context: Any) -> None:
        """Ask for the sources to be copied."""
        context["add_save_task"](sources)


def sources() -> list[tuple[str, str]]:
    """Return each source with its path below the builder's folder, which is that below the project's."""
    paths = (path for kind in _BROWSER_CODE for path in _PACKAGE.rglob(f"*{kind}"))
    return [(path.relative_to(_PACKAGE.parent).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(paths)]
