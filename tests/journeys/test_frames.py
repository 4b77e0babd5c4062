"""The panel inside frames of other sites, and hostile values in a browser's storage and address."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Frame, async_playwright, expect

from tests import chromium
from tests.browser import new_page
from tests.journeys.visitor import Visitor, visitor
from tests.program import Server

pytestmark = pytest.mark.browser


@pytest.fixture
async def shop(shared_server: Server) -> AsyncIterator[str]:
    """Another site (localhost is not 127.0.0.1) with the panel in a frame, which `/?sandbox` puts into a sandbox."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readline()).decode()
        sandbox = "sandbox='allow-scripts'" if "sandbox" in line else ""
        frame = f"<iframe name=chat {sandbox} width=400 height=600 src='{shared_server.url}/embed'></iframe>"
        body = f"<!doctype html><title>Shop</title>{frame}"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://localhost:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()


@asynccontextmanager
async def as_people_have_it(folder: Path) -> AsyncIterator[Browser]:
    """Run Chromium without Playwright's own switches, which change how the storage of frames is kept apart."""
    executable = await asyncio.to_thread(chromium.find)
    # A blank page: the one for new tabs now and then does not let itself be connected to.
    switches = [
        "--headless=new",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
        *chromium.FLAGS,
        "about:blank",
    ]
    process = await asyncio.create_subprocess_exec(
        executable, *switches, stderr=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        assert process.stderr
        async with asyncio.timeout(60):
            while b"DevTools listening on " not in (line := await process.stderr.readline()):
                assert line, "Chromium ended"
        async with async_playwright() as playwright:
            yield await playwright.chromium.connect_over_cdp(line.decode().split()[-1])
    finally:
        # The whole group: what is found may be a script that starts the browser.
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _framed(browser: Browser, address: str) -> tuple[Visitor, Frame]:
    page = await new_page(browser)
    one = Visitor(page)
    await page.goto(address)
    frame = page.frame("chat")
    assert frame
    await expect(frame.locator('[data-chat="true"]')).to_be_visible(timeout=15_000)
    return one, frame


async def test_the_panel_works_in_a_frame_of_another_site_and_remembers(shop: str, tmp_path: Path):
    async with as_people_have_it(tmp_path) as browser:
        one, frame = await _framed(browser, shop)
        await frame.get_by_role("textbox", name="Сообщение").fill("Как оплатить заказ?")
        await frame.get_by_role("button", name="Отправить").click()
        await expect(frame.locator('[data-who="assistant"]')).to_contain_text("банковской картой")

        await one.page.reload()

        frame = one.page.frame("chat")
        assert frame
        await expect(frame.locator('[data-who="assistant"]')).to_contain_text("банковской картой", timeout=15_000)


async def test_the_panel_works_where_storage_throws(browser: Browser, shop: str):
    one, frame = await _framed(browser, f"{shop}/?sandbox")

    await frame.get_by_role("textbox", name="Сообщение").fill("Как оплатить заказ?")
    await frame.get_by_role("textbox", name="Сообщение").press("Enter")
    await expect(frame.locator('[data-who="assistant"]')).to_contain_text("банковской картой")
    await frame.get_by_role("textbox", name="Сообщение").fill("Где ближайший офис?")
    await frame.get_by_role("button", name="Отправить").click()
    await expect(frame.locator('[data-who="assistant"]')).to_have_count(2)
    await frame.get_by_role("button", name="Позвать оператора").click()
    await expect(frame.locator('[data-status="waiting"]')).to_be_visible()

    assert not [trouble for trouble in one.watch.troubles if trouble.startswith("uncaught")]


async def test_contacts_are_left_in_a_frame_that_may_send_no_forms(browser: Browser, shop: str):
    _, frame = await _framed(browser, f"{shop}/?sandbox")
    await frame.get_by_role("button", name="Позвать оператора").click()
    phone = frame.get_by_label("Телефон")

    await phone.fill("12")
    await frame.get_by_role("button", name="Оставить контакты").click()
    await expect(phone).to_have_accessible_description("Проверьте номер: в нём не хватает цифр.")
    await expect(phone).to_be_focused()
    await phone.fill("+7 903 000-00-00")
    await phone.press("Enter")

    await expect(frame.locator("[data-contact]")).to_contain_text("+7 903 000-00-00")


LONG = "аб вг\n" * 166_666 + "конц"
SCRIPT = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"


@pytest.mark.parametrize(
    "secret",
    ['["a"]', "x" * 1_000_000, SCRIPT, "null", "0" * 7, "e4eaaaf2-d142-11e1-b3e4-080027620cdd", "\x00" * 40],
    ids=["list", "megabyte", "html", "null", "short", "someone", "zeros"],
)
async def test_whatever_stands_in_storage_the_page_comes_up(browser: Browser, shared_server: Server, secret: str):
    page = await new_page(browser)
    await page.goto(f"{shared_server.url}/favicon.svg")
    keep = "value => { for (const name of ['zone', 'languages']) localStorage[`vink_${name}`] = value.slice(0, 9); "
    await page.evaluate(keep + "localStorage.vink_visitor = value }", secret)
    await page.evaluate(
        "value => { sessionStorage.vink_outbox = '{\"a\":1}'; sessionStorage.vink_draft = value }", secret
    )
    one = await Visitor(page).open(shared_server.url)

    assert await one.words() == []
    await one.box.fill("")
    await one.ask("Здравствуйте")
    assert await page.title() == "Чат с Винк"
    one.watch.check()


async def test_html_is_text_wherever_it_is_put(browser: Browser, shared_server: Server):
    one = await visitor(
        browser, f"{shared_server.url}/?page={SCRIPT}&referrer={SCRIPT}&lang={SCRIPT}", timezone_id="UTC"
    )

    await one.write(SCRIPT)
    await expect(one.own).to_have_count(1)
    await expect(one.own.locator(".words")).to_have_text(SCRIPT)
    await one.write(SCRIPT * 80)
    await expect(one.pending).to_contain_text("Слишком длинное сообщение")

    assert await one.page.locator("[data-log] img, [data-log] script").count() == 0
    assert await one.page.title() == "Чат с Винк"
    one.watch.check()


async def test_bad_input_gets_a_sentence_and_keeps_the_words(browser: Browser, shared_server: Server):
    one = await visitor(browser, shared_server.url)
    advice = one.page.locator("[data-advice]")

    await one.write("   ")
    await expect(one.box).to_be_focused()
    await expect(advice).to_be_empty()
    await one.box.fill("а" * 3900)
    await expect(one.page.locator("[data-counter]")).to_have_text("3900 / 4000")
    await expect(advice).to_be_empty()

    paste = "(box, text) => { box.value = text; box.dispatchEvent(new Event('input', {bubbles: true})) }"
    await one.box.evaluate(paste, LONG)
    await one.box.press("Enter")
    await expect(one.pending).to_contain_text("Слишком длинное сообщение: 1000000 знаков, а можно не больше 4000.")
    await one.pending.get_by_role("button", name="изменить").click()
    await expect(one.pending).to_have_count(0)
    assert len(await one.box.input_value()) == 1_000_000

    await one.write("\u200b")
    await expect(one.pending).to_contain_text("Напишите сообщение: пустое отправить нельзя.")
    await one.pending.get_by_role("button", name="изменить").click()

    await one.write("При\u0007вет, \u202eмир")
    await expect(one.own.locator(".words")).to_have_text("Привет, мир")
    one.watch.check()
