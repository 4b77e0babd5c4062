"""Paths of the program's own files: in the source tree, or inside the installed package."""

from pathlib import Path
from typing import Final

_SHIPPED: Final = Path(__file__).resolve().parents[1] / "shipped"

IS_INSTALLED: Final = _SHIPPED.is_dir()
"""Whether the program runs from a wheel, which contains this folder (see ``bin/wheel_contents.py``)."""

ROOT: Final = _SHIPPED if IS_INSTALLED else Path()
ASSETS: Final = ROOT / "assets"
MIGRATIONS: Final = ROOT / "alembic.ini"
PAGES: Final = _SHIPPED / "pages"
"""The built pages of an installed program."""
