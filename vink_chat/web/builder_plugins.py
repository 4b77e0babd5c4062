"""Hands our plugins to the page builder.

``slim.js`` leaves out of the built pages what none of them uses, a fifth of the first load; ``dev.js`` serves ``make
dev`` on one port.
"""

from pathlib import Path
from typing import Any, Final

from reflex.plugins import Plugin

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
