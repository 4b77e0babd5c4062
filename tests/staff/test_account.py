"""What somebody who is signed in may change about themselves."""

import re
from collections.abc import AsyncIterator
from secrets import token_hex

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import PHONE, Watch, assert_accessible, new_page
from tests.program import Server
from tests.wire import ROOT, Wire
from vink_chat import operators
from vink_chat.kit.db import Database
from vink_chat.operators import Role

pytestmark = pytest.mark.browser
ACCOUNT = f"{ROOT}.vink_chat___pages___staff___account____account"
PASSWORD = "correct-horse"


@pytest.fixture
async def database(office: Server) -> AsyncIterator[Database]:
    """The program's own."""
    found = Database(office.settings["VINK_DATABASE_URL"])
    yield found
    await found.close()


@pytest.fixture
async def login(database: Database) -> str:
    """An operator of this test alone."""
    made = f"olga-{token_hex(3)}"
    async with database.transaction() as tx:
        token = await operators.invite(tx, "Ольга", Role.OPERATOR)
    await operators.accept(database.transaction, token, made, PASSWORD)
    return made


async def entered(browser: Browser, office: Server, login: str, password: str = PASSWORD, **options) -> Page:
    page = await new_page(browser, **options)
    await page.goto(f"{office.url}/sign-in")
    await page.get_by_label("Логин").fill(login)
    await page.get_by_label("Пароль").fill(password)
    await page.get_by_role("button", name="Войти").click()
    await page.wait_for_url(re.compile("/desk"))
    return page


async def test_one_takes_another_name_and_another_password(browser: Browser, office: Server, login: str):
    elsewhere = await entered(browser, office, login)
    desk = await entered(browser, office, login)
    await desk.get_by_label("Меню").click()
    async with desk.context.expect_page() as opened:
        await desk.get_by_role("link", name="Моя учётная запись").click()
    page = await opened.value
    watch = Watch(page)
    await expect(page.get_by_label("Имя")).to_have_value("Ольга")
    await assert_accessible(page)

    await page.get_by_label("Имя").fill("Ольга Ивановна")
    await page.get_by_role("button", name="Сохранить", exact=True).click()
    await expect(page.get_by_role("status")).to_have_text("Сохранено")
    await page.get_by_label("Нынешний пароль").fill("not-this-one")
    await page.get_by_label("Новый пароль").fill("battery-staple")
    await page.get_by_role("button", name="Сменить пароль").click()
    await expect(page.get_by_role("alert")).to_contain_text("Нынешний пароль неверен.")
    await page.get_by_label("Нынешний пароль").fill(PASSWORD)
    await page.get_by_role("button", name="Сменить пароль").click()
    await expect(page.get_by_role("status")).to_have_text("Сохранено")
    await expect(page.get_by_label("Новый пароль")).to_have_value("")

    # The other browser is out; this one stays, under the new name.
    await elsewhere.wait_for_url(re.compile("/sign-in"))
    await expect(page.locator("[data-session]")).to_have_count(1)
    await page.get_by_role("link", name="Рабочее место").click()
    await expect(page.get_by_role("heading", name="Ольга Ивановна")).to_be_visible()
    await entered(browser, office, login, "battery-staple")
    watch.check()


async def test_one_ends_ones_other_sessions(browser: Browser, office: Server, login: str):
    elsewhere, third = [await entered(browser, office, login) for _ in range(2)]
    page = await entered(browser, office, login, viewport=PHONE)
    await page.goto(f"{office.url}/account")
    sessions = page.locator("[data-session]")
    await expect(sessions).to_have_count(3)
    await expect(sessions.filter(has_text="этот браузер")).to_have_count(1)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await sessions.get_by_role("button", name=re.compile("Завершить")).first.click()
    await expect(sessions).to_have_count(2)
    await page.get_by_role("button", name="Выйти на остальных устройствах").click()

    await expect(sessions).to_have_count(1)
    for other in (elsewhere, third):
        await other.wait_for_url(re.compile("/sign-in"))
        await expect(other.get_by_role("alert")).to_have_text(operators.SessionEnded.sentence)


async def test_nobody_ends_anothers_session(office: Server, database: Database, login: str):
    boss = await operators.sign_in(database.transaction, "boss", "boss-secret-1")
    async with database.reading() as tx:
        asking = await operators.session_operator(tx, boss)
    assert asking
    own = await operators.sign_in(database.transaction, login, PASSWORD)

    async with Wire(office.url, cookie=own, path="/account") as wire:
        await wire.call(f"{ACCOUNT}.revoke", {"session": str(asking.session_id)})
        await wire.until(lambda: wire.shown[ACCOUNT].get("refusal"), "a refusal")

    async with database.reading() as tx:
        assert await operators.session_operator(tx, boss)
