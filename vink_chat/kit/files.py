"""Where the program's own files stand: in the tree it is started from, or inside the package when it is installed."""

from pathlib import Path
from typing import Final

_SHIPPED: Final = Path(__file__).resolve().parents[1] / "shipped"

IS_INSTALLED: Final = _SHIPPED.is_dir()
"""A wheel brings everything along (see ``bin/wheel_contents.py``); the source tree has no such folder."""

ROOT: Final = _SHIPPED if IS_INSTALLED else Path()
ASSETS: Final = ROOT / "assets"
MIGRATIONS: Final = ROOT / "alembic.ini"
PAGES: Final = _SHIPPED / "pages"
"""The built pages of an installed program."""
