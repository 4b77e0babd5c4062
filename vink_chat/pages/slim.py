"""Leaves out of the built pages what none of them uses: a fifth of the first load.

The work is done by ``slim.js``, a plugin of the page builder; this hands it over.
"""

from pathlib import Path
from typing import Any, Final

from reflex.plugins import Plugin

_CONFIG: Final = "vite.config.js"
_HEAD: Final = "export default defineConfig"
_PLUGINS: Final = "alwaysUseReactDomServerNode(),"


class SlimPages(Plugin):
    """Adds ``slim.js`` to the plugins of the page builder."""

    def pre_compile(self, **context: Any) -> None:
        """Ask for the builder's configuration to be completed."""
        context["add_modify_task"](_CONFIG, _complete)


def _complete(config: str) -> str:
    if "slim()," in config:
        return config
    if _HEAD not in config or _PLUGINS not in config:
        message = f"{_CONFIG} has changed: {_HEAD!r} or {_PLUGINS!r} is gone, and slim.js has nowhere to go"
        raise RuntimeError(message)
    source = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return config.replace(_HEAD, f"{source}\n{_HEAD}", 1).replace(_PLUGINS, f"slim(),\n    {_PLUGINS}", 1)
