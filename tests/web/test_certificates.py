"""The build trusts what the system trusts: behind a company's proxy every registry shows the company's certificate."""

import base64
import hashlib
import http.server
import io
import json
import shutil
import ssl
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from vink_chat.web import build

_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
_MADE_BY_OPENSSL = (
    f"req -x509 {_KEY} -days 2 -subj /CN=Company -keyout company.key -out company.crt",
    f"req {_KEY} -subj /CN=localhost -keyout site.key -out site.csr",
    "x509 -req -in site.csr -CA company.crt -CAkey company.key -CAcreateserial -days 2 -extfile names -out site.crt",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a company's certificate and one that it signed for `localhost`."""
    openssl = shutil.which("openssl") or pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    for command in _MADE_BY_OPENSSL:
        subprocess.run([openssl, *command.split()], cwd=folder, check=True, capture_output=True)  # noqa: S603
    return folder


def _package() -> bytes:
    """Return a package for npm with one file."""
    content = json.dumps({"name": "parcel", "version": "1.0.0"}).encode()
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as packed:
        entry = tarfile.TarInfo("package/package.json")
        entry.size = len(content)
        packed.addfile(entry, io.BytesIO(content))
    return file.getvalue()


@pytest.fixture
def registry(folder: Path) -> Iterator[str]:
    """The address of a registry with one package, its certificate signed by the company."""
    package = _package()

    class Registry(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tarball = self.path.endswith(".tgz")
            dist = {
                "tarball": f"{url}/parcel.tgz",
                "integrity": f"sha512-{base64.b64encode(hashlib.sha512(package).digest()).decode()}",
            }
            version = {"name": "parcel", "version": "1.0.0", "dist": dist}
            told = {"name": "parcel", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
            self.send_response(200)
            self.send_header("content-type", "application/octet-stream" if tarball else "application/json")
            self.end_headers()
            self.wfile.write(package if tarball else json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("localhost", 0), Registry)
    url = f"https://localhost:{server.server_port}"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "site.crt", folder / "site.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield url
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def _trusted(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    for name in ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"):
        monkeypatch.delenv(name, raising=False)
    trusted = ssl.DefaultVerifyPaths(str(folder / "company.crt"), None, "", "", "", "")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: trusted)


def _run(command: list[str], cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = build.environment() | {"BUN_INSTALL_CACHE_DIR": str(cwd / "cache")} | more
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.usefixtures("_trusted")
def test_bun_installs_from_a_registry_that_only_the_system_trusts(tmp_path: Path, registry: str):
    (tmp_path / "package.json").write_text('{"dependencies": {"parcel": "1.0.0"}}')

    done = _run(["bun", "install"], tmp_path, NPM_CONFIG_REGISTRY=registry, NO_PROXY="localhost")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "node_modules/parcel/package.json").exists()


@pytest.mark.usefixtures("_trusted")
def test_node_reads_from_a_site_that_only_the_system_trusts(tmp_path: Path, registry: str):
    done = _run(["node", "-e", f"fetch('{registry}/parcel').then(answer => console.log(answer.status))"], tmp_path)

    assert done.stdout.strip() == "200", done.stderr


def test_the_systems_certificates_are_found_where_nothing_names_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"):
        monkeypatch.delenv(name, raising=False)
    kept = tmp_path / "certificates.crt"
    kept.touch()
    monkeypatch.setattr(build, "_CERTIFICATES", ("/nowhere/certificates.crt", str(kept)))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: ssl.DefaultVerifyPaths(None, None, "", "", "", ""))

    environment = build.environment()

    assert environment["NODE_EXTRA_CA_CERTS"] == environment["SSL_CERT_FILE"] == str(kept)


def test_certificates_that_somebody_named_for_node_stay(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/of/the/company.pem")

    assert build.environment()["NODE_EXTRA_CA_CERTS"] == "/of/the/company.pem"
