"""What the wheel holds beside the package: the built pages, the migrations, and the files served as they are."""

from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SHIPPED: Final = "vink_chat/shipped"


class WheelContents(BuildHookInterface):
    """Puts them where ``vink_chat/kit/files.py`` looks for them; ``make wheel`` has built the pages before."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files.

        Raises:
            RuntimeError: The pages of the present sources are not built.
        """
        if version == "editable":
            return
        from vink_chat.web import build  # noqa: PLC0415  an editable install comes before what this needs

        if not build.is_fresh():
            message = "The pages are not built: make wheel does both."
            raise RuntimeError(message)
        root = Path(self.root)
        build_data["force_include"] |= {
            str(root / source): f"{_SHIPPED}/{target}"
            for source, target in (
                ("alembic", "alembic"),
                ("alembic.ini", "alembic.ini"),
                ("assets", "assets"),
                ("rxconfig.py", "rxconfig.py"),
                (build.folder(), "pages"),
            )
        }
        build_data["pure_python"] = True
