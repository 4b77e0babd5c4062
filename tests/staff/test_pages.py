"""The pages at the entrance, as people see them."""

import re
from secrets import token_hex

import pytest
from playwright.async_api import Browser, expect

from tests.browser import PHONE, Watch, assert_accessible, new_page
from tests.program import Server
from tests.staff.conftest import LOGIN
from tests.wire import ROOT, Wire
from vink_chat.operators import OwnAccountDisabled

pytestmark = pytest.mark.browser
PEOPLE = f"{ROOT}.vink_chat___pages___admin___people_state____people_state"


async def test_one_signs_in_and_out(browser: Browser, office: Server):
    page = await new_page(browser)
    watch = Watch(page)
    await page.goto(f"{office.url}/desk/")
    await page.wait_for_url(re.compile("/sign-in"))
    await page.get_by_label("Логин").fill(LOGIN["login"])
    await page.get_by_label("Пароль").fill("not-this-one")
    await page.get_by_role("button", name="Войти").click()
    await expect(page.get_by_role("alert")).to_contain_text(re.compile("[А-я]"))

    await expect(page.get_by_label("Логин")).to_have_value(LOGIN["login"])
    await expect(page.get_by_label("Пароль")).to_be_focused()
    await expect(page.get_by_label("Пароль")).to_have_value("")
    await page.get_by_label("Пароль").fill(LOGIN["password"])
    await page.get_by_role("button", name="Войти").click()
    await page.wait_for_url(re.compile("/desk"))
    await expect(page.locator("[data-desk]")).to_be_visible()

    await page.locator("summary").first.click()
    await page.get_by_role("button", name="Выйти").click()
    await page.wait_for_url(re.compile("/sign-in"))
    # What tells a known device from a stranger's stays.
    assert [cookie["name"] for cookie in await page.context.cookies()] == ["vink_device"]
    await page.goto(f"{office.url}/desk/")
    await page.wait_for_url(re.compile("/sign-in"))
    # Nothing to explain: there is no session in this browser.
    await expect(page.get_by_label("Логин")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_text("")
    watch.check()


async def test_an_invitation_opens_the_desk_and_a_disabled_account_leaves_it(browser: Browser, office: Server):
    login, invited = f"newcomer-{token_hex(3)}", f"Новенькая {token_hex(3)}"
    admin = await new_page(browser)
    await admin.goto(f"{office.url}/sign-in")
    await admin.get_by_label("Логин").fill(LOGIN["login"])
    await admin.get_by_label("Пароль").fill(LOGIN["password"])
    await admin.get_by_role("button", name="Войти").click()
    await admin.wait_for_url(re.compile("/desk"))
    cookie = next(one["value"] for one in await admin.context.cookies() if one["name"] == "vink_session")

    async with Wire(office.url, cookie=cookie, path="/admin/operators") as wire:
        await wire.call(f"{PEOPLE}.invite", {"form": {"name": invited, "role": "operator"}})
        # By the invited name, which the person may change any moment.
        await wire.until(lambda: invited in [one["name"] for one in wire.shown[PEOPLE]["people"]], "the invited one")
        person = next(one["id"] for one in wire.shown[PEOPLE]["people"] if one["name"] == invited)
        link = wire.shown[PEOPLE]["link"]["text"]
        page = await new_page(browser)
        watch = Watch(page)
        await page.goto(link)
        await expect(page.get_by_role("heading", name="Добро пожаловать")).to_be_visible()
        await assert_accessible(page)
        await expect(page.get_by_label("Имя")).to_have_value(invited)
        await page.get_by_label("Имя").fill("Новая")
        await page.get_by_label("Логин").fill(login)
        await page.get_by_label("Пароль").fill(login)
        await page.get_by_role("button", name="Создать учётную запись").click()
        await expect(page.get_by_role("alert")).to_contain_text(re.compile("[А-я]"))
        await expect(page.get_by_label("Логин")).to_have_value(login)
        await expect(page.get_by_label("Имя")).to_have_value("Новая")
        await page.get_by_label("Пароль").fill(f"{login}-secret")
        await page.get_by_role("button", name="Создать учётную запись").click()
        await page.wait_for_url(re.compile("/desk"))
        await expect(page.get_by_role("heading", name="Новая")).to_be_visible()

        await wire.call(f"{PEOPLE}.disable", {"operator": person})

    await page.wait_for_url(re.compile("/sign-in"))
    await expect(page.get_by_role("alert")).to_have_text(OwnAccountDisabled.sentence)
    for password, sentence in (
        ("wrong-secret", "Неверный логин"),
        (f"{login}-secret", "Ваша учётная запись отключена."),
    ):
        await page.get_by_label("Логин").fill(login)
        await page.get_by_label("Пароль").fill(password)
        await page.get_by_role("button", name="Войти").click()
        await expect(page.get_by_role("alert")).to_contain_text(sentence)
    watch.check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/sign-in", "/welcome?token=spent"])
async def test_nothing_stands_in_anybodys_way(browser: Browser, office: Server, scheme: str, path: str):
    page = await new_page(browser, viewport=PHONE, color_scheme=scheme)
    await page.goto(office.url + path)
    await expect(page.get_by_role("heading")).to_be_visible()

    await assert_accessible(page)

    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
