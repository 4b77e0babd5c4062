"""`make dev`: the pages on one port as in production, and anew when their source changes."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.browser import Watch, new_page
from tests.program import Program
from tests.schema import ROOT
from tests.servers import free_port

LOGIN = {"login": "boss", "password": "boss-secret-1"}
PAGE = Path("vink_chat/pages/visitor/page.py")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the project that a test may change."""
    copy = tmp_path / "sources"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.mark.browser
async def test_it_serves_on_one_port_and_draws_a_changed_page_anew(
    make_program, browser: Browser, sources: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Program, "forked", False)
    monkeypatch.setattr(Program, "cwd", sources)
    port = free_port()
    url = f"http://localhost:{port}"
    settings = {"VINK_ADMIN_LOGIN": LOGIN["login"], "VINK_ADMIN_PASSWORD": LOGIN["password"], "VINK_PORT": str(port)}
    program = make_program("dev", settings=settings)

    program.launch()
    await asyncio.to_thread(program.wait_until, lambda: _answers(f"{url}/healthz"), "the server behind the pages")

    page = await new_page(browser)
    watch = Watch(page)
    # React's advice while a page is drawn anew; nothing of it is said in production.
    watch.allowed.append("Encountered a script tag while rendering React component")
    await page.goto(f"{url}/")
    await expect(page.locator("[data-chat=true]")).to_be_attached(timeout=60_000)
    await page.goto(f"{url}/sign-in/")
    await page.get_by_label("Логин").fill(LOGIN["login"])
    await page.get_by_label("Пароль").fill(LOGIN["password"])
    await page.get_by_role("button", name="Войти").click()
    await page.wait_for_url("**/desk/", timeout=60_000)

    await page.goto(f"{url}/")
    await expect(page.locator("[data-chat=true]")).to_be_attached(timeout=60_000)
    source = (sources / PAGE).read_text(encoding="utf-8")
    changed = source.replace('class_name="bg-(--ground)",', 'class_name="bg-(--ground)", id="changed",', 1)
    assert changed != source
    (sources / PAGE).write_text(changed, encoding="utf-8")

    await expect(page.locator("main#changed")).to_be_attached(timeout=60_000)
    await expect(page.locator("[data-chat=true]")).to_be_attached(timeout=60_000)
    watch.check()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).is_success
    except httpx.HTTPError:
        return False
